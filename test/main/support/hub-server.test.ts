// The fake Hugging Face itself: what other tests rely on, and that it does the same in a process of its own.
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { HubServer } from '../../support/hub-server/hub-control.ts';
import { startHubProcess } from '../../support/hub-server/hub-process.ts';
import { startHubServer } from '../../support/hub-server/hub-server.ts';

const SIZE = 1_000_000;
const PATH = 'm.gguf';
let hub: HubServer;

afterEach(() => hub.close());

async function start(starting: () => Promise<HubServer> = startHubServer): Promise<string> {
  hub = await starting();
  const content = { kind: 'generated', sizeBytes: SIZE, seed: 5 } as const;
  await hub.addRepository({ name: 'user/name', files: [{ path: PATH, content }] });
  return `${hub.endpoint}/user/name/resolve/main/${PATH}`;
}

async function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { headers });
}

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe.each([
  ['inside the test', startHubServer],
  ['in a process', startHubProcess],
])('%s', (_where, starting) => {
  it('sends what it says it sends', async () => {
    const url = await start(starting);
    const { sha256 } = await hub.facts('user/name', PATH);
    const whole = await bytesOf(await get(url));
    expect(hash(whole)).toBe(sha256);
    const part = await get(url, { range: 'bytes=65530-131080' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 65530-131080/${SIZE}`);
    expect((await bytesOf(part)).equals(whole.subarray(65_530, 131_081))).toBe(true);
    expect(await hub.bytesSent('user/name', PATH)).toBe(SIZE + 65_551);
    expect((await hub.requests()).map(({ kind, status }) => [kind, status])).toEqual([
      ['resolve', 302],
      ['cdn', 200],
      ['resolve', 302],
      ['cdn', 206],
    ]);
  });
});

it('answers conditions and ranges as it should', async () => {
  const url = await start();
  const { etag } = await hub.facts('user/name', PATH);
  const range = 'bytes=10-19';
  expect((await get(url, { range, 'if-range': `"${etag}"` })).status).toBe(206);
  expect((await get(url, { range, 'if-range': '"other"' })).status).toBe(200);
  expect((await get(url, { range: `bytes=${SIZE}-` })).status).toBe(416);
  expect(await bytesOf(await get(url, { range: 'bytes=-5' }))).toHaveLength(5);
});

it('breaks off, flips, ignores and replaces as told, as often as told', async () => {
  const url = await start();
  const whole = await bytesOf(await get(url));
  await hub.setFaults('user/name', PATH, {
    dropAfter: { bytes: 1000, times: 1 },
    flipBit: { at: 70_000, times: 1 },
    ignoreRange: { times: 1 },
  });
  await expect(get(url).then(bytesOf)).rejects.toThrow();
  const second = await get(url, { range: 'bytes=70000-70001' });
  expect(second.status).toBe(200);
  const flipped = await bytesOf(second);
  expect(flipped[70_000]).toBe(whole[70_000]! ^ 1);
  expect((await bytesOf(await get(url))).equals(whole)).toBe(true);
  const before = await hub.facts('user/name', PATH);
  await hub.replaceFile('user/name', PATH, { kind: 'generated', sizeBytes: SIZE, seed: 6 });
  const after = await hub.facts('user/name', PATH);
  expect(after.etag).not.toBe(before.etag);
  expect(after.commit).not.toBe(before.commit);
  expect(hash(await bytesOf(await get(url)))).toBe(after.sha256);
});

it('refuses links that have run out or were made up', async () => {
  const url = await start();
  const link = (await fetch(url, { redirect: 'manual' })).headers.get('location')!;
  expect((await get(link)).status).toBe(200);
  expect((await get(link.replace(/signature=./, 'signature=x'))).status).toBe(403);
  await hub.expireLinks();
  expect((await get(link)).status).toBe(403);
  await hub.setLinkLifetime(-1);
  expect((await get(url)).status).toBe(403);
});
