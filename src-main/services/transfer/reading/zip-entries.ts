// The files inside a zip, as ChatGPT and Claude hand their exports out: only the list at the end of the file and the
// entries that are asked for are read, and those are unpacked piece by piece.
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { AppError } from '#contract/errors.ts';

export interface ZipEntry {
  name: string;
  /** Unpacked. */
  sizeBytes: number;
  packedBytes: number;
  packed: boolean;
  /** Where its own header begins in the zip. */
  at: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT_BYTES = 65_535;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_BYTES = 30;
const DEFLATED = 8;
const CHUNK_BYTES = 1024 * 1024;
/** A list of entries that is longer belongs to no export. */
const LONGEST_LIST_BYTES = 64 * 1024 * 1024;

export function isZip(firstBytes: Buffer): boolean {
  return firstBytes.length >= 4 && firstBytes.readUInt32LE(0) === 0x04034b50;
}

/** Throws `import-unreadable` for a zip that is damaged or larger than 4 GB. */
export async function zipEntries(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - END_BYTES - LONGEST_COMMENT_BYTES), size);
  const end = findEnd(tail);
  const listBytes = tail.readUInt32LE(end + 12);
  const listAt = tail.readUInt32LE(end + 16);
  if (listBytes > LONGEST_LIST_BYTES || listAt + listBytes > size) throw unreadable();
  return readList(await readAt(file, listAt, listAt + listBytes));
}

/** The unpacked bytes of one entry. */
export async function* zipEntryChunks(
  path: string,
  file: FileHandle,
  entry: ZipEntry,
): AsyncGenerator<Buffer, void, void> {
  const local = await readAt(file, entry.at, entry.at + LOCAL_BYTES);
  if (local.length < LOCAL_BYTES) throw unreadable();
  const start = entry.at + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (entry.packedBytes === 0) return;
  const end = start + entry.packedBytes - 1;
  const packed = createReadStream(path, { start, end, highWaterMark: CHUNK_BYTES });
  // An error of either stream ends the loop over the last one.
  if (entry.packed) yield* pipeline(packed, createInflateRaw({ chunkSize: CHUNK_BYTES }), () => {});
  else yield* packed;
}

function findEnd(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1)
    if (tail.readUInt32LE(at) === END_SIGNATURE) return at;
  throw unreadable();
}

function readList(list: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === ENTRY_SIGNATURE;) {
    const nameBytes = list.readUInt16LE(at + 28);
    entries.push({
      name: list.toString('utf8', at + 46, at + 46 + nameBytes),
      packed: list.readUInt16LE(at + 10) === DEFLATED,
      packedBytes: list.readUInt32LE(at + 20),
      sizeBytes: list.readUInt32LE(at + 24),
      at: list.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
  return entries;
}

async function readAt(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

function unreadable(): AppError {
  return new AppError('import-unreadable', 'The zip is damaged');
}
