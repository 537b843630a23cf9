// What a parser gets and what it gives. Parsers know nothing of batches, of the limit on characters and of progress
// reports: read-document.ts sees to those.
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '#contract/errors.ts';
import type { FileToRead, ReadBlock, ReadLimits, ReadNote } from '#contract/reader.ts';

export interface Source extends FileToRead {
  handle: FileHandle;
  sizeBytes: number;
  /** The first bytes of the file. */
  head: Buffer;
  limits: ReadLimits;
}

/** Some blocks, maybe none, and how much of the document is done by then, from 0 to 1. */
export interface Piece {
  blocks: ReadBlock[];
  progress: number;
}

/** What a parser finds out about the document; filled in as early as it is known, since reading may end before its end. */
export interface About {
  title: string | null;
  pages: number | null;
  notes: ReadNote[];
}

export type Parser = (source: Source, about: About) => AsyncGenerator<Piece, void, void>;

export const HEAD_BYTES = 64 * 1024;

/** @throws AppError file-missing, file-unreadable, file-empty, file-too-large */
export async function openSource(file: FileToRead, limits: ReadLimits): Promise<Source> {
  const handle = await open(file.path, 'r').catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' || cause.code === 'ENOTDIR' ? 'file-missing' : 'file-unreadable';
    throw new AppError(code, 'The file does not open', { cause });
  });
  try {
    const stat = await handle.stat();
    // Reading from a pipe or a device could wait for ever.
    if (!stat.isFile()) throw new AppError('file-unreadable', 'Not a file');
    if (stat.size === 0) throw new AppError('file-empty', 'The file has no bytes');
    if (stat.size > limits.fileBytes) throw tooLarge(limits.fileBytes);
    const head = await readAt(handle, 0, Math.min(HEAD_BYTES, stat.size));
    return { ...file, handle, sizeBytes: stat.size, head, limits };
  } catch (error) {
    await handle.close();
    throw error instanceof AppError ? error : unreadable(error);
  }
}

/** For what is held in memory as a whole. @throws AppError file-too-large */
export function refuseLarger({ sizeBytes }: Source, limitBytes: number): void {
  if (sizeBytes > limitBytes) throw tooLarge(limitBytes);
}

/** @throws AppError file-unreadable */
export async function readAll({ handle, sizeBytes }: Source): Promise<Buffer> {
  return readAt(handle, 0, sizeBytes);
}

/** Fewer bytes at the end of the file. @throws AppError file-unreadable */
export async function readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle
      .read(buffer, done, length - done, from + done)
      .catch((cause: unknown) => {
        throw unreadable(cause);
      });
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

function tooLarge(limitBytes: number): AppError {
  return new AppError('file-too-large', 'The file is over the limit', { details: { limitBytes } });
}

function unreadable(cause: unknown): AppError {
  return new AppError('file-unreadable', 'The file can not be read', { cause });
}
