// The files of a models folder, whoever put them there.
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

const MAX_DEPTH = 6;
/** What systems and file managers leave in every folder. */
const LEFTOVERS = new Set([
  '.DS_Store',
  'Thumbs.db',
  'desktop.ini',
  'lost+found',
  'System Volume Information',
  '$RECYCLE.BIN',
  'found.000',
]);
/** Written by moves themselves. */
export const JOURNAL_NAME = '.lapidary-move.jsonl';
export const UNFINISHED_END = '.lapidary-moving';

export interface ListedFile {
  /** Relative to the folder. */
  name: string;
  sizeBytes: number;
  /** ms, without fractions. */
  modifiedAt: number;
}

/** `path` is `parent` or lies below it. */
export function isInside(path: string, parent: string): boolean {
  const way = relative(parent, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** All plain files below `folder`, by name; links and what a system puts there are left out. Throws ENOENT and others. */
export async function listFiles(folder: string): Promise<ListedFile[]> {
  const found = await listBelow(folder, MAX_DEPTH);
  const files = found.map(async (path) => {
    const { size, mtimeMs } = await stat(path);
    return { name: relative(folder, path), sizeBytes: size, modifiedAt: Math.trunc(mtimeMs) };
  });
  return (await Promise.all(files)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Nothing of a person's is in it. A folder that is not there is empty. */
export async function isEmptyFolder(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.every((name) => LEFTOVERS.has(name) || name.startsWith('.Trash-'));
}

/** Removes the folders at and below `folder` that hold nothing, and what a killed transfer left half done in them. */
export async function removeEmptyFolders(folder: string, depthLeft = MAX_DEPTH): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith(UNFINISHED_END)) await rm(path, { force: true });
    if (entry.isDirectory() && depthLeft > 0) await removeEmptyFolders(path, depthLeft - 1);
  }
  await rmdir(folder).catch(() => {}); // It has things in it.
}

async function listBelow(folder: string, depthLeft: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (LEFTOVERS.has(entry.name) || entry.name === JOURNAL_NAME || entry.name.endsWith(UNFINISHED_END))
      return [];
    if (entry.isFile()) return [path];
    return entry.isDirectory() && depthLeft > 0 ? listBelow(path, depthLeft - 1) : [];
  });
  return (await Promise.all(below)).flat();
}
