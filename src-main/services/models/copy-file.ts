// Copies a model file with progress: into a partial file first, renamed when whole, removed when stopped.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#contract/errors.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;
/** Left free on the disk after a copy, for the database and everybody else. */
const SPARE_BYTES = 200 * 1024 * 1024;

export interface CopyProgress {
  doneBytes: number;
  totalBytes: number;
}

/**
 * Yields progress while copying `from` to `to`.
 * @throws AppError disk-full (details neededBytes, freeBytes) before the first byte or when it fills up meanwhile,
 *   model-file-unreadable, or cancelled; nothing is left behind then.
 */
export async function* copyFile(
  from: string,
  to: string,
  signal: AbortSignal,
): AsyncGenerator<CopyProgress, void, void> {
  const totalBytes = (await stat(from)).size;
  await mkdir(dirname(to), { recursive: true });
  await checkSpace(dirname(to), totalBytes);
  const partial = `${to}.${randomUUID()}.part`;
  try {
    yield* copyInto(partial, from, totalBytes, signal);
    await rename(partial, to);
  } catch (error) {
    throw asCopyError(error, signal);
  } finally {
    await rm(partial, { force: true });
  }
}

async function* copyInto(
  partial: string,
  from: string,
  totalBytes: number,
  signal: AbortSignal,
): AsyncGenerator<CopyProgress, void, void> {
  await using output = await open(partial, 'wx');
  let doneBytes = 0;
  for await (const chunk of createReadStream(from, { highWaterMark: CHUNK_BYTES, signal })) {
    await output.writeFile(chunk as Buffer);
    doneBytes += (chunk as Buffer).length;
    yield { doneBytes, totalBytes };
  }
  await output.sync();
}

async function checkSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes + SPARE_BYTES) return;
  throw new AppError('disk-full', `No room in ${folder}`, { details: { neededBytes, freeBytes } });
}

function asCopyError(error: unknown, signal: AbortSignal): AppError {
  if (signal.aborted) return new AppError('cancelled', 'Copying was cancelled', { cause: error });
  const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  return new AppError(full ? 'disk-full' : 'model-file-unreadable', 'Copying failed', { cause: error });
}
