// What the channels add to the services: two windows at once, and files that the system does not let go.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Model } from '#contract/models.ts';
import { createBrowserHost } from '../../../../src-main/hosts/browser/browser-host.ts';
import { modelFileHandlers } from '../../../../src-main/services/models/model-file-handlers.ts';
import { ownModel } from '../../../support/fake-data.ts';

const { signal } = new AbortController();
let folder: string;
let models: Model[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-handlers-'));
  models = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function addModel(name: string, content: string): Promise<void> {
  const path = join(folder, name, 'same.gguf');
  await mkdir(join(folder, name));
  await writeFile(path, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  models.push({ ...ownModel, id: models.length + 1, path, sha256, placement: 'copied' });
}

function handlers() {
  const library = {
    get: (id: number) => models[id - 1],
    remove: (id: number, dispose: (path: string) => Promise<void>) => dispose(models[id - 1]?.path ?? ''),
  };
  const inference = { wantedModel: () => null };
  const log = { info: () => {}, error: () => 'id', flush: async () => {} };
  return modelFileHandlers(() => ({ library, inference, storage: {} }) as never, createBrowserHost(log));
}

// Catches the second of two exports that takes the name of the first, and its place.
test('two exports of one name at once are two files', async () => {
  await addModel('a', 'a'.repeat(3_000_000));
  await addModel('b', 'b'.repeat(3_000_000));
  const stick = join(folder, 'stick');
  await mkdir(stick);
  const exporter = handlers()['models.export'];
  const run = async (id: number): Promise<void> => {
    for await (const _ of exporter({ id, folder: stick }, signal));
  };
  await Promise.all([run(1), run(2)]);
  const names = (await readdir(stick)).filter((name) => name.endsWith('.gguf'));
  const contents = await Promise.all(
    names.map(async (name) => (await readFile(join(stick, name), 'utf8'))[0]),
  );
  expect(new Set(contents)).toEqual(new Set(['a', 'b']));
  expect(await readdir(stick)).toHaveLength(4);
});

// Catches "something unexpected" for a file that another program holds.
test('a file that can not be deleted is named as such', async () => {
  await addModel('a', 'GGUF');
  await rm(models[0]?.path ?? '');
  await mkdir(models[0]?.path ?? ''); // What no right or a lock does elsewhere.
  const removing = handlers()['models.remove']({ id: 1, file: 'delete' }, signal);
  await expect(removing).rejects.toMatchObject({ code: 'model-file-not-removed' });
});
