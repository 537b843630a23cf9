// Where a person wants the models to be, checked before the first byte.
import { mkdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import { asCopyError } from '../copy-files.ts';
import { isEmptyFolder, isInside } from './list-files.ts';
import { MoveJournal } from './move-journal.ts';

/** Made inside a folder that has other things in it. */
const OWN_FOLDER = 'Lapidary models';

/**
 * The real path of an empty folder at `chosen`, or of the one that an earlier attempt `began` to fill; a folder with
 * other things in it gets a folder of ours. A journal alone is no earlier attempt: anyone can put one on a disk.
 * @throws AppError folder-missing (nothing to make it in), folder-not-empty (inside `source`, or not writable).
 */
export async function prepareTarget(chosen: string, source: string, began: string | null): Promise<string> {
  if (!isAbsolute(chosen)) throw unusable(chosen);
  const { signal } = new AbortController();
  try {
    const given = await makeFolder(chosen);
    for (const folder of [given, join(given, OWN_FOLDER)]) {
      if (isInside(folder, source)) throw unusable(folder);
      const begun = folder === began && (await MoveJournal.read(folder))?.from === source;
      if (begun || (await isEmptyFolder(folder))) return await makeFolder(folder);
    }
    throw unusable(chosen);
  } catch (error) {
    throw asCopyError(error, signal, chosen);
  }
}

async function makeFolder(folder: string): Promise<string> {
  // On a disk that can't be written, the recursive form says that something is missing; the plain one tells the truth.
  await mkdir(folder, { recursive: true }).catch(() => mkdir(folder));
  if (!(await stat(folder)).isDirectory()) throw unusable(folder);
  return realpath(folder);
}

function unusable(folder: string): AppError {
  return new AppError('folder-not-empty', `${folder} can't take the models`);
}
