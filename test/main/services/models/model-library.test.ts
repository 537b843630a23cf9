// What enters the list by itself, as downloads do: under the name, origin and checksum that it came with.
import { copyFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FolderUse } from '../../../../src-main/services/models/folder-use.ts';
import { ModelLibrary } from '../../../../src-main/services/models/model-library.ts';
import { header } from '../../../support/fake-data.ts';
import { TINY_MODEL } from '../../../support/gguf-files.ts';
import { createPlace, openAt } from '../../database/database-fixture.ts';

const origin = { repository: 'g/tiny', revision: 'f'.repeat(40), path: 'tiny.gguf' };
const sha256 = 'a'.repeat(64);

async function open() {
  const place = createPlace();
  const path = join(place.folder, 'fetched.gguf');
  await copyFile(TINY_MODEL, path);
  const library = new ModelLibrary({
    repository: (await openAt(place)).models,
    demo: null,
    modelsFolder: () => place.folder,
    folderUse: new FolderUse(),
    inspect: async () => ({ header, memory: { ...NEED } }),
    now: place.now,
    log: { info: () => {}, error: () => 'id', flush: async () => {} },
  });
  return { library, path };
}

const NEED = { contextSize: 8192, weightsBytes: 1, contextBytes: 1, totalBytes: 2, freeBytes: 3 };

test('a fetched file enters under the name, origin and checksum it came with', async () => {
  const { library, path } = await open();
  const entered = await library.enter(path, { name: 'Tiny of the catalogue', origin, sha256 });
  const about = { name: 'Tiny of the catalogue', origin, sha256, placement: 'copied', path };
  expect(entered).toMatchObject({ ...about, fileState: 'present', sizeBytes: 2_809_920 });
  expect(library.list.value).toEqual([entered]);
});

// Catches a second entry, or lost settings, after a damaged file was fetched again.
test('fetched again over the same file it renews its entry; without a name it has that of its header', async () => {
  const { library, path } = await open();
  const first = await library.enter(path, { name: 'Tiny', origin, sha256: null });
  await utimes(path, 1_700_000_000, 1_700_000_000);
  const again = await library.enter(path, { name: null, origin, sha256 });
  expect(again).toMatchObject({ id: first.id, name: header.name, sha256, fileState: 'present' });
  expect(library.list.value).toHaveLength(1);
});

test('what is gone before it was entered is refused by name', async () => {
  const { library, path } = await open();
  const entering = library.enter(`${path}.gone`, { name: null, origin, sha256 });
  await expect(entering).rejects.toMatchObject({ code: 'model-file-missing' });
  expect(library.list.value).toEqual([]);
});
