// Everything that a hub may answer instead of a file: each becomes the right words for the person, what passes is waited
// for, and nothing that was fetched is lost.
import { expect, test } from 'vitest';
import type { Download } from '#contract/downloads.ts';
import {
  add,
  bigModel,
  downloadWhen,
  expectDone,
  MODEL_BYTES,
  MODEL_FILE,
  ON_ITS_WAY,
  pauseHalfWay,
  REPOSITORY,
  sentBytes,
  sourceOf,
  startDownloadTest,
  type DownloadTest,
} from '../support/downloads.ts';

const MB = 1_000_000;

async function failed(wired: DownloadTest, id: number): Promise<Download> {
  return downloadWhen(wired, id, ({ state }) => state === 'failed');
}

test('a gated model: first a token is asked for, then the terms, then it comes', async () => {
  const wired = await startDownloadTest({ gated: 'auto', accepted: ['hf_ada'] });
  const { client, hub } = wired;
  await hub.setTokens({ hf_ada: 'ada', hf_bob: 'bob' });
  const { id } = await add(client, await sourceOf(hub));
  expect((await failed(wired, id)).failure).toMatchObject({
    code: 'hub-gated',
    details: { repository: REPOSITORY },
  });
  await client.call('hub.setToken', { token: 'hf_bob' });
  await client.call('downloads.resume', { id });
  await downloadWhen(wired, id, ({ failure }) => failure?.code === 'hub-licence-pending');
  await client.call('hub.setToken', { token: 'hf_ada' });
  await client.call('downloads.resume', { id });
  await expectDone(wired, id);
  // The second origin is somebody else: catches a token that follows the redirect.
  const cdn = (await hub.requests()).filter(({ kind }) => kind === 'cdn');
  expect(cdn.length).toBeGreaterThan(0);
  expect(cdn.filter(({ headers }) => 'authorization' in headers)).toEqual([]);
});

test('a private or missing repository, and a file that is gone, are told apart', async () => {
  const wired = await startDownloadTest();
  const { client, hub } = wired;
  const source = await sourceOf(hub);
  const nowhere = await add(client, { ...source, repository: 'ada/nothing' });
  expect((await failed(wired, nowhere.id)).failure).toMatchObject({
    code: 'hub-not-found',
    details: { repository: 'ada/nothing' },
  });
  await hub.removeFile(REPOSITORY, MODEL_FILE);
  const { id } = await add(client, source);
  expect((await failed(wired, id)).failure).toMatchObject({
    code: 'hub-file-missing',
    details: { path: MODEL_FILE },
  });
});

test('429: it waits as long as the hub asks for, says until when, and goes on by itself', async () => {
  const wired = await startDownloadTest();
  const { client, hub } = wired;
  await hub.failRequests({ kind: 'resolve', status: 429, times: 1, headers: { 'retry-after': '2' } });
  const { id } = await add(client, await sourceOf(hub));
  const waiting = await downloadWhen(wired, id, ({ failure }) => failure !== null);
  expect(waiting).toMatchObject({
    state: 'waiting',
    failure: { code: 'hub-rate-limited', details: { seconds: 2 } },
    retryAt: expect.any(Number),
  });
  await expectDone(wired, id);
});

test('429 from the host of the bytes, in the middle', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const { client, hub } = wired;
  const id = await pauseHalfWay(wired);
  await hub.failRequests({ kind: 'cdn', status: 429, times: 1, headers: { 'retry-after': '1' } });
  await client.call('downloads.resume', { id });
  await downloadWhen(wired, id, ({ failure }) => failure?.code === 'hub-rate-limited');
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test.each([
  ['resolve', 503, 4],
  // Of these some are asked again at once.
  ['cdn', 500, 20],
  ['cdn', 502, 20],
] as const)('%s answers %i for a while: waits longer each time, and goes on', async (kind, status, times) => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const { client, hub } = wired;
  const id = await pauseHalfWay(wired);
  await hub.failRequests({ kind, status, times });
  await client.call('downloads.resume', { id });
  const waiting = await downloadWhen(wired, id, ({ failure }) => failure !== null);
  expect(waiting).toMatchObject({
    state: 'waiting',
    failure: { code: 'hub-unavailable', details: { status } },
  });
  expect(waiting.doneBytes).toBeGreaterThan(MODEL_BYTES / 2);
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('416 to a range that is right: asked again, with a new link', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const { client, hub } = wired;
  const id = await pauseHalfWay(wired);
  await hub.failRequests({ kind: 'cdn', status: 416, times: 2 });
  await client.call('downloads.resume', { id });
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('links that run out: each is asked for again, by nobody’s hand', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const { client, hub } = wired;
  await hub.setFaults(REPOSITORY, MODEL_FILE, {
    paceBytesPerSecond: 20 * MB,
    dropAfter: { bytes: 6 * MB, times: 5 },
  });
  const { id } = await add(client, await sourceOf(hub));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 2 * MB);
  await hub.expireLinks();
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 14 * MB);
  await hub.expireLinks();
  await expectDone(wired, id);
  const requests = await hub.requests();
  expect(requests.filter(({ kind, status }) => kind === 'cdn' && status === 403).length).toBeGreaterThan(0);
  expect(requests.filter(({ kind }) => kind === 'resolve').length).toBeGreaterThan(2);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('a host of the bytes that refuses every link is waited for, not asked without end', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const { client, hub } = wired;
  await hub.failRequests({ kind: 'cdn', status: 403, times: 1000 });
  const { id } = await add(client, await sourceOf(hub));
  const waiting = await downloadWhen(wired, id, ({ failure }) => failure !== null);
  expect(waiting).toMatchObject({
    state: 'waiting',
    failure: { code: 'hub-unavailable', details: { status: 403 } },
  });
  expect((await hub.requests()).length).toBeLessThan(50);
});

test('no network at all: it waits, and goes on when it is back', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const { client, hub } = wired;
  const id = await pauseHalfWay(wired);
  await client.call('settings.change', { hubMirror: 'http://127.0.0.1:1' });
  await client.call('downloads.resume', { id });
  const waiting = await downloadWhen(wired, id, ({ failure }) => failure !== null);
  expect(waiting).toMatchObject({ state: 'waiting', failure: { code: 'network-failed' } });
  await client.call('settings.change', { hubMirror: hub.endpoint });
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});
