// What the file system says of a model's files.
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, parse } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import { firstPart, partPaths, readPartName } from '../../lib/gguf-parts.ts';

/** Of a name that is made up, ending not included; a file system takes 255. */
const LONGEST_NAME_BYTES = 180;

export interface FileFacts {
  /** Of the first part, where a model has several. */
  path: string;
  fileSizeBytes: number;
  fileModifiedAt: number;
  /** All parts together. */
  sizeBytes: number;
}

/**
 * The lasting path, size and age of a file that a person named; of any part of a split one, those of its first.
 * @throws AppError model-file-missing, model-part-missing (another part was named), model-file-unreadable (no plain
 *   file, or no right to read it).
 */
export async function readFileFacts(named: string): Promise<FileFacts> {
  const wanted = firstPart(named.trim());
  try {
    const path = await lastingPath(wanted);
    const found = await stat(path);
    if (!found.isFile()) throw new AppError('model-file-unreadable', `${path} is no file`);
    const sizeBytes = await totalSize(await filesOf(path));
    return { path, fileSizeBytes: found.size, fileModifiedAt: Math.trunc(found.mtimeMs), sizeBytes };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && wanted !== named.trim()) {
      const details = { part: basename(wanted) };
      throw new AppError('model-part-missing', `${wanted} is missing`, { cause: error, details });
    }
    const code = missing ? 'model-file-missing' : 'model-file-unreadable';
    throw new AppError(code, `Can't read ${named}`, { cause: error });
  }
}

/**
 * Where links end, so that one file has one path. Parts of a split model keep the names by which they find each
 * other: in a cache like Hugging Face's those are links to files without such names.
 */
async function lastingPath(path: string): Promise<string> {
  const real = await realpath(path);
  if (!readPartName(path) || readPartName(real)) return real;
  return join(await realpath(dirname(path)), basename(path));
}

/** The files of the model whose first part is `path`, as far as they are there. */
export async function filesOf(path: string): Promise<string[]> {
  const parts = partPaths(path);
  const there = await Promise.all(parts.map(exists));
  return parts.filter((_, index) => there[index]);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Whether the files are still those that were added. */
export async function fileStateOf(path: string, known: Omit<FileFacts, 'path'>): Promise<Model['fileState']> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return 'missing';
  const same = found.size === known.fileSizeBytes && Math.trunc(found.mtimeMs) === known.fileModifiedAt;
  if (!same) return 'changed';
  if (!readPartName(path)) return 'present';
  const files = await filesOf(path);
  if ((await totalSize(files)) === known.sizeBytes) return 'present';
  return files.length < partPaths(path).length ? 'missing' : 'changed';
}

/** A readable name for a file whose header has none. */
export function nameFromPath(path: string): string {
  const name = readPartName(path)?.stem ?? basename(path, extname(path));
  // Jan calls every file so, and tells them apart by their folders.
  return name === 'model' ? basename(dirname(path)) : name;
}

export function missingFolder(path: string): AppError {
  return new AppError('folder-missing', `${path} is not there`, { details: { path } });
}

/** Of two paths of one file, links in between, the one with the name of a model. */
export function namedPath(path: string, other: string): string {
  return [path, other.trim()].find(isNamed) ?? path;
}

/** What a copy of the file is called: its own name where that says something, else the model's. */
export function fileNameFor(path: string, modelName: string): string {
  const own = basename(path);
  if (isNamed(path) && own !== 'model.gguf') return own;
  const safe = modelName
    .replaceAll(/[\\/:*?"<>|\p{C}]+/gu, '-')
    .replace(/^(?=(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))/i, '_') // Devices, on Windows.
    .replace(/^[. ]+/, '');
  return `${cut(safe).replace(/[. ]+$/, '') || 'model'}.gguf`;
}

/** To what a name can have with a number and an ending; never in the middle of a letter. */
function cut(name: string): string {
  return Buffer.from(name)
    .subarray(0, LONGEST_NAME_BYTES)
    .toString()
    .replace(/\uFFFD+$/, '');
}

function isNamed(path: string): boolean {
  return /\.gguf$/i.test(path);
}

/**
 * Paths in `folder` for the files of a model, in order, with a number added when one of them is there or in `taken`:
 * nothing is ever overwritten.
 */
export async function freePaths(
  folder: string,
  names: string[],
  taken: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  for (let number = 1; ; number++) {
    const paths = names.map((name) => join(folder, number === 1 ? name : numbered(name, number)));
    const there = await Promise.all(paths.map(exists));
    if (!there.includes(true) && !paths.some((path) => taken.has(path))) return paths;
  }
}

/** Before the part's own numbers: the name must go on saying which part it is. */
function numbered(name: string, number: number): string {
  const part = readPartName(name);
  const stem = part?.stem ?? parse(name).name;
  return `${stem} (${number})${name.slice(stem.length)}`;
}

async function totalSize(paths: string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
