// Walks through the header of an untrusted GGUF file in bounded time and memory: what it says about itself and
// where its last tensor ends. Only a file that passed here is given to the library's parser and to llama.cpp.
// Format: ggml/docs/gguf.md.
import type { FileHandle } from 'node:fs/promises';
import { Absurd, GgufCursor } from './gguf-cursor.ts';
import { SCALAR_BYTES, tensorBytes } from './gguf-types.ts';

const MAX_HEADER_BYTES = 256 * 1_048_576;
const MAX_TEXT_BYTES = 4 * 1_048_576;
const MAX_ENTRIES = 1_000_000;
/** In all arrays together: the library's parser makes a JavaScript value of each. */
const MAX_ITEMS = 10_000_000;
const MAX_FILE_BYTES = 2 ** 50;
const MAX_ARRAY_DEPTH = 4;
const STRING = 8;
const ARRAY = 9;

export interface WalkedFile {
  /** Strings and numbers by key; arrays are left out. */
  metadata: Map<string, string | number>;
  parameterCount: number;
  /** Bytes the file must have for its last tensor to be whole. */
  neededBytes: number;
}

/** Walks the header. Throws EndOfFile (cut off) or Absurd (no GGUF, or damaged). */
export async function walkGguf(file: FileHandle, fileBytes: number): Promise<WalkedFile> {
  const cursor = new GgufCursor(file, fileBytes, { bytes: MAX_HEADER_BYTES, items: MAX_ITEMS });
  await cursor.need(24);
  if (cursor.text(4) !== 'GGUF') throw new Absurd('No GGUF magic');
  const version = cursor.unsigned(4);
  if (version < 2 || version > 3) throw new Absurd(`GGUF version ${version}`);
  const tensorCount = cursor.unsigned(8);
  const entryCount = cursor.unsigned(8);
  if (tensorCount > MAX_ENTRIES || entryCount > MAX_ENTRIES) throw new Absurd('Too many entries');
  const metadata = new Map<string, string | number>();
  for (let entry = 0; entry < entryCount; entry++) {
    const key = await readText(cursor);
    const value = await readValue(cursor);
    if (value !== null) metadata.set(key, value);
  }
  return { metadata, ...(await walkTensors(cursor, tensorCount, metadata)) };
}

async function readText(cursor: GgufCursor): Promise<string> {
  await cursor.need(8);
  const bytes = cursor.unsigned(8);
  if (bytes > MAX_TEXT_BYTES) throw new Absurd('Text too long');
  await cursor.need(bytes);
  return cursor.text(bytes);
}

/** A scalar or a text; null for an array, which is passed over. */
async function readValue(cursor: GgufCursor): Promise<string | number | null> {
  await cursor.need(4);
  const type = cursor.unsigned(4);
  if (type === STRING) return readText(cursor);
  if (type === ARRAY) return skipArray(cursor, MAX_ARRAY_DEPTH);
  const bytes = SCALAR_BYTES[type];
  if (bytes === undefined) throw new Absurd(`Value type ${type}`);
  await cursor.need(bytes);
  return cursor.unsigned(bytes);
}

async function skipArray(cursor: GgufCursor, depthLeft: number): Promise<null> {
  if (depthLeft === 0) throw new Absurd('Arrays nested too deep');
  await cursor.need(12);
  const type = cursor.unsigned(4);
  const count = cursor.unsigned(8);
  cursor.countItems(count);
  const bytes = SCALAR_BYTES[type];
  if (bytes !== undefined) cursor.skip(bytes * count);
  else if (type === STRING) await skipTexts(cursor, count);
  else if (type === ARRAY) for (let i = 0; i < count; i++) await skipArray(cursor, depthLeft - 1);
  else throw new Absurd(`Array of type ${type}`);
  return null;
}

/** Tokenizers have hundreds of thousands of short texts: waits only where a new piece must be read. */
async function skipTexts(cursor: GgufCursor, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    if (!cursor.holds(8)) await cursor.need(8);
    cursor.skip(cursor.unsigned(8));
  }
}

async function walkTensors(
  cursor: GgufCursor,
  count: number,
  metadata: Map<string, string | number>,
): Promise<{ parameterCount: number; neededBytes: number }> {
  let parameterCount = 0;
  let dataBytes = 0;
  for (let tensor = 0; tensor < count; tensor++) {
    await readText(cursor);
    await cursor.need(4);
    const dimensions = cursor.unsigned(4);
    if (dimensions > 8) throw new Absurd(`${dimensions} dimensions`);
    await cursor.need(dimensions * 8 + 12);
    let elements = 1;
    for (let i = 0; i < dimensions; i++) elements *= cursor.unsigned(8);
    const type = cursor.unsigned(4);
    const offset = cursor.unsigned(8);
    if (offset > MAX_FILE_BYTES || elements > MAX_FILE_BYTES) throw new Absurd('Tensor too large');
    parameterCount += elements;
    dataBytes = Math.max(dataBytes, offset + tensorBytes(type, elements));
  }
  const alignment = metadata.get('general.alignment');
  const step = typeof alignment === 'number' && alignment > 0 ? alignment : 32;
  return { parameterCount, neededBytes: Math.ceil(cursor.position / step) * step + dataBytes };
}
