// The model files of the repository, and the broken ones made of them that the engine has to survive.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  openSync,
  closeSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export const TINY_MODEL = join(ROOT, 'resources/demo-model/tiny-gemma-chat-q8_0.gguf');

/** The tiny model with its last part missing, as an interrupted copy leaves it. Returns `file`. */
export function writeTruncatedModel(file: string, keptShare = 0.5): string {
  copyFileSync(TINY_MODEL, file);
  truncateSync(file, Math.floor(readFileSync(TINY_MODEL).length * keptShare));
  return file;
}

/** The tiny model calling itself an architecture that nothing knows; of the same length. Returns `file`. */
export function writeUnknownArchitecture(file: string): string {
  const bytes = readFileSync(TINY_MODEL);
  const key = Buffer.from('general.architecture');
  const valueAt = bytes.indexOf(key) + key.length + 4 + 8;
  bytes.write('gremm', valueAt, 'latin1');
  writeFileSync(file, bytes);
  return file;
}

/** A file that is no model though its name says so. Returns `file`. */
export function writeNotAModel(file: string): string {
  writeFileSync(file, 'This is a letter, not a model.\n'.repeat(1000));
  return file;
}

/** The tiny model with noise after it, up to any size: large as a real one to everybody but the engine. Returns `file`. */
export function writePaddedModel(file: string, sizeBytes: number, seed = 1): string {
  const piece = Buffer.concat(
    Array.from({ length: 32_768 }, (_, index) => createHash('sha256').update(`${seed} ${index}`).digest()),
  );
  copyFileSync(TINY_MODEL, file);
  const handle = openSync(file, 'a');
  try {
    for (let at = readFileSync(TINY_MODEL).length; at < sizeBytes; at += piece.length) {
      piece.writeDoubleLE(at, 0); // no two pieces alike
      writeSync(handle, piece, 0, Math.min(piece.length, sizeBytes - at));
    }
  } finally {
    closeSync(handle);
  }
  return file;
}
