// The list while files are looked at, on disks of different patience.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelRepository, StoredModel } from '../../../../src-main/database/model-repository.ts';
import { FolderUse } from '../../../../src-main/services/models/folder-use.ts';
import { ModelLibrary } from '../../../../src-main/services/models/model-library.ts';
import { ownModel } from '../../../support/fake-data.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-library-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function stored(id: number, name: string): StoredModel {
  const { fileState: _, ...model } = ownModel;
  return { ...model, id, path: join(folder, name), fileSizeBytes: 4, fileModifiedAt: 1 };
}

// Catches a model that was added and is gone again for seconds, because an older look at a slow disk ended later.
test('an older look that ends later does not bring the older list back', async () => {
  await writeFile(join(folder, 'new.gguf'), 'GGUF');
  // Each has 500 parts to be looked for.
  const slow = Array.from({ length: 20 }, (_, id) => stored(id + 10, `m${id}-00001-of-00500.gguf`));
  let list = slow;
  const library = new ModelLibrary({
    repository: { list: () => list } as unknown as ModelRepository,
    demo: null,
    modelsFolder: () => folder,
    folderUse: new FolderUse(),
    inspect: () => Promise.reject(new Error('Not in this test')),
    now: Date.now,
    log: { info: () => {}, error: () => 'id', flush: async () => {} },
  });
  for (const model of slow) {
    const { path } = model;
    await writeFile(path, 'GGUF');
    model.fileModifiedAt = Math.trunc((await stat(path)).mtimeMs);
  }
  const older = library.refresh();
  await new Promise((resolve) => setImmediate(resolve));
  list = [stored(1, 'new.gguf')];
  await library.refresh();
  await older;
  expect(library.list.value.map(({ id }) => id)).toEqual([1]);
});
