// Ways past a proxy: chosen as the person, the system or the environment says; never for this machine itself.
import { createServer } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createHttpClient } from '../../../../src-main/services/network/http-client.ts';
import type { HttpClient } from '../../../../src-main/services/network/http-types.ts';
import {
  proxyAddress,
  proxyOfEnvironment,
  proxyOfPac,
} from '../../../../src-main/services/network/proxy-choice.ts';
import { selfSigned } from '../../../support/self-signed.ts';
import { startProxy, type TestProxy } from '../../../support/test-proxy.ts';

const certificate = selfSigned('huggingface.co');
const seen: (string | undefined)[] = [];
const hub = createServer(certificate, (request, response) => {
  seen.push(request.headers.authorization);
  if (request.url === '/stalls') response.writeHead(200, { 'content-length': 1000 }).write('some');
  else response.end(`hello ${request.headers.host}`);
});
let hubPort: number;
let clients: HttpClient[] = [];
let proxies: TestProxy[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  hubPort = (hub.address() as AddressInfo).port;
});
afterAll(async () => {
  for (const client of clients) await client.close();
  for (const proxy of proxies) proxy.close();
  hub.close();
});

async function through(status: number): Promise<{ http: HttpClient; proxy: TestProxy }> {
  const proxy = await startProxy(hubPort, status);
  const http = clientBy(proxy.address);
  proxies.push(proxy);
  return { http, proxy };
}

function clientBy(address: string): HttpClient {
  const http = createHttpClient({
    endpoint: () => 'https://huggingface.co',
    proxyFor: async () => address,
    onRequest: () => {},
    certificates: certificate.cert,
    timeouts: { connectMs: 5000, headersMs: 1000, silenceMs: 500 },
  });
  clients.push(http);
  return http;
}

/** A proxy that answers with `talk`, or not at all. */
async function startTcpProxy(talk: (socket: Socket) => void = () => {}): Promise<string> {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As much of SOCKS 5 as it takes to get a tunnel. */
function tunnelBySocks(socket: Socket): void {
  socket.once('data', () => {
    socket.write(Buffer.from([5, 0]));
    socket.once('data', () => {
      const target = connect(hubPort, '127.0.0.1', () => {
        socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        target.pipe(socket).pipe(target);
      });
      target.on('error', () => socket.destroy());
    });
  });
}

const GET = { reason: 'search', redirect: 'follow' } as const;

describe('a request by way of a proxy', () => {
  it('goes through its tunnel, where the proxy sees neither token nor address', async () => {
    const { http, proxy } = await through(200);
    const response = await http.request('https://huggingface.co/secret-page', { ...GET, token: 'hf_secret' });
    const chunks: Buffer[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('hello huggingface.co');
    expect(seen).toEqual(['Bearer hf_secret']);
    expect(proxy.tunnels).toEqual(['huggingface.co:443']);
    expect(JSON.stringify(proxy.headers)).not.toMatch(/hf_secret|secret-page/);
  });

  it.each([403, 407, 502])('that refuses with %i is the proxy’s failure', async (status) => {
    const { http } = await through(status);
    await expect(http.request('https://huggingface.co/', GET)).rejects.toMatchObject({
      code: 'proxy-failed',
    });
  });

  it('that is not there is the proxy’s failure', async () => {
    const { proxy } = await through(200);
    proxy.close();
    const http = clientBy(proxy.address);
    await expect(http.request('https://huggingface.co/', GET)).rejects.toMatchObject({
      code: 'proxy-failed',
    });
  });

  // Catches downloads that hang for ever behind a dead proxy.
  it('that takes the call and stays silent is the proxy’s failure', async () => {
    const http = clientBy(`http://${await startTcpProxy()}`);
    await expect(http.request('https://huggingface.co/', GET)).rejects.toMatchObject({
      code: 'proxy-failed',
    });
  });

  it.each(['http', 'socks5'])(
    'that stays silent (%s) is given up at once when the person stops',
    async (kind) => {
      const { promise: called, resolve } = Promise.withResolvers<void>();
      const address = await startTcpProxy(() => resolve());
      const http = createHttpClient({
        endpoint: () => 'https://huggingface.co',
        proxyFor: async () => `${kind}://${address}`,
        onRequest: () => {},
        timeouts: { connectMs: 60_000, headersMs: 60_000 },
      });
      clients.push(http);
      const stop = new AbortController();
      const waiting = http.request('https://huggingface.co/', { ...GET, signal: stop.signal });
      await called;
      stop.abort();
      await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    },
  );

  it('of the kind SOCKS tells silence in a body too: catches a watchdog that only some ways have', async () => {
    const http = clientBy(`socks5://${await startTcpProxy(tunnelBySocks)}`);
    const response = await http.request('https://huggingface.co/stalls', GET);
    const reading = (async () => {
      for await (const chunk of response.body) expect(chunk.toString()).toBe('some');
    })();
    await expect(reading).rejects.toMatchObject({ code: 'download-stalled' });
  });

  it('is not taken for this machine itself', async () => {
    const { proxy } = await through(200);
    const http = createHttpClient({
      endpoint: () => 'http://127.0.0.1:1',
      proxyFor: async () => proxy.address,
      onRequest: () => {},
    });
    clients.push(http);
    await expect(http.request('http://127.0.0.1:1/', GET)).rejects.toMatchObject({ code: 'network-failed' });
    expect(proxy.tunnels).toEqual([]);
  });

  it('still checks whose certificate it is: catches a proxy that reads along', async () => {
    const proxy = await startProxy(hubPort, 200);
    proxies.push(proxy);
    const http = createHttpClient({
      endpoint: () => 'https://huggingface.co',
      proxyFor: async () => proxy.address,
      onRequest: () => {},
    });
    clients.push(http);
    await expect(http.request('https://huggingface.co/', GET)).rejects.toMatchObject({
      code: 'network-failed',
      details: { host: 'huggingface.co' },
    });
  });
});

describe('choosing a proxy', () => {
  it.each([
    ['DIRECT', null],
    ['', null],
    ['PROXY proxy.example:8080; DIRECT', 'http://proxy.example:8080'],
    ['HTTPS proxy.example:443', 'https://proxy.example:443'],
    ['SOCKS5 proxy.example:1080;DIRECT', 'socks5://proxy.example:1080'],
  ])('from the answer of a proxy script: %s', (answer, proxy) => {
    expect(proxyOfPac(answer)).toBe(proxy);
  });

  it('refuses a kind it can not speak, rather than going past it', () => {
    expect(() => proxyOfPac('SOCKS4 proxy.example:1080; DIRECT')).toThrow('not supported');
  });

  it.each([
    [{}, null],
    [{ HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    [{ https_proxy: 'p:1' }, 'http://p:1'],
    [{ HTTP_PROXY: 'http://p:1' }, null],
    [{ ALL_PROXY: 'socks5h://p:1' }, 'socks5://p:1'],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, null],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.com, .hf.co' }, null],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'cdn.hf.co:8080' }, 'http://p:1'],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'cdn.hf.co:443' }, null],
    [{ HTTPS_PROXY: 'http://p:1', no_proxy: 'f.co' }, 'http://p:1'],
  ])('from the environment: %j', (environment, proxy) => {
    expect(proxyOfEnvironment('https://cdn.hf.co/a', environment)).toBe(proxy);
  });

  it('refuses what is no address', () => {
    expect(() => proxyAddress('gopher://p')).toThrow('Not the address of a proxy');
    expect(() => proxyAddress('not one')).toThrow('Not the address of a proxy');
  });
});
