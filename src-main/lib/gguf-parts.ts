// A model too large for one file comes in parts that llama.cpp finds by their names: name-00001-of-00003.gguf.
// Source of the pattern: llama_split_path in llama.cpp's include/llama.h.
import { basename, dirname, join } from 'node:path';

const PART_NAME = /^(?<stem>.*)-(?<part>\d{5})-of-(?<count>\d{5})\.gguf$/;
/** Far beyond anything there is; a name alone must not make anyone look for thousands of files. */
const MOST_PARTS = 500;

export interface PartName {
  /** The name without its numbers and ending. */
  stem: string;
  /** From 1. */
  part: number;
  count: number;
}

/** What a file name says about the part it is; null for a model of one file. */
export function readPartName(path: string): PartName | null {
  const found = PART_NAME.exec(basename(path))?.groups;
  if (!found) return null;
  const [part, count] = [Number(found['part']), Number(found['count'])];
  if (count < 2 || count > MOST_PARTS || part < 1 || part > count) return null;
  return { stem: found['stem'] ?? '', part, count };
}

/** The paths of all files of the model that `path` belongs to, in order; `path` alone for a model of one file. */
export function partPaths(path: string): string[] {
  const name = readPartName(path);
  if (!name) return [path];
  const number = (value: number): string => String(value).padStart(5, '0');
  return Array.from({ length: name.count }, (_, index) =>
    join(dirname(path), `${name.stem}-${number(index + 1)}-of-${number(name.count)}.gguf`),
  );
}

/** The file by which a model is opened: its first part. */
export function firstPart(path: string): string {
  return partPaths(path)[0] ?? path;
}
