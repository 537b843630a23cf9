// Everything that goes wrong between a server and a disk. After each: the right bytes, and nothing fetched twice that
// was there.
import { existsSync, openSync, readSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  add,
  bigContent,
  bigModel,
  BLOCK_BYTES,
  downloadWhen,
  expectDone,
  MODEL_FILE,
  REPOSITORY,
  sourceOf,
  startDownloadTest,
  type DownloadTest,
} from '../support/downloads.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const MB = 1_000_000;
const SIZE = 40 * MB;

async function sent({ hub }: DownloadTest): Promise<number> {
  return hub.bytesSent(REPOSITORY, MODEL_FILE);
}

/** Starts a paced download and waits for about half of it. Returns its id. */
async function halfWay(wired: DownloadTest, pinned = true): Promise<number> {
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: 30 * MB });
  const { id } = await add(wired.client, await sourceOf(wired.hub, [MODEL_FILE], pinned));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > SIZE / 2);
  return id;
}

async function pauseHalfWay(wired: DownloadTest, pinned = true): Promise<number> {
  const id = await halfWay(wired, pinned);
  await wired.client.call('downloads.pause', { id });
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: null });
  return id;
}

function flipOnDisk(path: string, position: number): void {
  const handle = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, position);
  byte[0]! ^= 1;
  writeSync(handle, byte, 0, 1, position);
  closeSync(handle);
}

test('connections that drop again and again: each goes on where the last one ended', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { dropAfter: { bytes: 4 * MB, times: 9 } });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
  expect(await sent(wired)).toBeLessThan(SIZE * 1.1);
});

test('a server that falls silent is left after the watchdog, and what came stays', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { stallAfter: { bytes: 15 * MB, times: 2 } });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
  expect(await sent(wired)).toBeLessThan(SIZE * 1.1);
});

test('200 with everything instead of 206: what is there is passed over, not lost', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  const id = await pauseHalfWay(wired);
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, {
    ignoreRange: { times: 100 },
    paceBytesPerSecond: 40 * MB,
  });
  await wired.client.call('downloads.resume', { id });
  const going = await downloadWhen(wired, id, ({ connections }) => connections > 0);
  expect(going.doneBytes).toBeGreaterThan(SIZE / 2);
  await expectDone(wired, id);
});

test('200 to the very first request is as good as any', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, {
    ignoreRange: { times: 1 },
    dropAfter: { bytes: 9 * MB, times: 1 },
  });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
});

test('another file under the same name: with a promised checksum it is refused, and what was fetched is kept', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  const id = await pauseHalfWay(wired);
  await wired.hub.replaceFile(REPOSITORY, MODEL_FILE, bigContent(SIZE, 2));
  await wired.client.call('downloads.resume', { id });
  const failed = await downloadWhen(wired, id, ({ state }) => state === 'failed');
  expect(failed.failure?.code).toBe('download-changed');
  expect(failed.doneBytes).toBeGreaterThan(SIZE / 2);
  await wired.hub.replaceFile(REPOSITORY, MODEL_FILE, bigContent(SIZE, 1));
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
  expect(await sent(wired)).toBeLessThan(SIZE * 1.05);
});

test.each([SIZE, SIZE - MB])(
  'another file of %i bytes: without a promise the new one is fetched',
  async (sizeBytes) => {
    const wired = await startDownloadTest(bigModel(SIZE));
    const id = await pauseHalfWay(wired, false);
    await wired.hub.replaceFile(REPOSITORY, MODEL_FILE, bigContent(sizeBytes, 2));
    await wired.client.call('downloads.resume', { id });
    await expectDone(wired, id);
  },
);

test('another file while a connection is being renewed: never parts of both', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, {
    paceBytesPerSecond: 20 * MB,
    dropAfter: { bytes: 25 * MB, times: 1 },
  });
  const { id } = await add(wired.client, await sourceOf(wired.hub, [MODEL_FILE], false));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 5 * MB);
  await wired.hub.replaceFile(REPOSITORY, MODEL_FILE, bigContent(SIZE, 2));
  await expectDone(wired, id);
});

test('a bit that turned on its way costs its block, not the file', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { flipBit: { at: BLOCK_BYTES + 5, times: 1 } });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
  expect(await sent(wired)).toBeLessThanOrEqual(SIZE + 2 * BLOCK_BYTES);
});

test.each([false, true])(
  'a bit that turned on the disk costs its block (app restarted: %s)',
  async (restarted) => {
    const wired = await startDownloadTest(bigModel(SIZE));
    const id = await pauseHalfWay(wired);
    flipOnDisk(join(wired.app.folder, 'models', `${MODEL_FILE}.part`), BLOCK_BYTES + 5);
    if (restarted) await wired.restart();
    await wired.client.call('downloads.resume', { id });
    await expectDone(wired, id);
    expect(await sent(wired)).toBeLessThan(SIZE + 1.2 * BLOCK_BYTES);
  },
);

