// Brings one file into another folder without touching the original: under a second name where the disk is the same,
// else as a copy that was read back.
import { link, mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#contract/errors.ts';
import { hashFile } from '../../../lib/hash-file.ts';
import { mapSteps } from '../../../lib/steps.ts';
import { copyWithHash, requireSpace } from '../copy-files.ts';
import { UNFINISHED_END } from './list-files.ts';

export interface TransferStep {
  type: 'copying' | 'verifying';
  doneBytes: number;
}

/**
 * Returns the sha256, or null when it is the same file under a second name. It is on the disk afterwards. A byte
 * counts half when copied and the other half when verified.
 * @throws AppError checksum-mismatch, model-file-unreadable, disk-full; else the file system's errors.
 */
export async function* transferFile(
  from: string,
  to: string,
  signal: AbortSignal,
): AsyncGenerator<TransferStep, string | null, void> {
  await mkdir(dirname(to), { recursive: true });
  // From an earlier attempt: no journal knows it, and the original is there.
  await rm(to, { force: true });
  if (await linked(from, to)) {
    await syncFolder(dirname(to));
    return null;
  }
  const partial = `${to}${UNFINISHED_END}`;
  await rm(partial, { force: true });
  const { size, mtimeMs } = await stat(from);
  await requireSpace(dirname(to), size);
  try {
    const hash = yield* mapSteps(copyWithHash(from, partial, signal), (bytes) => copying(bytes));
    const written = yield* mapSteps(hashFile(partial, signal), (bytes) => verifying(size, bytes));
    if (hash !== written) throw new AppError('checksum-mismatch', `The copy of ${from} differs`);
    // In the middle of the millisecond: rounding to and fro must not end in another one.
    const modified = (Math.trunc(mtimeMs) + 0.5) / 1000;
    await utimes(partial, modified, modified);
    await rename(partial, to);
    await syncFolder(dirname(to));
    return hash;
  } finally {
    await rm(partial, { force: true });
  }
}

const copying = (bytes: number): TransferStep => ({ type: 'copying', doneBytes: bytes / 2 });
const verifying = (size: number, bytes: number): TransferStep => ({
  type: 'verifying',
  doneBytes: (size + bytes) / 2,
});

/** False where it is another disk, or one that knows no second names. */
async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    () => false,
  );
}

/** Makes names in a folder last. Systems that can't do that for folders do it by themselves. */
async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Windows opens no folders.
  }
}
