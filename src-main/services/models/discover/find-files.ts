// Looks for model files below a folder of another app, within limits: nobody knows what else lies there.
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { partPaths, readPartName } from '../../../lib/gguf-parts.ts';

const MAX_DEPTH = 7;

/** Shared by all places of one search. */
export interface Budget {
  entriesLeft: number;
  /** By performance.now(). */
  until: number;
}

export interface FoundFile {
  /** Of the first part; ends in .gguf, where links may lie in between. */
  path: string;
  /** Where links end. */
  realPath: string;
  sizeBytes: number;
}

/** Model files below `folder`. What can't be read is skipped; parts 2 to n and image projectors are left out. */
export async function findModelFiles(folder: string, budget: Budget): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  await walk(folder, MAX_DEPTH, { budget, found, seen: new Set() });
  return found;
}

interface Walk {
  budget: Budget;
  found: FoundFile[];
  /** Folders by their real paths: links may lead in a circle. */
  seen: Set<string>;
}

async function walk(folder: string, depthLeft: number, context: Walk): Promise<void> {
  const real = await realpath(folder).catch(() => null);
  if (real === null || context.seen.has(real)) return;
  context.seen.add(real);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    context.budget.entriesLeft -= 1;
    if (context.budget.entriesLeft < 0 || performance.now() > context.budget.until) return;
    const path = join(folder, entry.name);
    const isModel = /\.gguf$/i.test(entry.name);
    if (isModel) {
      const file = await asModel(path);
      if (file) context.found.push(file);
    } else if (depthLeft > 0 && (await isFolder(entry, path))) await walk(path, depthLeft - 1, context);
  }
}

async function isFolder(
  entry: { isDirectory(): boolean; isSymbolicLink(): boolean; name: string },
  path: string,
) {
  if (entry.name.startsWith('.') || entry.name === 'blobs') return false;
  if (entry.isDirectory()) return true;
  return entry.isSymbolicLink() && (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** Null for what is no model by itself, or not whole. */
export async function asModel(path: string): Promise<FoundFile | null> {
  if (/mmproj/i.test(basename(path))) return null;
  const part = readPartName(path);
  if (part && part.part > 1) return null;
  try {
    const sizes = await Promise.all(partPaths(path).map(sizeOfFile));
    const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
    return sizes.includes(0) ? null : { path, realPath: await realpath(path), sizeBytes };
  } catch {
    return null; // A link into nothing, a part that is missing, no right to read.
  }
}

async function sizeOfFile(path: string): Promise<number> {
  const found = await stat(path);
  return found.isFile() ? found.size : 0;
}
