// What the disk says while a download is written, in the app's own error codes, with the numbers a person needs.
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, type ErrorCode } from '#contract/errors.ts';

const CODES: Record<string, ErrorCode> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-file-limit',
};

/** What kept us from writing `path`, with `missingBytes` still to come. */
export async function toDiskError(thrown: unknown, path: string, missingBytes: number): Promise<unknown> {
  if (thrown instanceof AppError || !(thrown instanceof Error) || !('syscall' in thrown)) return thrown;
  const folder = dirname(path);
  const there = await stat(folder).catch(() => null);
  const code = there ? CODES[(thrown as NodeJS.ErrnoException).code ?? ''] : 'folder-missing';
  if (code === undefined) return thrown;
  if (code !== 'disk-full')
    return new AppError(code, String(thrown), { cause: thrown, details: { path: folder } });
  const freeBytes = await freeBytesOf(folder);
  return new AppError(code, String(thrown), {
    cause: thrown,
    details: { neededBytes: missingBytes, freeBytes },
  });
}

/** @throws AppError disk-full (neededBytes, freeBytes) when less is free than `neededBytes` and `spareBytes`. */
export async function requireRoom(folder: string, neededBytes: number, spareBytes: number): Promise<void> {
  const freeBytes = await freeBytesOf(folder);
  if (freeBytes >= neededBytes + spareBytes) return;
  throw new AppError('disk-full', `No room in ${folder}`, { details: { neededBytes, freeBytes } });
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
