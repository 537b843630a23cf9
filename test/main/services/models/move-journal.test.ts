// A journal lies on a disk that may have been anywhere: what somebody else wrote into it must never reach a file
// outside the folder it lies in.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderUse } from '../../../../src-main/services/models/folder-use.ts';
import { FolderMove } from '../../../../src-main/services/models/move/move-folder.ts';
import { JOURNAL_NAME } from '../../../../src-main/services/models/move/list-files.ts';
import { MoveJournal } from '../../../../src-main/services/models/move/move-journal.ts';

let folder: string;
let source: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-journal-'));
  source = join(folder, 'models');
  target = join(folder, 'stick');
  await mkdir(source);
  await mkdir(target);
  await writeFile(join(folder, 'letter.txt'), 'mine');
  await writeFile(join(source, 'a.gguf'), 'model');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const letter = (): Promise<string> => readFile(join(folder, 'letter.txt'), 'utf8');

async function plant(...names: string[]): Promise<void> {
  const entry = (name: string) => ({ type: 'file', name, sizeBytes: 4, modifiedAt: 1, sha256: null });
  const lines = [{ type: 'begin', version: 1, from: source }, ...names.map(entry)];
  await writeFile(join(target, JOURNAL_NAME), lines.map((line) => JSON.stringify(line)).join('\n'));
}

async function move(): Promise<void> {
  const mover = new FolderMove({
    dataFolder: folder,
    folderUse: new FolderUse(),
    source: async () => source,
    switchTo: async () => {},
    log: { info: () => {}, error: () => 'id', flush: async () => {} },
  });
  for await (const _ of mover.move(target, new AbortController().signal));
}

test.each(['..', '../letter.txt', 'a/../../letter.txt', '/letter.txt', '', '.', 'a/..'])(
  'a line about %j is passed over',
  async (name) => {
    await plant(name, 'below/b.gguf', '..c.gguf');
    const journal = await MoveJournal.read(target);
    expect(journal?.files.map((file) => file.name)).toEqual(['below/b.gguf', '..c.gguf']);
  },
);

// Catches a stick that deletes a person's files when it is chosen for the models.
test('a journal that this machine did not begin is not gone on with', async () => {
  await plant('../letter.txt', 'folder/letter.txt');
  await symlink(folder, join(target, 'folder'));
  await move();
  expect(await letter()).toBe('mine');
  expect(await readFile(join(target, 'Lapidary models', 'a.gguf'), 'utf8')).toBe('model');
});
