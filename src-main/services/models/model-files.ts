// What the file system says of a model's file.
import { realpath, stat } from 'node:fs/promises';
import { basename, extname, join, parse } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';

export interface FileFacts {
  path: string;
  fileSizeBytes: number;
  fileModifiedAt: number;
}

/**
 * The real path, size and age of a file that a person named.
 * @throws AppError model-file-missing, model-file-unreadable (no plain file, or no right to read it).
 */
export async function readFileFacts(path: string): Promise<FileFacts> {
  try {
    const real = await realpath(path.trim());
    const found = await stat(real);
    if (!found.isFile()) throw new AppError('model-file-unreadable', `${real} is no file`);
    return { path: real, fileSizeBytes: found.size, fileModifiedAt: Math.trunc(found.mtimeMs) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const code = missing ? 'model-file-missing' : 'model-file-unreadable';
    throw new AppError(code, `Can't read ${path}`, { cause: error });
  }
}

/** Whether the file is still the one that was added. */
export async function fileStateOf(path: string, known: Omit<FileFacts, 'path'>): Promise<Model['fileState']> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return 'missing';
  const same = found.size === known.fileSizeBytes && Math.trunc(found.mtimeMs) === known.fileModifiedAt;
  return same ? 'present' : 'changed';
}

/** A readable name for a file whose header has none. */
export function nameFromPath(path: string): string {
  return basename(path, extname(path));
}

/** `path`, or with a number added when a file of that name is there or in `taken`: nothing is ever overwritten. */
export async function freePath(path: string, taken: ReadonlySet<string>): Promise<string> {
  const { dir, name, ext } = parse(path);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : join(dir, `${name} (${number})${ext}`);
    const exists = await stat(candidate).catch(() => null);
    if (!exists && !taken.has(candidate)) return candidate;
  }
}
