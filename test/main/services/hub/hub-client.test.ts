// What a hub, or a mirror of it, can answer to do harm: sizes, addresses and detours that no honest one sends.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HubClient } from '../../../../src-main/services/hub/hub-client.ts';
import { RemoteHeaders } from '../../../../src-main/services/hub/remote-header.ts';
import { createHttpClient } from '../../../../src-main/services/network/http-client.ts';
import { AppError } from '#contract/errors.ts';

const ASKING = { reason: 'download' } as const;
const SOURCE = { repository: 'user/name', revision: 'main' };

async function serve(answer: RequestListener): Promise<{ origin: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function clientOf(origin: string) {
  const http = createHttpClient({
    endpoint: () => origin,
    proxyFor: async () => null,
    onRequest: () => {},
  });
  onTestFinished(() => http.close());
  const endpoint = { address: origin, mirror: true, takesToken: true };
  return { http, client: new HubClient({ http, endpoint: () => endpoint, token: () => 'hf_secret' }) };
}

describe('where the bytes are', () => {
  it.each(['-5', '', '1e3', '0x10', '9007199254740993', 'many'])(
    'a size of %j is no size: catches sums and ranges that go wrong',
    async (size) => {
      const { origin } = await serve((_request, response) =>
        response.writeHead(200, { 'x-linked-size': size }).end(),
      );
      const resolving = clientOf(origin).client.resolve(SOURCE, 'm.gguf', ASKING);
      await expect(resolving).rejects.toMatchObject({ code: 'hub-unavailable' });
    },
  );

  it.each(['http://[', 'http://127.0.0.1:99999/'])(
    'a redirect to %j is the connection’s failure',
    async (location) => {
      const { origin } = await serve((_request, response) => response.writeHead(302, { location }).end());
      const resolving = clientOf(origin).client.resolve(SOURCE, 'm.gguf', ASKING);
      await expect(resolving).rejects.toMatchObject({ code: 'network-failed' });
    },
  );

  it('a detour by another host costs the token for good: catches pages of the hub that others choose', async () => {
    const hub = await serve((request, response) => {
      if (request.url === '/chosen') response.writeHead(200, { 'content-length': 5 }).end();
      else response.writeHead(302, { location: `${other.origin}/` }).end();
    });
    const other = await serve((_request, response) =>
      response.writeHead(302, { location: `${hub.origin}/chosen` }).end(),
    );
    const resolved = await clientOf(hub.origin).client.resolve(SOURCE, 'm.gguf', ASKING);
    expect(resolved).toMatchObject({ url: `${hub.origin}/chosen`, token: null });
    expect(hub.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer hf_secret', undefined]);
  });
});

it('lists sizes below nothing as unknown', async () => {
  const { origin } = await serve((_request, response) =>
    response.end(
      JSON.stringify({
        sha: 'a'.repeat(40),
        siblings: [
          { rfilename: 'a.gguf', size: -1 },
          { rfilename: 'b.gguf', size: 0.5, lfs: { size: -7 } },
        ],
      }),
    ),
  );
  const address = { repository: 'user/name', revision: 'main', path: null, quantization: null };
  const { models } = await clientOf(origin).client.repository(address, ASKING);
  expect(models.map(({ sizeBytes }) => sizeBytes)).toEqual([null, null]);
});

describe('a header by ranges', () => {
  const incomplete = (path: string): Promise<never> =>
    Promise.reject(
      new AppError('model-incomplete', 'Too little', { details: { file: path.split(/[\\/]/).at(-1)! } }),
    );

  function headersOf(origin: string): RemoteHeaders {
    return new RemoteHeaders({ ...clientOf(origin), inspect: incomplete });
  }

  const files = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ path: `${index}.gguf`, sizeBytes: null, sha256: null }));

  it('ends when a server answers ranges with nothing: catches an endless loop', async () => {
    const hub = await serve((request, response) => {
      response.writeHead(request.method === 'HEAD' ? 200 : 206, { 'x-linked-size': '5000000' }).end();
    });
    const reading = headersOf(hub.origin).read({ ...SOURCE, files: files(1) }, AbortSignal.timeout(5000));
    await expect(reading).rejects.toMatchObject({ code: 'model-incomplete' });
  });

  it('of many files that always want more ends within bounds: catches a full disk of temporary files', async () => {
    const megabytes = Buffer.alloc(70 * 1_048_576);
    let sentBytes = 0;
    const hub = await serve((request, response) => {
      response.writeHead(request.method === 'HEAD' ? 200 : 206, {
        'x-linked-size': String(megabytes.length),
      });
      const [from = 0, to = 0] = (/\d+-\d+/.exec(request.headers.range ?? '')?.[0] ?? '0-0')
        .split('-')
        .map(Number);
      if (request.method === 'GET') sentBytes += to + 1 - from;
      response.end(request.method === 'HEAD' ? undefined : megabytes.subarray(from, to + 1));
    });
    const named = files(8);
    let asked = 0;
    // Asks for more of each in turn, as a hostile header in every part would.
    const inspect = (): Promise<never> => incomplete(`${asked++ % named.length}.gguf`);
    const headers = new RemoteHeaders({ ...clientOf(hub.origin), inspect });
    const reading = headers.read({ ...SOURCE, files: named }, AbortSignal.timeout(20_000));
    await expect(reading).rejects.toMatchObject({ code: 'model-incomplete' });
    expect(sentBytes).toBeLessThanOrEqual(256 * 1_048_576);
  });
});
