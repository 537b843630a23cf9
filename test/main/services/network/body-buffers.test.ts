// Bodies that arrive in memory used again: whatever the server sends and however it is cut, the bytes are the right ones,
// and one buffer after another is not made.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { BodyBuffers } from '../../../../src-main/services/network/body-buffers.ts';
import { createHttpClient } from '../../../../src-main/services/network/http-client.ts';
import { selfSigned } from '../../../support/self-signed.ts';

const body = randomBytes(20_000_000);
const certificate = selfSigned('localhost');

const answer: RequestListener = (request, response) => {
  if (request.url === '/whole') response.end(body);
  else {
    // Without a length, in pieces that share packets.
    for (let at = 0; at < body.length; at += 10_007) response.write(body.subarray(at, at + 10_007));
    response.end();
  }
};

test.each([
  ['http', '/whole', true],
  ['http', '/pieces', false],
  ['https', '/whole', true],
  ['https', '/pieces', false],
])('%s %s, read by somebody slow', async (protocol, path, reused) => {
  const server = protocol === 'http' ? createServer(answer) : createSecureServer(certificate, answer);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const endpoint = `${protocol}://localhost:${(server.address() as AddressInfo).port}`;
  const buffers = new BodyBuffers();
  const http = createHttpClient({
    endpoint: () => endpoint,
    proxyFor: async () => null,
    onRequest: () => {},
    certificates: certificate.cert,
    buffers,
  });
  onTestFinished(async () => {
    await http.close();
    server.closeAllConnections();
    server.close();
  });
  const response = await http.request(`${endpoint}${path}`, { reason: 'download', redirect: 'follow' });
  const hash = createHash('sha256');
  const memory = new Set<ArrayBufferLike>();
  let chunks = 0;
  for await (const chunk of response.body) {
    if (chunks++ % 3 === 0) await turn();
    hash.update(chunk);
    memory.add(chunk.buffer);
    buffers.release(chunk);
  }
  expect(hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
  if (reused) expect(memory.size).toBeLessThan(chunks);
});