test('a loss of power that took the end of what was written costs that block', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  const id = await pauseHalfWay(wired);
  const { doneBytes } = await downloadWhen(wired, id, () => true);
  const part = join(wired.app.folder, 'models', `${MODEL_FILE}.part`);
  const handle = openSync(part, 'r+');
  writeSync(handle, Buffer.alloc(4096), 0, 4096, doneBytes - 4096);
  closeSync(handle);
  await wired.restart();
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
  expect(await sent(wired)).toBeLessThan(SIZE + 1.2 * BLOCK_BYTES);
});

test('a way that turns bits every time: never a model, until the way is good', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
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
  const wired = await startDownloadTest(bigModel(SIZE));
  const id = await pauseHalfWay(wired);
  rmSync(join(wired.app.folder, 'models', `${MODEL_FILE}.part`));
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
});

test('a disk that is full at 60 %: said with numbers, kept, and gone on with when there is room', async (context) => {
  const disk = mountSmallDisk(context, 'size=60m');
  const wired = await startDownloadTest(bigModel(SIZE));
  const folder = join(disk, 'models');
  await mkdir(folder);
  await wired.client.call('settings.change', { modelsFolder: folder });
  const id = await halfWay(wired);
  const filler = join(disk, 'holiday.mov');
  // As much as there is, but for what is written meanwhile.
  writeFileSync(filler, Buffer.alloc(32 * MB));
  const failed = await downloadWhen(wired, id, ({ state }) => state === 'failed');
  expect(failed.failure).toMatchObject({ code: 'disk-full', details: { freeBytes: expect.any(Number) } });
  expect(failed.failure?.details?.['neededBytes']).toBeGreaterThan(0);
  await wired.client.call('downloads.resume', { id });
  await downloadWhen(wired, id, ({ state }) => state === 'failed');
  rmSync(filler);
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
  expect(await sent(wired)).toBeLessThan(SIZE * 1.1);
});

test('a model that does not fit is refused before its first byte', async (context) => {
  const disk = mountSmallDisk(context, 'size=30m');
  const wired = await startDownloadTest(bigModel(SIZE));
  await wired.client.call('settings.change', { modelsFolder: disk });
  await expect(add(wired.client, await sourceOf(wired.hub))).rejects.toMatchObject({
    code: 'disk-full',
    details: { neededBytes: SIZE },
  });
  const unknownSize = await add(wired.client, await sourceOf(wired.hub, [MODEL_FILE], false));
  const failed = await downloadWhen(wired, unknownSize.id, ({ state }) => state === 'failed');
  expect(failed.failure).toMatchObject({ code: 'disk-full', details: { neededBytes: SIZE } });
  expect(await sent(wired)).toBe(0);
});

test('a models folder that is unplugged and comes back: it waits, and goes on by itself', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  const folder = join(wired.app.folder, 'usb');
  await mkdir(folder);
  await wired.client.call('settings.change', { modelsFolder: folder });
  const id = await halfWay(wired);
  await wired.client.call('downloads.pause', { id });
  await rename(folder, `${folder} in the bag`);
  await wired.client.call('downloads.resume', { id });
  const waiting = await downloadWhen(wired, id, ({ failure }) => failure !== null);
  expect(waiting).toMatchObject({
    state: 'waiting',
    failure: { code: 'folder-missing', details: { path: folder } },
  });
  expect(waiting.doneBytes).toBeGreaterThan(SIZE / 2);
  await rename(`${folder} in the bag`, folder);
  await expectDone(wired, id);
  expect(await sent(wired)).toBeLessThan(SIZE * 1.05);
});

test('a folder that vanishes under a running download', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  const folder = join(wired.app.folder, 'usb');
  await mkdir(folder);
  await wired.client.call('settings.change', { modelsFolder: folder });
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: 4 * MB });
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 0);
  await rename(folder, `${folder} in the bag`);
  await downloadWhen(wired, id, ({ failure }) => failure?.code === 'folder-missing');
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: null });
  await rename(`${folder} in the bag`, folder);
  await expectDone(wired, id);
  expect(await sent(wired)).toBeLessThan(SIZE * 1.05);
});

test('another models folder is chosen in the middle: what was begun is finished where it lies', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  const id = await pauseHalfWay(wired);
  const folder = join(wired.app.folder, 'other');
  await mkdir(folder);
  await wired.client.call('settings.change', { modelsFolder: folder });
  await wired.client.call('downloads.resume', { id });
  const model = await expectDone(wired, id);
  expect(model.path).toBe(join(wired.app.folder, 'models', MODEL_FILE));
  expect(await sent(wired)).toBeLessThan(SIZE * 1.05);
});

test('the models folder is moved in the middle: what was fetched moves along', async () => {
  const wired = await startDownloadTest(bigModel(SIZE));
  const id = await halfWay(wired);
  const folder = join(wired.app.folder, 'elsewhere');
  await mkdir(folder);
  for await (const _ of wired.client.stream('models.moveFolder', { folder })); // to its end
  const model = await expectDone(wired, id);
  expect(model.path).toBe(join(folder, MODEL_FILE));
  expect(await sent(wired)).toBeLessThan(SIZE * 1.1);
});
