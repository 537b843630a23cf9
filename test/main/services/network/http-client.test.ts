// The one way out: what it refuses, what it never sends along, and what it says when something breaks.
import { createServer as createTcpServer } from 'node:net';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../../src-main/services/network/http-client.ts';
import type {
  HttpClient,
  HttpClientOptions,
  HttpRequest,
  HttpResponse,
  RequestRecord,
} from '../../../../src-main/services/network/http-types.ts';
import { until } from '../../../support/wired-app.ts';

const GET: HttpRequest = { reason: 'download', redirect: 'follow' };
const closing: (() => unknown)[] = [];
const records: RequestRecord[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  records.length = 0;
});

async function serve(answer: RequestListener): Promise<{ origin: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const created = createHttpClient({
    endpoint: () => 'http://127.0.0.1:1',
    proxyFor: async () => null,
    onRequest: (record) => void records.push(record),
    ...options,
  });
  closing.push(() => created.close());
  return created;
}

async function textOf(response: HttpResponse): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('tokens and redirects', () => {
  it('sends the token to the origin it was meant for and to no other: catches tokens that leak to a CDN', async () => {
    const files = await serve((_request, response) => response.end('bytes'));
    const hub = await serve((_request, response) =>
      response.writeHead(302, { location: `${files.origin}/signed` }).end(),
    );
    const response = await client().request(`${hub.origin}/a`, { ...GET, token: 'hf_secret' });
    expect(await textOf(response)).toBe('bytes');
    expect(response.url).toBe(`${files.origin}/signed`);
    expect(hub.seen[0]!.headers.authorization).toBe('Bearer hf_secret');
    expect(files.seen[0]!.headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(files.seen[0]!.headers)).not.toContain('hf_secret');
  });

  it('keeps the token on a redirect within the origin, and drops it for good on the way back from another', async () => {
    const hub = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(307, { location: '/new' }).end();
      else if (request.url === '/new') response.writeHead(302, { location: `${other.origin}/` }).end();
      else response.end('back');
    });
    const other = await serve((_request, response) =>
      response.writeHead(302, { location: `${hub.origin}/back` }).end(),
    );
    await textOf(await client().request(`${hub.origin}/old`, { ...GET, token: 'hf_secret' }));
    expect(hub.seen.map((request) => request.headers.authorization !== undefined)).toEqual([
      true,
      true,
      false,
    ]);
    expect(other.seen[0]!.headers.authorization).toBeUndefined();
  });

  it('refuses an authorization header given by hand: catches a way around the rule', async () => {
    const request = { ...GET, headers: { Authorization: 'Bearer x' } };
    await expect(client().request('http://127.0.0.1:1/', request)).rejects.toThrow('`token`');
  });

  it('gives up after five redirects: catches a loop', async () => {
    const server = await serve((_request, response) => response.writeHead(302, { location: '/' }).end());
    await expect(client().request(server.origin, GET)).rejects.toMatchObject({ code: 'network-failed' });
    expect(server.seen).toHaveLength(6);
  });

  it('gives a redirect back unread when asked to', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: 'https://example.com/x' }).end(),
    );
    const response = await client().request(server.origin, { ...GET, redirect: 'return', method: 'HEAD' });
    expect(response).toMatchObject({ status: 302, headers: { location: 'https://example.com/x' } });
  });
});

describe('allowed addresses', () => {
  const hub = 'https://huggingface.co';
  const mirror = 'https://hf-mirror.com';
  const loopback = 'http://127.0.0.1:80';
  it.each([
    ['http://huggingface.co/a', hub, 'insecure'],
    ['https://example.com/a', hub, 'another host'],
    ['https://huggingface.co.example.com/a', hub, 'a host that begins like it'],
    ['https://evilhuggingface.co/a', hub, 'a host that ends like it'],
    ['https://cdn.hf-mirror.com/a', hub, 'a mirror nobody set'],
    ['http://127.0.0.1:9/a', hub, 'this machine, while the hub is outside'],
    ['https://localhost/a', hub, 'this machine, securely'],
    ['http://hf-mirror.com/a', mirror, 'an insecure mirror'],
    ['file:///etc/passwd', loopback, 'a file'],
    ['ftp://127.0.0.1/a', loopback, 'another protocol'],
    ['https://user:word@huggingface.co/a', hub, 'with credentials'],
    ['nonsense', hub, 'no address'],
  ])('refuses %s (hub at %s): %s', async (url, endpoint, _why) => {
    const proxyFor = () => Promise.reject(new Error('Nothing may leave'));
    const http = client({ endpoint: () => endpoint, proxyFor });
    await expect(http.request(url, GET)).rejects.toMatchObject({ code: 'network-blocked' });
    expect(records).toEqual([]);
  });

  it.each([
    ['https://huggingface.co/a', hub],
    ['https://us.aws.cdn.hf.co/a', hub],
    ['https://hf.co/a', hub],
    ['https://cas-bridge.xethub.hf.co/a', hub],
    ['https://cdn.hf-mirror.com/a', mirror],
    ['https://huggingface.co/a', mirror],
  ])('lets %s through (hub at %s)', async (url, endpoint) => {
    const http = client({ endpoint: () => endpoint, proxyFor: () => Promise.reject(new Error('allowed')) });
    await expect(http.request(url, GET)).rejects.toThrow('allowed');
  });

  it('refuses what a redirect leads to: catches checks of the first address only', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: 'https://example.com/x' }).end(),
    );
    await expect(client().request(server.origin, GET)).rejects.toMatchObject({
      code: 'network-blocked',
      details: { host: 'example.com' },
    });
  });
});

