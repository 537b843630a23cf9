// Downloads as a person has them: into the queue, watched, paused, taken up again, thrown away, and at the end a model.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Model } from '#contract/models.ts';
import {
  add,
  bigModel,
  downloadWhen,
  expectDone,
  MODEL_FILE,
  ON_ITS_WAY,
  pauseAfter,
  namesIn,
  queueOf,
  REPOSITORY,
  sourceOf,
  startDownloadTest,
} from '../support/downloads.ts';
import { TINY_MODEL } from '../support/gguf-files.ts';
import { ask, until } from '../support/wired-app.ts';

const MB = 1_000_000;

test('a download becomes a model that answers, and leaves nothing else behind', async () => {
  const wired = await startDownloadTest();
  const { client, hub, app } = wired;
  const { id } = await add(client, await sourceOf(hub), 'Tiny gem');
  const model = await expectDone(wired, id);
  expect(model).toMatchObject({
    name: 'Tiny gem',
    path: join(app.folder, 'models', MODEL_FILE),
    origin: { repository: REPOSITORY, revision: 'main', path: MODEL_FILE },
  });
  expect(await namesIn(join(app.folder, 'models'))).toEqual([MODEL_FILE]);
  await client.call('models.load', { id: model.id });
  expect((await ask(client, 'What is 7 plus 8?')).answer.text).toContain('15');
});

test('paused it stays as it is, also over a restart; taken up again it fetches only the rest', async () => {
  const wired = await startDownloadTest(bigModel(40 * MB));
  const { hub } = wired;
  await hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: 30 * MB });
  const { id } = await add(wired.client, await sourceOf(hub));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 10 * MB);
  await wired.client.call('downloads.pause', { id });
  const paused = await downloadWhen(wired, id, ({ state }) => state === 'paused');
  expect(paused).toMatchObject({ connections: 0, bytesPerSecond: null, failure: null });
  await wired.restart();
  expect(await downloadWhen(wired, id, () => true)).toMatchObject({
    state: 'paused',
    doneBytes: paused.doneBytes,
  });
  await hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: null });
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
  expect(await hub.bytesSent(REPOSITORY, MODEL_FILE)).toBeLessThan(40 * MB + ON_ITS_WAY);
});

test('an app that is closed in the middle goes on by itself when it starts again', async () => {
  const wired = await startDownloadTest(bigModel(40 * MB));
  const { hub } = wired;
  await hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: 30 * MB });
  const { id } = await add(wired.client, await sourceOf(hub));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 15 * MB);
  await wired.restart();
  await expectDone(wired, id);
  expect(await hub.bytesSent(REPOSITORY, MODEL_FILE)).toBeLessThan(40 * MB + ON_ITS_WAY);
});

test('cancelled, nothing of it is left', async () => {
  const wired = await startDownloadTest(bigModel(40 * MB));
  const { hub, client, app } = wired;
  await hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: 20 * MB });
  const { id } = await add(client, await sourceOf(hub));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 0);
  expect(await namesIn(join(app.folder, 'models'))).toEqual([
    `${MODEL_FILE}.part`,
    `${MODEL_FILE}.part.journal`,
  ]);
  await client.call('downloads.cancel', { id });
  expect((await queueOf(client)).list).toEqual([]);
  expect(await namesIn(join(app.folder, 'models'))).toEqual([]);
});

test('two downloads of one file are one; of a model that is there, none', async () => {
  const wired = await startDownloadTest(bigModel(20 * MB));
  const { hub, client } = wired;
  const source = await sourceOf(hub);
  const [first, second] = await Promise.all([add(client, source), add(client, source)]);
  expect(second.id).toBe(first.id);
  await expectDone(wired, first.id);
  expect(await hub.bytesSent(REPOSITORY, MODEL_FILE)).toBe(20 * MB);
  await expect(add(client, source)).rejects.toMatchObject({ code: 'model-already-added' });
  // Its row can go, its model stays.
  await client.call('downloads.cancel', { id: first.id });
  const models = (await client.stream('models.watch', undefined).next()).value as Model[];
  expect(models.filter(({ demo }) => !demo)).toHaveLength(1);
});

