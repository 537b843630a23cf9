// What a person does with model files: split ones, models of other apps, export and import by USB stick, the system's
// bin, files that change or get lost, and another place for all of them.
import { createHash } from 'node:crypto';
import {
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AddModelEvent, ExportEvent, Model } from '#contract/models.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { writeSplitModel } from '../support/split-model.ts';
import { TINY_MODEL } from '../support/gguf-files.ts';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
let own: string;
beforeEach(async () => {
  wired = await startWiredApp();
  own = join(wired.folder, 'own.gguf');
  await copyFile(TINY_MODEL, own);
});
afterEach(() => wired.destroy());

const models = (): string => join(wired.folder, 'models');

async function list(): Promise<Model[]> {
  return (await wired.client.stream('models.watch', undefined).next()).value as Model[];
}

async function add(path: string, placement: 'in-place' | 'copied' = 'in-place') {
  const events: AddModelEvent[] = [];
  for await (const event of wired.client.stream('models.add', { path, placement })) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'added') throw new Error('Not added');
  return { model: last.model, steps: new Set(events.map(({ type }) => type)) };
}

async function exportTo(folder: string, id: number): Promise<string> {
  const events: ExportEvent[] = [];
  for await (const event of wired.client.stream('models.export', { id, folder })) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'exported') throw new Error('Not exported');
  return last.path;
}

const sha256 = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

test('any part of a split model adds all of it, copies all of it, and takes all of it away', async () => {
  const parts = writeSplitModel(join(wired.folder, 'elsewhere'));
  const sizes = await Promise.all(parts.map(async (part) => (await stat(part)).size));
  const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
  const { model } = await add(parts[1]!);
  expect(model).toMatchObject({ path: parts[0], sizeBytes, placement: 'in-place' });
  await expect(add(parts[2]!)).rejects.toMatchObject({ code: 'model-already-added' });
  await wired.client.call('models.remove', { id: model.id, file: 'keep' });

  const copied = await add(parts[2]!, 'copied');
  expect(copied.model).toMatchObject({ sizeBytes, sha256: await sha256(parts[0]!) });
  expect((await readdir(models())).toSorted()).toEqual(parts.map((part) => basename(part)));
  await wired.client.call('models.load', { id: copied.model.id });
  expect((await ask(wired.client, 'Hello!')).answer.text).toBe('Hello! How can I help you today?');
  await wired.client.call('models.remove', { id: copied.model.id, file: 'delete' });
  expect(await readdir(models())).toEqual([]);
});

test('a split model that lost a part is missing, and by name when it is added', async () => {
  const parts = writeSplitModel(join(wired.folder, 'elsewhere'));
  const { model } = await add(parts[0]!);
  await rm(parts[1]!);
  expect((await list()).find(({ id }) => id === model.id)?.fileState).toBe('missing');
  await wired.client.call('models.remove', { id: model.id, file: 'keep' });
  await expect(add(parts[2]!)).rejects.toMatchObject({
    code: 'model-part-missing',
    details: { part: basename(parts[1]!) },
  });
});