describe('what breaks', () => {
  it('notices silence in the middle of a body: catches downloads that hang for ever', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('some');
    });
    const response = await client({ timeouts: { silenceMs: 200 } }).request(server.origin, GET);
    await expect(textOf(response)).rejects.toMatchObject({ code: 'download-stalled' });
  });

  it('does not take a reader who is slow for a server that is silent', async () => {
    const server = await serve((_request, response) => response.end(Buffer.alloc(8_000_000)));
    const response = await client({ timeouts: { silenceMs: 200 } }).request(server.origin, GET);
    let bytes = 0;
    for await (const chunk of response.body) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 700));
      bytes += chunk.length;
    }
    expect(bytes).toBe(8_000_000);
  });

  it('notices that no answer comes at all', async () => {
    const server = await serve(() => {});
    const request = client({ timeouts: { headersMs: 200 } }).request(server.origin, GET);
    await expect(request).rejects.toMatchObject({ code: 'download-stalled' });
  });

  it('says which host broke off', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('some', () => response.destroy());
    });
    const response = await client().request(server.origin, GET);
    await expect(textOf(response)).rejects.toMatchObject({
      code: 'network-failed',
      details: { host: new URL(server.origin).host },
    });
  });

  it('says so when nobody listens', async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(client().request(`http://127.0.0.1:${port}/`, GET)).rejects.toMatchObject({
      code: 'network-failed',
    });
  });

  it('stops at once when it is given up, before and in the body', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/body') response.writeHead(200, { 'content-length': 1000 }).write('some');
    });
    const first = new AbortController();
    const waiting = client().request(server.origin, { ...GET, signal: first.signal });
    await until(() => server.seen.length === 1);
    first.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    const second = new AbortController();
    const response = await client().request(`${server.origin}/body`, { ...GET, signal: second.signal });
    const reading = textOf(response);
    second.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the record of requests', () => {
  it('names every hop, failed and given-up ones too, and no address: catches gaps in the ledger', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/from?secret=1') response.writeHead(302, { location: '/to' }).end();
      else if (request.url === '/break') response.destroy();
      else response.end('x'.repeat(5000));
    });
    const http = client();
    await textOf(await http.request(`${server.origin}/from?secret=1`, { ...GET, reason: 'search' }));
    await http.request(`${server.origin}/break`, GET).catch(() => {});
    await http.request(server.origin, { ...GET, signal: AbortSignal.abort() }).catch(() => {});
    (await http.request(server.origin, { ...GET, method: 'HEAD', reason: 'token' })).discard();
    await until(() => records.length === 5);
    const { host } = new URL(server.origin);
    expect(records.map(({ reason, method, status }) => [reason, method, status])).toEqual([
      ['search', 'GET', 302],
      ['search', 'GET', 200],
      ['download', 'GET', null],
      ['download', 'GET', null],
      ['token', 'HEAD', 200],
    ]);
    expect(new Set(records.map((record) => record.host))).toEqual(new Set([host]));
    expect(records[1]!.receivedBytes).toBeGreaterThan(5000);
    expect(records[1]!.sentBytes).toBeGreaterThan(20);
    expect(JSON.stringify(records)).not.toContain('secret=1');
  });

  it('counts what was read of a body that was discarded in the middle', async () => {
    const server = await serve((_request, response) => response.end(Buffer.alloc(3_000_000)));
    const response = await client().request(server.origin, GET);
    for await (const chunk of response.body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await until(() => records.length === 1);
    expect(records[0]!.receivedBytes).toBeLessThan(3_000_000);
  });
});

describe('what a hostile server leads to', () => {
  it.each(['http://[', 'http://127.0.0.1:99999/'])(
    'a redirect to %j is refused, written down, and its connection given up: catches rows that are missing',
    async (location) => {
      const server = await serve((_request, response) => {
        response.writeHead(302, { location, 'content-length': 1_000_000 });
        response.write('never ends');
      });
      await expect(client().request(server.origin, GET)).rejects.toMatchObject({ code: 'network-failed' });
      await until(() => records.length === 1);
      expect(records[0]).toMatchObject({ status: 302, host: new URL(server.origin).host });
    },
  );
});
