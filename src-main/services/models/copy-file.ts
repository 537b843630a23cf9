// Copies a model file with progress: into a partial file first, renamed when whole, removed when stopped.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
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
  const partial = `${to}.part`;
  const output = createWriteStream(partial, { flush: true });
  let doneBytes = 0;
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: CHUNK_BYTES, signal })) {
      await write(output, chunk as Buffer);
      doneBytes += (chunk as Buffer).length;
      yield { doneBytes, totalBytes };
    }
    await new Promise<void>((resolve, reject) => {
      output.once('error', reject).once('close', resolve).end();
    });
    await rename(partial, to);
  } catch (error) {
    throw asCopyError(error, signal);
  } finally {
    output.destroy();
    await rm(partial, { force: true });
  }
}

function write(output: NodeJS.WritableStream, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
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
