// Where the system has a file manager: its bin takes the files of a removed model, its window shows what there is.
import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Model } from '#contract/models.ts';
import { TINY_MODEL } from '../support/gguf-files.ts';
import { startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
let bin: string;
const shown: string[] = [];

beforeEach(async () => {
  wired = await startWiredApp();
  bin = join(wired.folder, 'bin');
  await mkdir(bin);
  shown.length = 0;
  const fileManager = {
    moveToBin: (path: string) => rename(path, join(bin, basename(path))),
    showInFolder: (path: string) => void shown.push(path),
    openFolder: async (path: string) => void shown.push(path),
  };
  Object.assign(wired.host.capabilities, { fileManager });
});
afterEach(() => wired.destroy());

async function addCopy(): Promise<Model> {
  const own = join(wired.folder, 'own.gguf');
  await copyFile(TINY_MODEL, own);
  for await (const event of wired.client.stream('models.add', { path: own, placement: 'copied' })) {
    if (event.type === 'added') return event.model;
  }
  throw new Error('Not added');
}

test('the bin takes the file of a removed model, and the list forgets it', async () => {
  const { id, path } = await addCopy();
  await wired.client.call('models.showInFolder', { id });
  expect(shown).toEqual([path]);
  await wired.client.call('models.remove', { id, file: 'bin' });
  expect(await readdir(bin)).toEqual(['own.gguf']);
  const list = (await wired.client.stream('models.watch', undefined).next()).value as Model[];
  expect(list.map(({ demo }) => demo)).toEqual([true]);
});

// Catches an entry that is gone while its file is still there, when the bin refuses.
test('a model stays when the bin does not take its file', async () => {
  const { id } = await addCopy();
  await rename(bin, `${bin}-away`);
  await expect(wired.client.call('models.remove', { id, file: 'bin' })).rejects.toThrow();
  const list = (await wired.client.stream('models.watch', undefined).next()).value as Model[];
  expect(list.find((model) => model.id === id)?.fileState).toBe('present');
});

test('the models folder opens, made where it is ours; one whose disk is gone says so', async () => {
  await wired.client.call('models.openFolder', undefined);
  expect(shown).toEqual([join(wired.folder, 'models')]);
  expect(await readdir(shown[0]!)).toEqual([]);
  const folder = join(wired.folder, 'disk');
  await wired.client.call('settings.change', { modelsFolder: folder });
  await expect(wired.client.call('models.openFolder', undefined)).rejects.toMatchObject({
    code: 'folder-missing',
    details: { path: folder },
  });
});
