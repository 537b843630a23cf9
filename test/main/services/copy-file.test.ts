// Copying a model: a full disk must not end the host, two copies must not mix, a stop must leave nothing.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyFile } from '../../../src-main/services/models/copy-file.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-copy-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function copy(from: string, to: string, signal = new AbortController().signal): Promise<number> {
  let steps = 0;
  for await (const _ of copyFile(from, to, signal)) steps += 1;
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
    for await (const { doneBytes } of copyFile(
      join(folder, 'a'),
      join(disk, 'b'),
      new AbortController().signal,
    )) {
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
    for await (const _ of copyFile(join(folder, 'a'), join(folder, 'b'), stop.signal)) stop.abort();
  })();
  await expect(copying).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readdir(folder)).toEqual(['a']);
});
