// Everything that goes wrong between a server and a disk. After each: the right bytes, and nothing fetched twice that
// was there.
import { existsSync, openSync, readSync, rmSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  add,
  bigContent,
  bigModel,
  BLOCK_BYTES,
  downloadUntil,
  downloadWhen,
  expectDone,
  halfWay,
  MODEL_BYTES,
  MODEL_FILE,
  ON_ITS_WAY,
  pauseHalfWay,
  REPOSITORY,
  sentBytes,
  sourceOf,
  startDownloadTest,
} from '../support/downloads.ts';

const MB = 1_000_000;

function flipOnDisk(path: string, position: number): void {
  const handle = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, position);
  byte[0]! ^= 1;
  writeSync(handle, byte, 0, 1, position);
  closeSync(handle);
}

test('connections that drop again and again: each goes on where the last one ended', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { dropAfter: { bytes: 4 * MB, times: 9 } });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('a server that falls silent is left after the watchdog, and what came stays', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { stallAfter: { bytes: 15 * MB, times: 2 } });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('200 with everything instead of 206: what is there is passed over, not lost', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const id = await pauseHalfWay(wired);
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, {
    ignoreRange: { times: 100 },
    paceBytesPerSecond: 40 * MB,
  });
  await wired.client.call('downloads.resume', { id });
  const going = await downloadWhen(wired, id, ({ connections }) => connections > 0);
  expect(going.doneBytes).toBeGreaterThan(MODEL_BYTES / 2);
  await expectDone(wired, id);
});

test('200 to the very first request is as good as any', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, {
    ignoreRange: { times: 1 },
    dropAfter: { bytes: 9 * MB, times: 1 },
  });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
});

test('another file under the same name: with a promised checksum it is refused, and what was fetched is kept', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const id = await pauseHalfWay(wired);
  await wired.hub.replaceFile(REPOSITORY, MODEL_FILE, bigContent(MODEL_BYTES, 2));
  await wired.client.call('downloads.resume', { id });
  const failed = await downloadWhen(wired, id, ({ state }) => state === 'failed');
  expect(failed.failure?.code).toBe('download-changed');
  expect(failed.doneBytes).toBeGreaterThan(MODEL_BYTES / 2);
  await wired.hub.replaceFile(REPOSITORY, MODEL_FILE, bigContent(MODEL_BYTES, 1));
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test.each([MODEL_BYTES, MODEL_BYTES - MB])(
  'another file of %i bytes: without a promise the new one is fetched',
  async (sizeBytes) => {
    const wired = await startDownloadTest(bigModel(MODEL_BYTES));
    const id = await pauseHalfWay(wired, false);
    await wired.hub.replaceFile(REPOSITORY, MODEL_FILE, bigContent(sizeBytes, 2));
    await wired.client.call('downloads.resume', { id });
    await expectDone(wired, id);
  },
);

test('another file while a connection is being renewed: never parts of both', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, {
    paceBytesPerSecond: 20 * MB,
    dropAfter: { bytes: 25 * MB, times: 1 },
  });
  const { id } = await add(wired.client, await sourceOf(wired.hub, [MODEL_FILE], false));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 5 * MB);
  await wired.hub.replaceFile(REPOSITORY, MODEL_FILE, bigContent(MODEL_BYTES, 2));
  await expectDone(wired, id);
});

test('a bit that turned on its way costs its block, not the file', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { flipBit: { at: BLOCK_BYTES + 5, times: 1 } });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThanOrEqual(MODEL_BYTES + 2 * BLOCK_BYTES);
});

test.each([false, true])(
  'a bit that turned on the disk costs its block (app restarted: %s)',
  async (restarted) => {
    const wired = await startDownloadTest(bigModel(MODEL_BYTES));
    const id = await pauseHalfWay(wired);
    flipOnDisk(join(wired.app.folder, 'models', `${MODEL_FILE}.part`), BLOCK_BYTES + 5);
    if (restarted) await wired.restart();
    await wired.client.call('downloads.resume', { id });
    await expectDone(wired, id);
    expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + BLOCK_BYTES + ON_ITS_WAY);
  },
);

test('a loss of power that took the end of what was written costs that block', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const id = await pauseHalfWay(wired);
  const { doneBytes } = await downloadWhen(wired, id, () => true);
  const part = join(wired.app.folder, 'models', `${MODEL_FILE}.part`);
  const handle = openSync(part, 'r+');
  writeSync(handle, Buffer.alloc(4096), 0, 4096, doneBytes - 4096);
  closeSync(handle);
  await wired.restart();
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + BLOCK_BYTES + ON_ITS_WAY);
});

test('a way that turns bits every time: never a model, until the way is good', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { flipBit: { at: BLOCK_BYTES + 5, times: 1000 } });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  const failed = await downloadWhen(wired, id, ({ state }) => state === 'failed');
  expect(failed.failure?.code).toBe('download-damaged');
  expect(existsSync(join(wired.app.folder, 'models', MODEL_FILE))).toBe(false);
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { flipBit: null });
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
});

test('the partial file is deleted by somebody: it is fetched again', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const id = await pauseHalfWay(wired);
  rmSync(join(wired.app.folder, 'models', `${MODEL_FILE}.part`));
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
});

test('a clock that jumps by a year, forward and back: running, waiting and counting go on', async () => {
  const yearMs = 365 * 24 * 3600 * 1000;
  let jumpMs = 0;
  const wired = await startDownloadTest(bigModel(MODEL_BYTES), {}, () => Date.now() + jumpMs);
  const id = await halfWay(wired);
  jumpMs = yearMs;
  const later = await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > MODEL_BYTES * 0.7);
  expect(later.bytesPerSecond).toBeGreaterThan(MB);
  await wired.hub.failRequests({ kind: 'resolve', status: 503, times: 8 });
  await wired.client.call('downloads.pause', { id });
  await wired.client.call('downloads.resume', { id });
  await downloadWhen(wired, id, ({ retryAt }) => retryAt !== null);
  jumpMs = -yearMs;
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('paused and taken up again many times in a row: never two that write one file', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const id = await downloadUntil(wired, MB);
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: 2 * MB });
  for (let turn = 0; turn < 10; turn++) {
    await wired.client.call('downloads.pause', { id });
    await wired.client.call('downloads.resume', { id });
    await downloadWhen(wired, id, ({ connections }) => connections > 0);
  }
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: null });
  await expectDone(wired, id);
  // Each pause costs what is on its way.
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES * 1.5);
});
