// Copies the files of a model with progress and checksums: into partial files first, renamed when all are whole,
// removed when stopped.
import { createHash, randomUUID } from 'node:crypto';
import { open, mkdir, readdir, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, type ErrorCode } from '#contract/errors.ts';
import { HASH_PIECE_BYTES, hashFile } from '../../lib/hash-file.ts';
import { mapSteps } from '../../lib/steps.ts';

/** Left free on the disk after a copy, for the database and everybody else. */
const SPARE_BYTES = 200 * 1024 * 1024;

export interface FileCopy {
  from: string;
  to: string;
}

export interface CopyStep {
  type: 'copying' | 'verifying';
  /** Of all files together. */
  doneBytes: number;
  totalBytes: number;
}

/**
 * Yields progress; returns the sha256 of each file. With `verify` every copy is read back and compared.
 * @throws AppError disk-full (details neededBytes, freeBytes) before the first byte or when it fills up meanwhile,
 *   disk-file-limit, folder-missing, folder-not-empty (no right to write), model-file-unreadable, checksum-mismatch,
 *   or cancelled; nothing is left behind then.
 */
export async function* copyFiles(
  files: FileCopy[],
  { signal, verify }: { signal: AbortSignal; verify: boolean },
): AsyncGenerator<CopyStep, string[], void> {
  const sizes = await Promise.all(files.map(({ from }) => sizeOf(from)));
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  // Of a length of its own: the final name may be as long as names can be.
  const partialFor = (to: string): string => join(dirname(to), `copy.${randomUUID()}.part`);
  const copies = files.map((file) => ({ ...file, partial: partialFor(file.to) }));
  const renamed: string[] = [];
  try {
    for (const folder of new Set(files.map(({ to }) => dirname(to)))) await prepareFolder(folder, totalBytes);
    const hashes: string[] = [];
    let before = 0;
    for (const { from, partial } of copies) {
      hashes.push(yield* addedTo(before, totalBytes, copyWithHash(from, partial, signal)));
      before += sizes[hashes.length - 1] ?? 0;
    }
    if (verify) yield* readBack(copies, hashes, { sizes, totalBytes, signal });
    for (const { partial, to } of copies) {
      await rename(partial, to);
      renamed.push(to);
    }
    return hashes;
  } catch (error) {
    await Promise.all(renamed.map((path) => rm(path, { force: true })));
    throw asCopyError(error, signal, dirname(files[0]?.to ?? ''));
  } finally {
    await Promise.all(copies.map(({ partial }) => rm(partial, { force: true })));
  }
}

/** Yields the bytes done; returns the sha256 of what was read. `to` must not exist; it is on the disk afterwards. */
export async function* copyWithHash(
  from: string,
  to: string,
  signal: AbortSignal,
): AsyncGenerator<number, string, void> {
  await using input = await readable(() => open(from, 'r'));
  await using output = await open(to, 'wx');
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(HASH_PIECE_BYTES);
  for (let doneBytes = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead } = await readable(() => input.read(piece, 0, piece.length));
    if (bytesRead === 0) break;
    const part = piece.subarray(0, bytesRead);
    hash.update(part);
    await writeAll(output, part);
    doneBytes += bytesRead;
    yield doneBytes;
  }
  await output.sync();
  return hash.digest('hex');
}

/** Removes what copies left in `folder` when the app was killed. Never while one runs. */
export async function removeUnfinishedCopies(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const unfinished = names.filter((name) => /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/.test(name));
  // What can't be removed now is tried again at the next start.
  await Promise.allSettled(unfinished.map((name) => rm(join(folder, name))));
}

/** @throws AppError disk-full when `neededBytes` and some spare do not fit into the folder's disk. */
export async function requireSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes + SPARE_BYTES) return;
  throw new AppError('disk-full', `No room in ${folder}`, { details: { neededBytes, freeBytes } });
}

const CODES: Record<string, ErrorCode> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-file-limit',
  EACCES: 'folder-not-empty',
  EPERM: 'folder-not-empty',
  EROFS: 'folder-not-empty',
  EEXIST: 'folder-not-empty',
};

/** What went wrong while writing into `folder`, or why it was stopped. A fault of ours stays what it is. */
export function asCopyError(error: unknown, signal: AbortSignal, folder: string): unknown {
  if (error instanceof AppError) return error;
  if (signal.aborted) return new AppError('cancelled', 'Copying was cancelled', { cause: error });
  if (!(error instanceof Error && 'syscall' in error)) return error;
  const code = CODES[(error as NodeJS.ErrnoException).code ?? ''] ?? 'folder-missing';
  return new AppError(code, `Copying into ${folder} failed`, { cause: error, details: { path: folder } });
}

async function* readBack(
  copies: { from: string; partial: string }[],
  hashes: string[],
  { sizes, totalBytes, signal }: { sizes: number[]; totalBytes: number; signal: AbortSignal },
): AsyncGenerator<CopyStep, void, void> {
  let before = 0;
  for (const [index, { from, partial }] of copies.entries()) {
    const steps = addedTo(before, totalBytes, hashFile(partial, signal), 'verifying');
    if ((yield* steps) !== hashes[index]) {
      throw new AppError('checksum-mismatch', `The copy of ${from} is not what was written`);
    }
    before += sizes[index] ?? 0;
  }
}

function addedTo(
  before: number,
  totalBytes: number,
  source: AsyncGenerator<number, string, void>,
  type: CopyStep['type'] = 'copying',
): AsyncGenerator<CopyStep, string, void> {
  return mapSteps(source, (bytes) => ({ type, doneBytes: before + bytes, totalBytes }));
}

async function sizeOf(path: string): Promise<number> {
  return (await readable(() => stat(path))).size;
}

async function prepareFolder(folder: string, neededBytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await requireSpace(folder, neededBytes);
}

/** Errors of the side that is read have a code of their own. */
async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new AppError('model-file-unreadable', 'The file could not be read', { cause });
  }
}

async function writeAll(output: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await output.write(bytes, written, bytes.length - written)).bytesWritten;
  }
}
