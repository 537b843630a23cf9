// Copying a model: a full disk must not end the host, two copies must not mix, a stop must leave nothing.
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  asCopyError,
  copyFiles,
  removeUnfinishedCopies,
} from '../../../src-main/services/models/copy-files.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-copy-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function copy(from: string, to: string, signal = new AbortController().signal): Promise<number> {
  let steps = 0;
  for await (const _ of copyFiles([{ from, to }], { signal, verify: false })) steps += 1;
  return steps;
}

test('a disk without room is refused by name before the first byte', async (context) => {
  const disk = mountSmallDisk(context, 'size=4m');
  await writeFile(join(folder, 'a'), Buffer.alloc(6_000_000));
  await expect(copy(join(folder, 'a'), join(disk, 'b'))).rejects.toMatchObject({ code: 'disk-full' });
  expect(await readdir(disk)).toEqual([]);
});

test('a disk that fills up while copying is named, and the rest is removed', async (context) => {
  const disk = mountSmallDisk(context, 'size=230m');
  await writeFile(join(folder, 'a'), Buffer.alloc(20_000_000, 1));
  const copying = (async () => {
    const files = [{ from: join(folder, 'a'), to: join(disk, 'b') }];
    const { signal } = new AbortController();
    for await (const { doneBytes } of copyFiles(files, { signal, verify: false })) {
      if (doneBytes < 5_000_000) await writeFile(join(disk, 'ballast'), Buffer.alloc(228_000_000));
    }
  })();
  await expect(copying).rejects.toMatchObject({ code: 'disk-full' });
  expect(await readdir(disk)).toEqual(['ballast']);
});

test('two copies at once stay two whole files', async () => {
  await writeFile(join(folder, 'a'), Buffer.alloc(20_000_000, 'a'));
  await writeFile(join(folder, 'b'), Buffer.alloc(18_000_000, 'b'));
  await Promise.all([
    copy(join(folder, 'a'), join(folder, 'to-a')),
    copy(join(folder, 'b'), join(folder, 'to-b')),
  ]);
  for (const name of ['a', 'b']) {
    const [from, to] = await Promise.all([
      readFile(join(folder, name)),
      readFile(join(folder, `to-${name}`)),
    ]);
    expect(from.equals(to)).toBe(true);
  }
});

test('a stopped copy leaves nothing behind', async () => {
  await writeFile(join(folder, 'a'), Buffer.alloc(30_000_000));
  const stop = new AbortController();
  const copying = (async () => {
    const files = [{ from: join(folder, 'a'), to: join(folder, 'b') }];
    for await (const _ of copyFiles(files, { signal: stop.signal, verify: false })) stop.abort();
  })();
  await expect(copying).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readdir(folder)).toEqual(['a']);
});

test('parts appear together, with the checksums of what they hold', async () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  await writeFile(join(folder, 'a'), 'first');
  await writeFile(join(folder, 'b'), 'second');
  const files = ['a', 'b'].map((name) => ({ from: join(folder, name), to: join(folder, 'to', name) }));
  const copying = copyFiles(files, { signal: new AbortController().signal, verify: true });
  const steps: string[] = [];
  for (let next = await copying.next(); ; next = await copying.next()) {
    if (next.done) {
      expect(next.value).toEqual([sha256('first'), sha256('second')]);
      break;
    }
    steps.push(`${next.value.type} ${next.value.doneBytes}/${next.value.totalBytes}`);
  }
  expect(steps).toEqual(['copying 5/11', 'copying 11/11', 'verifying 5/11', 'verifying 11/11']);
  expect((await readdir(join(folder, 'to'))).toSorted()).toEqual(['a', 'b']);
});

test('a listener that walks away in the middle leaves nothing behind', async () => {
  await writeFile(join(folder, 'a'), Buffer.alloc(5_000_000));
  const files = [{ from: join(folder, 'a'), to: join(folder, 'b') }];
  for await (const _ of copyFiles(files, { signal: new AbortController().signal, verify: true })) break;
  expect(await readdir(folder)).toEqual(['a']);
});

test('what a killed copy left is swept away, and nothing else', async () => {
  const kept = ['a.gguf', 'b.gguf.part', 'c.0.part'];
  const left = `a.gguf.${randomUUID()}.part`;
  for (const name of [...kept, left]) await writeFile(join(folder, name), '');
  await removeUnfinishedCopies(folder);
  await removeUnfinishedCopies(join(folder, 'nowhere'));
  expect((await readdir(folder)).toSorted()).toEqual(kept);
});

// Catches "the models folder is not there" for a fault of ours, which the log would then never see.
test('only what the system says becomes words about a folder', () => {
  const { signal } = new AbortController();
  const fault = new TypeError('x is undefined');
  expect(asCopyError(fault, signal, folder)).toBe(fault);
  const gone = Object.assign(new Error('ENODEV'), { code: 'ENODEV', syscall: 'write' });
  expect(asCopyError(gone, signal, folder)).toMatchObject({ code: 'folder-missing' });
});

// Catches a long name that can be read but not copied: the mark of an unfinished copy made it too long.
test('a name as long as a file system takes can be copied', async () => {
  const name = `${'n'.repeat(250)}.gguf`;
  await writeFile(join(folder, 'a'), 'GGUF');
  await copy(join(folder, 'a'), join(folder, name));
  expect(await readdir(folder)).toEqual(['a', name].toSorted());
});
