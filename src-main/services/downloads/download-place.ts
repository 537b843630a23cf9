// Where the files of a download lie: found again by the journals beside them, in the folder where they were begun or
// in the models folder of now, so that a folder may be moved or unplugged and come back.
import { mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { DownloadSource } from '#contract/downloads.ts';
import { readPartName } from '../../lib/gguf-parts.ts';
import { journalPath, readJournal, type JournalContent } from './transfer/journal.ts';

export interface FilePlace {
  /** While it is fetched. */
  partPath: string;
  /** Once it is whole and right. */
  finalPath: string;
}

export interface DownloadPlace {
  /** The models folder, of now or of then. */
  folder: string;
  files: FilePlace[];
}

export interface Folders {
  modelsFolder: string;
  /** Ours is made when it is needed; one that a person chose is gone when its disk is. */
  isDefault: boolean;
}

/**
 * The place where the download was begun, else a free one, which is then there.
 * @throws AppError folder-missing
 */
export async function findPlace(
  { source, begunIn }: { source: DownloadSource; begunIn: string | null },
  { modelsFolder, isDefault }: Folders,
  taken: ReadonlySet<string>,
): Promise<DownloadPlace> {
  for (const folder of new Set([begunIn ?? modelsFolder, modelsFolder])) {
    const begun = await findBegun(source, folder);
    if (begun) return begun;
  }
  if (begunIn !== null && begunIn !== modelsFolder) await requireFolder(begunIn);
  if (!isDefault) await requireFolder(modelsFolder);
  for (let number = 1; ; number++) {
    const place = placeAt(source, modelsFolder, number);
    const busy = place.files.map(async (file) => taken.has(file.partPath) || (await isOccupied(file)));
    if ((await Promise.all(busy)).includes(true)) continue;
    await mkdir(dirname(place.files[0]?.partPath ?? ''), { recursive: true });
    return place;
  }
}

/** Whether the file is whole, right, and has its name: only entering it is left. */
export async function isPlaced({ partPath, finalPath }: FilePlace): Promise<JournalContent | null> {
  const journal = await readJournal(journalPath(partPath));
  if (journal?.verified == null || (await sizeOf(partPath)) !== null) return null;
  return (await sizeOf(finalPath)) === journal.identity.sizeBytes ? journal : null;
}

/**
 * Gives whole files their names and returns the paths. Nothing is overwritten: where somebody has put a file of that
 * name meanwhile, ours gets a number.
 */
export async function giveNames({ files }: DownloadPlace): Promise<string[]> {
  const paths: string[] = [];
  for (const { partPath, finalPath } of files) {
    const waiting = (await sizeOf(partPath)) !== null;
    const path = waiting ? await freeName(finalPath) : finalPath;
    if (waiting) await rename(partPath, path);
    paths.push(path);
  }
  await syncFolder(dirname(paths[0] ?? ''));
  return paths;
}

async function freeName(path: string): Promise<string> {
  for (let number = 2, free = path; ; number++) {
    if ((await sizeOf(free)) === null) return free;
    free = path.replace(/(\.gguf)$/i, ` (${number})$1`);
  }
}

export async function removeJournals(files: FilePlace[]): Promise<void> {
  await Promise.all(files.map(({ partPath }) => rm(journalPath(partPath), { force: true })));
}

/** Throws away what was fetched. `isModel` tells of files that have become somebody's model meanwhile. */
export async function removeFetched(place: DownloadPlace, isModel: (path: string) => boolean): Promise<void> {
  for (const file of place.files) {
    if ((await isPlaced(file)) && !isModel(place.files[0]?.finalPath ?? '')) await rm(file.finalPath);
    await rm(file.partPath, { force: true });
    await rm(journalPath(file.partPath), { force: true });
  }
  const folder = dirname(place.files[0]?.partPath ?? '');
  if (folder !== place.folder) await rmdir(folder).catch(() => {}); // Others have put things there.
}

/** The place with a journal of this download, whatever number its name got. */
export async function findBegun(source: DownloadSource, folder: string): Promise<DownloadPlace | null> {
  for (let number = 1; ; number++) {
    const place = placeAt(source, folder, number);
    const journals = await Promise.all(place.files.map(({ partPath }) => readJournal(journalPath(partPath))));
    if (journals.some((journal, index) => isOf(journal, source, index))) return place;
    const occupied = await Promise.all(place.files.map(isOccupied));
    if (!occupied.includes(true)) return null;
  }
}

function isOf(journal: JournalContent | null, source: DownloadSource, index: number): boolean {
  const { repository, revision, path } = journal?.identity ?? {};
  return (
    repository === source.repository && revision === source.revision && path === source.files[index]?.path
  );
}

/** A model of several files gets a folder of its own, as its files must keep their names. */
function placeAt({ files }: DownloadSource, folder: string, number: number): DownloadPlace {
  const mark = number === 1 ? '' : ` (${number})`;
  const first = basename(files[0]?.path ?? '');
  const stem = readPartName(first)?.stem ?? first.replace(/\.gguf$/i, '');
  const names =
    files.length === 1
      ? [join(folder, `${stem}${mark}.gguf`)]
      : files.map(({ path }) => join(folder, `${stem}${mark}`, basename(path)));
  return { folder, files: names.map((finalPath) => ({ finalPath, partPath: `${finalPath}.part` })) };
}

async function isOccupied({ partPath, finalPath }: FilePlace): Promise<boolean> {
  const sizes = await Promise.all([finalPath, partPath, journalPath(partPath)].map(sizeOf));
  return sizes.some((size) => size !== null);
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.size ?? null;
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) {
    throw new AppError('folder-missing', `${folder} is not there`, { details: { path: folder } });
  }
}

/** So that the new names survive a loss of power. Windows neither offers nor needs it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}
