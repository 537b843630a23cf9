// The models a person adds: where they lie, as a copy, refused by name, and never deleted when they are not ours.
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelHeader, type AddModelEvent, type Model } from '#contract/models.ts';
import { ask, startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

const RESOURCES = new URL('../../resources/demo-model/', import.meta.url).pathname;
const DEMO = join(RESOURCES, 'tiny-gemma-chat-q8_0.gguf');

let wired: WiredApp;
let own: string;
beforeEach(async () => {
  wired = await startWiredApp();
  own = join(wired.folder, 'My model (1).gguf');
  await copyFile(DEMO, own);
});
afterEach(() => wired.destroy());

async function listModels(): Promise<Model[]> {
  return (await wired.client.stream('models.watch', undefined).next()).value as Model[];
}

async function add(path: string, placement: 'in-place' | 'copied'): Promise<AddModelEvent[]> {
  const events: AddModelEvent[] = [];
  for await (const event of wired.client.stream('models.add', { path, placement })) events.push(event);
  return events;
}

function addedIn(events: AddModelEvent[]): Model {
  const last = events.at(-1);
  if (last?.type !== 'added') throw new Error('Not added');
  return last.model;
}

test('the demo model is there from the start, and its card says what its file says', async () => {
  const [demo] = await listModels();
  expect(demo).toMatchObject({ name: 'Demo model', demo: true, placement: 'bundled', fileState: 'present' });
  const { header } = await wired.client.call('models.inspect', { path: DEMO });
  expect(demo!.header).toEqual(header);
  expect(modelHeader.parse(JSON.parse(await readFile(join(RESOURCES, 'card.json'), 'utf8')).header)).toEqual(
    header,
  );
});

test('a model that answers was used just then, also when nobody loaded it by hand', async () => {
  expect((await listModels())[0]?.lastUsedAt).toBeNull();
  const before = Date.now();
  await ask(wired.client, 'Hello!');
  const used = await until(async () => (await listModels())[0]?.lastUsedAt);
  expect(used).toBeGreaterThanOrEqual(before);
});

test('a file used in place answers, and removing it leaves the file alone', async () => {
  const model = addedIn(await add(own, 'in-place'));
  expect(model).toMatchObject({ path: own, placement: 'in-place' });
  await wired.client.call('models.load', { id: model.id });
  expect((await ask(wired.client, 'What is 7 plus 8?')).answer.stats?.modelName).toBe(model.name);
  await expect(wired.client.call('models.remove', { id: model.id, file: 'delete' })).rejects.toMatchObject({
    code: 'bad-input',
  });
  await wired.client.call('models.remove', { id: model.id, file: 'keep' });
  expect((await stat(own)).size).toBeGreaterThan(0);
  expect(await listModels()).toHaveLength(1);
});

test('a copy lies whole in the models folder, never overwrites, and goes with its model', async () => {
  const folder = join(wired.folder, 'models');
  await mkdir(folder);
  await writeFile(join(folder, 'My model (1).gguf'), 'somebody else was here');
  const events = await add(own, 'copied');
  const model = addedIn(events);
  expect(events[0]?.type).toBe('copying');
  expect(model.path).toBe(join(folder, 'My model (1) (2).gguf'));
  expect((await readFile(model.path)).equals(await readFile(own))).toBe(true);
  expect((await readdir(folder)).toSorted()).toEqual(['My model (1) (2).gguf', 'My model (1).gguf']);
  await wired.client.call('models.remove', { id: model.id, file: 'delete' });
  expect(await readdir(folder)).toEqual(['My model (1).gguf']);
});

test('the same file twice is refused by name', async () => {
  await add(own, 'in-place');
  await expect(add(own, 'in-place')).rejects.toMatchObject({ code: 'model-already-added' });
});

test.each([
  ['a file that is not there', 'nothing.gguf', null, 'model-file-missing'],
  ['a folder', '.', null, 'model-file-unreadable'],
  ['no GGUF', 'text.gguf', Buffer.from('Dear diary, today I'), 'model-not-gguf'],
  ['an empty file', 'empty.gguf', Buffer.alloc(0), 'model-not-gguf'],
])('%s is refused by name and nothing is added', async (_, name, content, code) => {
  const path = join(wired.folder, name);
  if (content) await writeFile(path, content);
  await expect(add(path, 'in-place')).rejects.toMatchObject({ code });
  expect(await listModels()).toHaveLength(1);
});

test('a GGUF cut in half is refused before it is loaded, and before it is copied', async () => {
  const half = join(wired.folder, 'half.gguf');
  await writeFile(half, (await readFile(DEMO)).subarray(0, 1_400_000));
  await expect(add(half, 'copied')).rejects.toMatchObject({ code: 'model-incomplete' });
  expect(await readdir(join(wired.folder, 'models')).catch(() => [])).toEqual([]);
});

test('a file that changed after it was added is shown as changed', async () => {
  const { id } = addedIn(await add(own, 'in-place'));
  await writeFile(own, 'something else');
  expect((await listModels()).find((model) => model.id === id)?.fileState).toBe('changed');
});

test('settings: a bad value changes nothing, a good one is there after a restart', async () => {
  await expect(wired.client.call('settings.change', { theme: 'dark', topP: 7 })).rejects.toMatchObject({
    code: 'bad-input',
  });
  await expect(wired.client.call('settings.change', { nonsense: 1 })).rejects.toMatchObject({
    code: 'bad-input',
  });
  const before = await wired.client.call('settings.change', {});
  expect(before).toMatchObject({ theme: 'system', topP: null });
  await wired.client.call('settings.change', { theme: 'dark', topP: 0.5 });
  const { folder } = wired;
  await wired.close();
  wired = await startWiredApp({ folder });
  expect(await wired.client.call('settings.change', {})).toMatchObject({ theme: 'dark', topP: 0.5 });
});
