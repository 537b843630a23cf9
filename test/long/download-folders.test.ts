// What happens to the folder and the disk that a download is written to: full, too small, unplugged, changed, moved.
import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  add,
  bigModel,
  downloadWhen,
  expectDone,
  halfWay,
  MODEL_BYTES,
  MODEL_FILE,
  namesIn,
  ON_ITS_WAY,
  pauseHalfWay,
  REPOSITORY,
  sentBytes,
  sourceOf,
  startDownloadTest,
} from '../support/downloads.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const MB = 1_000_000;

test('a disk that is full at 60 %: said with numbers, kept, and gone on with when there is room', async (context) => {
  const disk = mountSmallDisk(context, 'size=60m');
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
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
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('a model that does not fit is refused before its first byte', async (context) => {
  const disk = mountSmallDisk(context, 'size=30m');
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  await wired.client.call('settings.change', { modelsFolder: disk });
  await expect(add(wired.client, await sourceOf(wired.hub))).rejects.toMatchObject({
    code: 'disk-full',
    details: { neededBytes: MODEL_BYTES },
  });
  const unknownSize = await add(wired.client, await sourceOf(wired.hub, [MODEL_FILE], false));
  const failed = await downloadWhen(wired, unknownSize.id, ({ state }) => state === 'failed');
  expect(failed.failure).toMatchObject({ code: 'disk-full', details: { neededBytes: MODEL_BYTES } });
  expect(await sentBytes(wired)).toBe(0);
});

test('a models folder that is unplugged and comes back: it waits, and goes on by itself', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
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
  expect(waiting.doneBytes).toBeGreaterThan(MODEL_BYTES / 2);
  await rename(`${folder} in the bag`, folder);
  await expectDone(wired, id);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('a folder that vanishes under a running download', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
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
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('another models folder is chosen in the middle: what was begun is finished where it lies', async () => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const id = await pauseHalfWay(wired);
  const folder = join(wired.app.folder, 'other');
  await mkdir(folder);
  await wired.client.call('settings.change', { modelsFolder: folder });
  await wired.client.call('downloads.resume', { id });
  const model = await expectDone(wired, id);
  expect(model.path).toBe(join(wired.app.folder, 'models', MODEL_FILE));
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});

test('the models folder is moved to another disk in the middle: nothing is written meanwhile, what was fetched moves along', async (context) => {
  const wired = await startDownloadTest(bigModel(MODEL_BYTES));
  const id = await halfWay(wired);
  const folder = join(mountSmallDisk(context, 'size=500m'), 'models');
  const writing: number[] = [];
  for await (const event of wired.client.stream('models.moveFolder', { folder })) {
    if (event.type !== 'moved') writing.push((await downloadWhen(wired, id, () => true)).connections);
  }
  expect(writing.length).toBeGreaterThan(0);
  expect(writing.filter((connections) => connections > 0)).toEqual([]);
  const model = await expectDone(wired, id);
  expect(model.path).toBe(join(folder, MODEL_FILE));
  expect(await namesIn(folder)).toEqual([MODEL_FILE]);
  expect(await sentBytes(wired)).toBeLessThan(MODEL_BYTES + ON_ITS_WAY);
});
