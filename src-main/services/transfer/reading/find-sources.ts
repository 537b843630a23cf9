// What a path that a person names has in it: one file, the files of a folder, or those inside a zip.
import { createReadStream } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import { isZip, zipEntries, zipEntryChunks } from './zip-entries.ts';

export interface Source {
  /** For the report. */
  name: string;
  sizeBytes: number;
  /** Set for the messages of a thread of Jan: where its title stands. */
  threadFile?: string | undefined;
  chunks(): AsyncIterable<Buffer>;
}

export interface Sources extends AsyncDisposable {
  list: Source[];
  /** One file that the person has named: what it is not is worth telling. */
  single: boolean;
}

const CHUNK_BYTES = 1024 * 1024;
const DEEPEST_FOLDER = 6;
const MOST_FILES = 100_000;
const JAN_MESSAGES = 'messages.jsonl';
const JAN_THREAD = 'thread.json';

/** @throws AppError import-file-missing, import-unreadable */
export async function findSources(path: string): Promise<Sources> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new AppError('import-file-missing', 'There is nothing at this path');
  if (found.isDirectory()) return plain(await inFolder(path, DEEPEST_FOLDER), false);
  const file = await open(path, 'r');
  const first = await file.read(Buffer.alloc(4), 0, 4, 0);
  if (isZip(first.buffer.subarray(0, first.bytesRead))) return inZip(path, file);
  await file.close();
  return plain([await sourceOf(path)], true);
}

function plain(list: Source[], single: boolean): Sources {
  return { list, single, [Symbol.asyncDispose]: async () => {} };
}

async function inZip(path: string, file: FileHandle): Promise<Sources> {
  try {
    const entries = (await zipEntries(file)).filter(({ name }) => /\.jsonl?$/iu.test(name));
    const list = entries.map((entry) => ({
      name: basename(entry.name),
      sizeBytes: entry.sizeBytes,
      chunks: () => zipEntryChunks(path, file, entry),
    }));
    return { list, single: false, [Symbol.asyncDispose]: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function sourceOf(path: string): Promise<Source> {
  const thread = join(dirname(path), JAN_THREAD);
  const isThread = basename(path) === JAN_MESSAGES && (await stat(thread).catch(() => null)) !== null;
  return {
    name: basename(path),
    sizeBytes: (await stat(path)).size,
    threadFile: isThread ? thread : undefined,
    chunks: () => createReadStream(path, { highWaterMark: CHUNK_BYTES }),
  };
}

/** Links are not followed, so that no folder holds itself. */
async function inFolder(folder: string, depth: number): Promise<Source[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const isThread = entries.some(({ name }) => name === JAN_MESSAGES);
  const found: Source[] = [];
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (found.length >= MOST_FILES) break;
    if (entry.isDirectory() && depth > 0) found.push(...(await inFolder(path, depth - 1)));
    if (!entry.isFile() || !/\.jsonl?$/iu.test(entry.name)) continue;
    if (!isThread || entry.name === JAN_MESSAGES) found.push(await sourceOf(path));
  }
  return found;
}