test('the parts of a split model lie in a folder of their own under their own names, as one model', async () => {
  const parts = ['deep/gem-00001-of-00002.gguf', 'deep/gem-00002-of-00002.gguf'];
  const files = parts.map((path) => ({ path, content: { kind: 'disk' as const, path: TINY_MODEL } }));
  const wired = await startDownloadTest({ files });
  const { hub, client, app } = wired;
  const { id, totalBytes } = await add(client, await sourceOf(hub, parts));
  expect(totalBytes).toBe(2 * readFileSync(TINY_MODEL).length);
  const model = await expectDone(wired, id, parts[0]);
  expect(model.path).toBe(join(app.folder, 'models', 'gem', 'gem-00001-of-00002.gguf'));
  expect(await namesIn(join(app.folder, 'models', 'gem'))).toEqual([
    'gem-00001-of-00002.gguf',
    'gem-00002-of-00002.gguf',
  ]);
});

test('a file of somebody else with the same name is not touched', async () => {
  const wired = await startDownloadTest();
  const { hub, client, app } = wired;
  const files = [{ path: `other/${MODEL_FILE}`, content: { kind: 'disk' as const, path: TINY_MODEL } }];
  await hub.addRepository({ name: 'bob/gems', files });
  const first = await add(client, await sourceOf(hub));
  await expectDone(wired, first.id);
  const source = {
    repository: 'bob/gems',
    revision: 'main',
    files: [{ path: files[0]!.path, sizeBytes: null, sha256: null }],
  };
  const second = await add(client, source, 'Other');
  expect((await downloadWhen(wired, second.id, ({ state }) => state === 'done')).failure).toBeNull();
  expect(await namesIn(join(app.folder, 'models'))).toEqual(['tiny (2).gguf', MODEL_FILE]);
});

test('the order can be changed and lasts', async () => {
  const files = ['a.gguf', 'b.gguf', 'c.gguf'].map((path) => ({
    path,
    content: { kind: 'generated' as const, sizeBytes: 30 * MB, seed: 1 },
  }));
  const wired = await startDownloadTest({ files });
  const ids: number[] = [];
  for (const { path } of files) {
    await wired.hub.setFaults(REPOSITORY, path, { paceBytesPerSecond: MB });
    ids.push((await add(wired.client, await sourceOf(wired.hub, [path]), path)).id);
  }
  await wired.client.call('downloads.move', { id: ids[2]!, position: 0 });
  const namesOf = async (): Promise<string[]> => (await queueOf(wired.client)).list.map(({ name }) => name);
  expect(await namesOf()).toEqual(['c.gguf', 'a.gguf', 'b.gguf']);
  await wired.restart();
  expect(await namesOf()).toEqual(['c.gguf', 'a.gguf', 'b.gguf']);
  expect(existsSync(join(wired.app.folder, 'models', 'c.gguf'))).toBe(false);
});

test('dock and taskbar show how far it is, nothing while it is paused, and nothing afterwards', async () => {
  const wired = await startDownloadTest(bigModel(20 * MB));
  const { taskbar } = wired.app.host;
  const id = await pauseAfter(wired, 5 * MB);
  await until(() => taskbar.at(-1) === null);
  await wired.client.call('downloads.resume', { id });
  await expectDone(wired, id);
  await until(() => taskbar.at(-1) === null);
  const shown = taskbar.filter((progress) => progress !== null);
  expect(shown.filter((progress) => progress > 0.2 && progress <= 1).length).toBeGreaterThan(1);
  expect(shown).toEqual(shown.toSorted((a, b) => a - b));
});

test('the limit is kept, whatever the connections could bring', async () => {
  const wired = await startDownloadTest(bigModel(20 * MB));
  await wired.client.call('settings.change', { downloadLimit: 5 });
  const start = performance.now();
  const { id } = await add(wired.client, await sourceOf(wired.hub));
  await expectDone(wired, id);
  // Four seconds, less the first burst; a limit that does not hold takes a fraction of one.
  expect(performance.now() - start).toBeGreaterThan(2000);
});

test('the limit holds for all downloads, and is felt at once when it changes', async () => {
  const wired = await startDownloadTest(bigModel(40 * MB));
  const { client, hub } = wired;
  await client.call('settings.change', { downloadLimit: 1 });
  const { id } = await add(client, await sourceOf(hub));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > 0);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect((await downloadWhen(wired, id, () => true)).doneBytes).toBeLessThan(8 * MB);
  await client.call('settings.change', { downloadLimit: null });
  await expectDone(wired, id);
});
