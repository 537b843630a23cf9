// The files behind paths that a person dropped or chose: a folder stands for all in it that can be read.
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { AppError } from '#contract/errors.ts';

const READABLE = new Set(
  '.pdf .docx .odt .epub .html .htm .xhtml .md .markdown .rtf .txt .text .srt .vtt'.split(' '),
);
/** More are hardly meant. */
const MOST_FILES = 5000;

export interface FoundFiles {
  files: string[];
  /** Names of what can't be read, of the paths themselves and in folders. */
  skipped: string[];
}

/** Hidden files and folders are passed over. @throws AppError file-missing when a path is gone. */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const found: FoundFiles = { files: [], skipped: [] };
  for (const path of paths) {
    const info = await stat(path).catch((cause: unknown) => {
      throw new AppError('file-missing', `${path} is not there`, { cause });
    });
    // What is named one by one is tried, whatever its ending.
    if (info.isFile()) found.files.push(path);
    else if (info.isDirectory()) await findInFolder(path, found);
  }
  return found;
}

async function findInFolder(folder: string, found: FoundFiles): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || found.files.length >= MOST_FILES) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await findInFolder(path, found);
    else if (entry.isFile() && READABLE.has(extname(entry.name).toLowerCase())) found.files.push(path);
    else if (entry.isFile()) found.skipped.push(basename(entry.name));
  }
}
