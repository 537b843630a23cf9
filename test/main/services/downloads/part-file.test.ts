// A partial file as one or several connections write it: bytes in any order become one right checksum, whatever the disk
// or another program does to them meanwhile is found, and what is not needed twice is not written twice.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BLOCK_BYTES } from '../../../../src-main/services/downloads/transfer/block-map.ts';
import { FileHashes } from '../../../../src-main/services/downloads/transfer/file-hashes.ts';
import { journalPath } from '../../../../src-main/services/downloads/transfer/journal.ts';
import { PartFile } from '../../../../src-main/services/downloads/transfer/part-file.ts';
import { StretchWriter } from '../../../../src-main/services/downloads/transfer/stretch-writer.ts';
import { BodyBuffers } from '../../../../src-main/services/network/body-buffers.ts';

const bytes = randomBytes(2 * BLOCK_BYTES + 5);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const identity = {
  repository: 'ada/gems',
  revision: 'main',
  path: 'gem.gguf',
  commit: null,
  sizeBytes: bytes.length,
  sha256,
  etag: null,
};

function temporaryPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-part-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'gem.gguf.part');
}

/** Writes from `start` to `end` in pieces of odd sizes, as a connection brings them. */
async function bring(part: PartFile, start: number, end: number): Promise<void> {
  const writer = new StretchWriter(part, start, new BodyBuffers());
  for (let at = start; at < end; at += 77_777) {
    writer.push(bytes.subarray(at, Math.min(end, at + 77_777)));
    if (at % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.drain();
}

/** Hashes as far as bytes are there, and a little time to notice what is wrong with them. */
async function hashed(part: PartFile, until: () => boolean): Promise<void> {
  const stop = new AbortController();
  const running = part.sha.run(stop.signal);
  await expect.poll(until).toBe(true);
  stop.abort();
  await running;
}

test('blocks from the last to the first, each in odd pieces', async () => {
  const part = await PartFile.create(temporaryPath(), identity, new FileHashes());
  await bring(part, 2 * BLOCK_BYTES, bytes.length);
  await bring(part, BLOCK_BYTES, 2 * BLOCK_BYTES);
  await Promise.all([
    hashed(part, () => part.sha.digest !== null),
    (async () => {
      await bring(part, 0, 100);
      await bring(part, 100, BLOCK_BYTES);
    })(),
  ]);
  expect(part.sha.digest).toBe(sha256);
  expect(readFileSync(part.path).equals(bytes)).toBe(true);
  await part.close();
});

test('one stretch over what is there already writes only the rest', async () => {
  const part = await PartFile.create(temporaryPath(), identity, new FileHashes());
  await bring(part, 0, BLOCK_BYTES + 1000);
  writeFileSync(part.path, Buffer.alloc(1000, 'mine'), { flag: 'r+' });
  await bring(part, 0, bytes.length);
  expect(part.map.complete).toBe(true);
  expect(readFileSync(part.path).subarray(0, 8).toString()).toBe('minemine');
  await part.close();
});

test('a block that was changed on the disk is forgotten, fetched again, and everything is right', async () => {
  const path = temporaryPath();
  const part = await PartFile.create(path, identity, new FileHashes());
  await bring(part, 0, bytes.length);
  // Only a wrong sum makes it look for the block, as comparing costs.
  await hashed(part, () => part.sha.digest === sha256);
  part.sha.restart();
  const file = await open(path, 'r+');
  await file.write(Buffer.from([bytes[BLOCK_BYTES]! ^ 1]), 0, 1, BLOCK_BYTES);
  await file.close();
  await hashed(part, () => !part.map.complete);
  expect(part.map.get(1).doneBytes).toBe(0);
  expect(part.sha.position).toBe(BLOCK_BYTES);
  await bring(part, BLOCK_BYTES, 2 * BLOCK_BYTES);
  await hashed(part, () => part.sha.digest !== null);
  expect(part.sha.digest).toBe(sha256);
  await part.close();
});

test('a disk that changes a block each time is given up: catches fetching the same block for ever', async () => {
  const path = temporaryPath();
  const part = await PartFile.create(path, { ...identity, sha256: null }, new FileHashes());
  await bring(part, 0, bytes.length);
  const wrong = async (): Promise<void> => {
    await bring(part, 0, BLOCK_BYTES);
    writeFileSync(path, Buffer.alloc(10, 'bad'), { flag: 'r+' });
  };
  await wrong();
  const running = part.sha.run(new AbortController().signal);
  const ended = expect(running).rejects.toMatchObject({
    code: 'download-damaged',
    details: { name: 'gem.gguf' },
  });
  for (let turn = 0; turn < 3; turn++) {
    await expect.poll(() => part.map.get(0).doneBytes).toBe(0);
    part.map.set(0, { doneBytes: 1, crc: 0 }); // as if a wrong byte had come
    await wrong();
  }
  await ended;
  await part.close();
});

test('opened again, half a block that is not what was written is fetched anew; the rest stays', async () => {
  const path = temporaryPath();
  const part = await PartFile.create(path, identity, new FileHashes());
  await bring(part, 0, BLOCK_BYTES + 5000);
  await part.close();
  truncateSync(path, BLOCK_BYTES + 100);
  const again = await PartFile.open(path, new FileHashes());
  expect(again?.map.doneBytes).toBe(BLOCK_BYTES);
  await again?.close();
});

test('without its journal, or with another file’s, it is no partial file', async () => {
  const path = temporaryPath();
  const part = await PartFile.create(path, identity, new FileHashes());
  await part.close();
  writeFileSync(journalPath(path), 'not a journal');
  expect(await PartFile.open(path, new FileHashes())).toBeNull();
  rmSync(journalPath(path));
  expect(await PartFile.open(path, new FileHashes())).toBeNull();
});
