// Records come on sticks that anyone may have prepared, and from systems that write names in other ways.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { exportModel } from '../../../../src-main/services/models/export-model.ts';
import { readRecord, recordPath } from '../../../../src-main/services/models/model-record.ts';
import { ownModel } from '../../../support/fake-data.ts';

const { signal } = new AbortController();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-record-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function putModel(name: string, others: { name: string; sizeBytes: number }[] = []): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, 'GGUF');
  const files = [{ name, sizeBytes: 4 }, ...others].map((file) => ({ ...file, sha256: 'a'.repeat(64) }));
  const record = { version: 1, name: 'A model', licence: null, origin: null, files };
  await writeFile(recordPath(path), JSON.stringify(record));
  return path;
}

// Catches a record that is passed over, and with it the check, because the disk writes ü as u and two dots.
test('a name may be written in another normal form', async () => {
  const path = await putModel('müll.gguf'.normalize('NFC'));
  const decomposed = join(folder, basename(path).normalize('NFD'));
  await writeFile(decomposed, 'GGUF');
  await writeFile(recordPath(decomposed), await readFile(recordPath(path)));
  expect((await readRecord(decomposed))?.name).toBe('A model');
});

// Catches a prepared stick that stops a thread of ours for ever: nobody writes into a pipe or socket of its own.
test.skipIf(process.platform === 'win32')('a file of a record must be a plain one', async () => {
  const path = await putModel('m.gguf', [{ name: 'pipe', sizeBytes: 0 }]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'pipe'), resolve));
  onTestFinished(() => void server.close());
  await expect(readRecord(path)).rejects.toMatchObject({
    code: 'model-part-missing',
    details: { part: 'pipe' },
  });
});

test.each(['..', '.', 'folder'])('%j is no file of a record', async (name) => {
  await mkdir(join(folder, 'folder'));
  const path = await putModel('m.gguf', [{ name, sizeBytes: (await stat(join(folder, name))).size }]);
  await expect(readRecord(path)).rejects.toMatchObject({ code: 'model-part-missing' });
});

// Catches an export that fails with its last step and leaves files which look like a whole one.
test('an export whose record can not be written leaves nothing behind', async () => {
  const path = join(folder, 'm.gguf');
  await writeFile(path, 'GGUF');
  const stick = join(folder, 'stick');
  await mkdir(join(recordPath(join(stick, 'm.gguf'))), { recursive: true });
  const sha256 = createHash('sha256').update('GGUF').digest('hex');
  const exporting = async (): Promise<void> => {
    for await (const _ of exportModel(
      { ...ownModel, path, sha256 },
      { folder: stick, taken: new Set() },
      signal,
    ));
  };
  await expect(exporting()).rejects.toMatchObject({ code: expect.any(String) });
  expect(await readdir(stick)).toEqual(['m.gguf.lapidary.json']);
});