test('a blob of Ollama is used where it lies, under its name there; a copy gets a name of its own', async () => {
  const store = join(wired.folder, 'ollama');
  const digest = await sha256(TINY_MODEL);
  const blob = join(store, 'blobs', `sha256-${digest}`);
  await mkdir(join(store, 'blobs'), { recursive: true });
  await copyFile(TINY_MODEL, blob);
  const manifests = join(store, 'manifests/registry.ollama.ai/library/gemma3');
  await mkdir(manifests, { recursive: true });
  const layers = [{ mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}` }];
  await writeFile(join(manifests, 'tiny'), JSON.stringify({ layers }));
  const { model } = await add(blob);
  expect(model).toMatchObject({ name: 'gemma3:tiny', path: blob });
  await wired.client.call('models.load', { id: model.id });
  await wired.client.call('models.remove', { id: model.id, file: 'keep' });
  expect(basename((await add(blob, 'copied')).model.path)).toBe('gemma3-tiny.gguf');
});

test('a file of the Hugging Face cache is one file whatever link leads to it; its parts keep their names', async () => {
  const repository = join(wired.folder, 'hub/models--g--tiny');
  await mkdir(join(repository, 'snapshots/1'), { recursive: true });
  await cp(join(TINY_MODEL), join(repository, 'blobs/abc'), { recursive: true });
  await symlink('../../blobs/abc', join(repository, 'snapshots/1/tiny-Q8_0.gguf'));
  const { model } = await add(join(repository, 'snapshots/1/tiny-Q8_0.gguf'), 'copied');
  expect(basename(model.path)).toBe('tiny-Q8_0.gguf');

  const parts = writeSplitModel(join(wired.folder, 'written'));
  for (const [index, part] of parts.entries()) {
    await rename(part, join(repository, `blobs/part${index}`));
    await symlink(`../../blobs/part${index}`, join(repository, 'snapshots/1', basename(part)));
  }
  const split = await add(join(repository, 'snapshots/1', basename(parts[0]!)));
  expect(split.model).toMatchObject({ fileState: 'present', header: { parameterCount: 2_582_592 } });
  await wired.client.call('models.load', { id: split.model.id });
});

test('an exported model arrives on another machine with its name and checksum, and a damaged one is refused', async () => {
  const stick = join(wired.folder, 'stick');
  await mkdir(stick);
  const parts = writeSplitModel(join(wired.folder, 'elsewhere'), 'split', 2);
  const { model } = await add(parts[0]!);
  const path = await exportTo(stick, model.id);
  const record = JSON.parse(await readFile(`${path}.lapidary.json`, 'utf8'));
  expect(record).toMatchObject({ version: 1, name: model.name, licence: 'cc0-1.0', origin: null });
  expect(record.files.map((file: { sha256: string }) => file.sha256)).toEqual(
    await Promise.all(parts.map(sha256)),
  );
  await wired.client.call('models.remove', { id: model.id, file: 'keep' });
  await rm(join(wired.folder, 'elsewhere'), { recursive: true });
  const origin = { repository: 'g/tiny', revision: 'main', path: 'tiny.gguf' };
  await writeFile(`${path}.lapidary.json`, JSON.stringify({ ...record, name: 'A name of its own', origin }));

  const imported = await add(path);
  expect(imported.steps).toEqual(new Set(['checking', 'added']));
  expect(imported.model).toMatchObject({ name: 'A name of its own', origin, sha256: record.files[0].sha256 });
  await wired.client.call('models.remove', { id: imported.model.id, file: 'keep' });

  const second = join(stick, record.files[1].name);
  const bytes = await readFile(second);
  bytes[bytes.length - 100]! ^= 1;
  await writeFile(second, bytes);
  await expect(add(path)).rejects.toMatchObject({ code: 'checksum-mismatch' });
  await expect(add(path, 'copied')).rejects.toMatchObject({ code: 'checksum-mismatch' });
  expect(await readdir(models())).toEqual([]);
  await writeFile(second, bytes.subarray(0, 1000));
  await expect(wired.client.call('models.inspect', { path })).rejects.toThrow();
});

test('an export that is stopped leaves nothing, one that does not fit says so, one to nowhere too', async (context) => {
  const { model } = await add(own);
  const stick = join(wired.folder, 'stick');
  await mkdir(stick);
  for await (const _ of wired.client.stream('models.export', { id: model.id, folder: stick })) break;
  await expect.poll(() => readdir(stick)).toEqual([]);
  await expect(exportTo(join(wired.folder, 'nowhere'), model.id)).rejects.toMatchObject({
    code: 'export-folder-missing',
  });
  const disk = mountSmallDisk(context, 'size=4m');
  await expect(exportTo(disk, model.id)).rejects.toMatchObject({ code: 'disk-full' });
  expect(await readdir(disk)).toEqual([]);
  const locked = mountSmallDisk(context, 'size=400m,ro');
  await expect(exportTo(locked, model.id)).rejects.toMatchObject({ code: 'export-folder-unwritable' });
});

test('nothing is overwritten by an export', async () => {
  const { model } = await add(own);
  const stick = join(wired.folder, 'stick');
  await mkdir(stick);
  const paths = [await exportTo(stick, model.id), await exportTo(stick, model.id)];
  expect(paths.map((path) => basename(path))).toEqual(['own.gguf', 'own (2).gguf']);
});

test('a file that was moved is found again, with all that was set for it; one that changed is read anew', async () => {
  const { model } = await add(own);
  const engine = { ...model.engine, contextSize: 1024 };
  await wired.client.call('models.configure', { id: model.id, engine });
  const elsewhere = join(wired.folder, 'moved.gguf');
  await rename(own, elsewhere);
  const found = (await add(elsewhere)).model;
  expect(found).toMatchObject({ id: model.id, path: elsewhere, fileState: 'present', engine });
  await utimes(elsewhere, 1_700_000_000, 1_700_000_000);
  expect((await list()).find(({ id }) => id === model.id)?.fileState).toBe('changed');
  expect((await add(elsewhere)).model).toMatchObject({ id: model.id, fileState: 'present' });
});

// Catches a copy of a copy, and a file of ours that then counts as the person's own and can never be deleted.
test('a changed copy is read anew where it lies and stays a copy', async () => {
  const { model } = await add(own, 'copied');
  await utimes(model.path, 1_700_000_000, 1_700_000_000);
  const anew = (await add(model.path, 'in-place')).model;
  expect(anew).toMatchObject({ id: model.id, path: model.path, placement: 'copied', fileState: 'present' });
  await utimes(model.path, 1_700_000_001, 1_700_000_001);
  expect((await add(model.path, 'copied')).model.path).toBe(model.path);
  expect(await readdir(models())).toEqual(['own.gguf']);
});

test('where there is no bin, a model stays until it is deleted for good', async () => {
  const { model } = await add(own, 'copied');
  await expect(wired.client.call('models.remove', { id: model.id, file: 'bin' })).rejects.toMatchObject({
    code: 'unavailable-here',
  });
  await expect(wired.client.call('models.showInFolder', { id: model.id })).rejects.toMatchObject({
    code: 'unavailable-here',
  });
  expect((await list()).some(({ id }) => id === model.id)).toBe(true);
  await wired.client.call('models.remove', { id: model.id, file: 'delete' });
  expect(await readdir(models())).toEqual([]);
});

test('the models folder moves to another disk while a model of it answers', async (context) => {
  const disk = mountSmallDisk(context, 'size=300m');
  const { model } = await add(own, 'copied');
  const other = (await add(own)).model;
  await wired.client.call('models.load', { id: model.id });
  const before = await wired.client.call('models.diskUse', undefined);
  expect(before).toMatchObject({ folder: models(), usedBytes: model.sizeBytes, unfinishedMove: null });
  for await (const _ of wired.client.stream('models.moveFolder', { folder: join(disk, 'new') }));
  const moved = (await list()).find(({ id }) => id === model.id);
  expect(moved).toMatchObject({
    path: join(disk, 'new/own.gguf'),
    fileState: 'present',
    placement: 'copied',
  });
  expect((await list()).find(({ id }) => id === other.id)).toMatchObject({ path: own, fileState: 'present' });
  expect((await ask(wired.client, 'Hello!')).answer.text).toBe('Hello! How can I help you today?');
  // A crash makes it load again, from where it lies now.
  wired.host.engines.at(-1)!.kill();
  expect((await ask(wired.client, 'Hello!')).answer.text).toBe('Hello! How can I help you today?');
  await expect(stat(models())).rejects.toThrow('ENOENT');
  expect((await wired.client.call('settings.change', {})).modelsFolder).toBe(join(disk, 'new'));
  const { folder } = wired;
  await wired.close();
  wired = await startWiredApp({ folder });
  expect((await list()).find(({ id }) => id === model.id)?.fileState).toBe('present');
  for await (const _ of wired.client.stream('models.moveFolder', { folder: models() }));
  expect((await wired.client.call('settings.change', {})).modelsFolder).toBe('');
  expect(await readdir(models())).toEqual(['own.gguf']);
});

test('a models folder whose disk is gone is not moved as if it were empty', async () => {
  const folder = join(wired.folder, 'disk');
  await wired.client.call('settings.change', { modelsFolder: folder });
  await add(own, 'copied');
  await rename(folder, `${folder}-unplugged`);
  expect(await wired.client.call('models.diskUse', undefined)).toMatchObject({
    usedBytes: 0,
    freeBytes: null,
  });
  const moving = (async () => {
    for await (const _ of wired.client.stream('models.moveFolder', { folder: join(wired.folder, 'new') }));
  })();
  await expect(moving).rejects.toMatchObject({ code: 'folder-missing' });
});

// Catches an app that forgets models, or what was set for them, because a disk was not there for a while.
test('models of a disk that was unplugged are back with all that was set for them, without a restart and after one', async () => {
  const folder = join(wired.folder, 'disk');
  await wired.client.call('settings.change', { modelsFolder: folder });
  const { model } = await add(own, 'copied');
  const engine = { ...model.engine, contextSize: 1024 };
  await wired.client.call('models.configure', { id: model.id, engine });
  const present = async () => (await list()).find(({ id }) => id === model.id);

  await rename(folder, `${folder}-unplugged`);
  expect(await present()).toMatchObject({ fileState: 'missing', engine });
  await expect(wired.client.call('models.load', { id: model.id })).rejects.toMatchObject({
    code: 'model-file-missing',
  });
  const { folder: dataFolder } = wired;
  await wired.close();
  wired = await startWiredApp({ folder: dataFolder });
  expect(await present()).toMatchObject({ fileState: 'missing', engine });
  await rename(`${folder}-unplugged`, folder);
  expect(await present()).toMatchObject({ fileState: 'present', engine, path: model.path });
  expect((await wired.client.call('settings.change', {})).modelsFolder).toBe(folder);
  await wired.client.call('models.load', { id: model.id });
  expect((await ask(wired.client, 'Hello!')).answer.text).toBe('Hello! How can I help you today?');
});

// Catches copies that land on the system's disk, under the name of a disk that is not connected, and are hidden by it.
test('nothing is copied into a models folder whose disk is gone', async () => {
  const folder = join(wired.folder, 'disk');
  await wired.client.call('settings.change', { modelsFolder: folder });
  await add(own, 'copied');
  await rename(folder, `${folder}-unplugged`);
  await expect(add(own, 'copied')).rejects.toMatchObject({
    code: 'folder-missing',
    details: { path: folder },
  });
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});
