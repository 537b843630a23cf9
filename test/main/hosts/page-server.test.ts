// Whoever reaches the loopback port must not reach the app: other pages, other names for this address, other users.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Port } from '#rpc/port.ts';
import { startPageServer, type PageServer } from '../../../src-main/hosts/browser/page-server.ts';

const SECRET = 's'.repeat(43);
let folder: string;
let server: PageServer;
let ports: Port[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lapidary-page-'));
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html><title>Page</title>');
  writeFileSync(join(folder, 'page', 'assets', 'main-abc123.js'), 'export {};');
  writeFileSync(join(folder, 'page', 'assets', 'lint-worker-a_B-1.js'), 'export {};');
  writeFileSync(join(folder, 'page', 'assets', 'harper-abc123.wasm'), '');
  writeFileSync(join(folder, 'private.html'), 'private');
  ports = [];
  server = await startPageServer({
    folder: join(folder, 'page'),
    port: 0,
    connect: (port) => void ports.push(port),
  });
  server.trust(SECRET);
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: server.port, path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asking.on('error', reject).end();
  });
}

async function enter(): Promise<{ cookie: string }> {
  const { pathname, search } = new URL(server.newAddress());
  const { headers } = await ask(pathname + search);
  return { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}

/** The outcome of an upgrade: 'open', or the status it was refused with. */
function openSocket(headers: Record<string, string>): Promise<'open' | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket`, { headers });
  return new Promise((resolve) => {
    socket.once('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

const origin = (): string => `http://127.0.0.1:${server.port}`;

it('lets a browser in once per address, and again by its cookie (an address in a log would open the app)', async () => {
  const { pathname, search } = new URL(server.newAddress());
  const first = await ask(pathname + search);
  expect(first.status).toBe(303);
  expect(first.headers.location).toBe('/');
  expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/);
  expect((await ask(pathname + search)).status).toBe(401);
  const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  for (const reload of [1, 2]) expect((await ask('/', { cookie })).status, `load ${reload}`).toBe(200);
});

it('refuses every file without a session (the page would tell that Lapidary runs, and more)', async () => {
  for (const path of ['/', '/assets/main-abc123.js', '/?token=wrong', '/nothing']) {
    expect((await ask(path)).status, path).toBe(401);
  }
  expect((await ask('/', { cookie: `lapidary-${server.port}=wrong` })).status).toBe(401);
});

it('refuses other names for its address (DNS rebinding) and other origins (pages from elsewhere)', async () => {
  const { cookie } = await enter();
  for (const host of [
    'evil.example',
    `evil.example:${server.port}`,
    `localhost:${server.port}`,
    '127.0.0.1:1',
  ]) {
    expect((await ask('/', { cookie, host })).status, host).toBe(421);
  }
  for (const foreign of [
    'http://evil.example',
    'null',
    'http://127.0.0.1:1',
    `https://127.0.0.1:${server.port}`,
  ]) {
    expect((await ask('/', { cookie, origin: foreign })).status, foreign).toBe(403);
  }
});

it('sends the strict policy with every answer and never a CORS header (a lost header is silent)', async () => {
  const { cookie } = await enter();
  for (const answer of [await ask('/', { cookie }), await ask('/'), await ask('/none', { cookie })]) {
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

it('lets the spelling worker compile its binary, and nothing but that worker', async () => {
  const { cookie } = await enter();
  const policyOf = async (path: string): Promise<string> =>
    String((await ask(path, { cookie })).headers['content-security-policy']);
  expect(await policyOf('/assets/lint-worker-a_B-1.js')).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
  );
  for (const path of ['/', '/assets/main-abc123.js', '/assets/x/lint-worker-1.js', '/lint-worker-1.js']) {
    expect(await policyOf(path), path).not.toContain('unsafe');
  }
  const binary = await ask('/assets/harper-abc123.wasm', { cookie });
  expect(binary.headers['content-type']).toBe('application/wasm');
});

it('serves hashed files for good and the page anew (an update would show the old page)', async () => {
  const { cookie } = await enter();
  const script = await ask('/assets/main-abc123.js', { cookie });
  expect(script.headers['content-type']).toContain('text/javascript');
  expect(script.headers['cache-control']).toContain('immutable');
  expect((await ask('/', { cookie })).headers['cache-control']).toBe('no-cache');
});

it('never leaves the folder of the page (any file of the person could be read)', async () => {
  const { cookie } = await enter();
  const paths = [
    '/../private.html',
    '/%2e%2e/private.html',
    '/..%2fprivate.html',
    '/assets/..%5c..%5cprivate.html',
  ];
  for (const path of [...paths, '//private.html', '/%00private.html', '/%', '/assets/../../private.html']) {
    const { status, body } = await ask(path, { cookie });
    expect(status, path).toBe(404);
    expect(body).not.toContain('private');
  }
});

it('opens a socket only to its own page with a session (another page would speak for the person)', async () => {
  const { cookie } = await enter();
  expect(await openSocket({ cookie, origin: origin() })).toBe('open');
  expect(await openSocket({ origin: origin() })).toBe(403);
  expect(await openSocket({ cookie })).toBe(403);
  expect(await openSocket({ cookie, origin: 'http://evil.example' })).toBe(403);
  expect(await openSocket({ cookie, origin: origin(), host: 'evil.example' })).toBe(403);
  expect(ports).toHaveLength(1);
});

it('keeps what the page says before the app listens (the first questions would be lost)', async () => {
  const { cookie } = await enter();
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket`, {
    headers: { cookie, origin: origin() },
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"early":1}');
  socket.send('not JSON');
  await expect.poll(() => ports.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const received: unknown[] = [];
  ports[0]?.onMessage((message) => received.push(message));
  expect(received).toEqual([{ early: 1 }, undefined]);
  const closed = new Promise<void>((resolve) => ports[0]?.onClose(resolve));
  socket.terminate();
  await closed;
});

it('gives new addresses to whoever knows the secret, and to nobody else', async () => {
  expect((await ask('/address', {}, 'POST')).status).toBe(401);
  expect((await ask('/address', { authorization: 'Bearer wrong' }, 'POST')).status).toBe(401);
  const { status, body } = await ask('/address', { authorization: `Bearer ${SECRET}` }, 'POST');
  expect(status).toBe(200);
  const { pathname, search } = new URL(body);
  expect((await ask(pathname + search)).status).toBe(303);
});

it('lets a link from another page in by asking once more (a strict cookie is not sent along with it)', async () => {
  const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect((await ask('/', foreign)).headers['refresh']).toBe('0');
  expect(
    (await ask('/', { ...foreign, 'sec-fetch-site': 'same-origin' })).headers['refresh'],
  ).toBeUndefined();
});

it('listens on 127.0.0.1 and on no other address of this computer', async () => {
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect(server.port, '127.0.0.2');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  expect(reached).toBe(false);
});
