// Cuts the tiny model into the parts that llama.cpp's gguf-split would make of it, so that split files can be run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCALAR_BYTES } from '../../src-main/engine/gguf-types.ts';
import { TINY_MODEL } from './gguf-files.ts';

const ALIGNMENT = 32;
const [U16, I32, STRING, ARRAY] = [2, 5, 8, 9];

interface RawTensor {
  /** Name, dimensions and type as they stand in the file; the offset follows. */
  head: Buffer;
  data: Buffer;
}

/** Writes `<folder>/<stem>-0000n-of-0000m.gguf`; returns the paths in order. */
export function writeSplitModel(folder: string, stem = 'tiny', count = 3): string[] {
  mkdirSync(folder, { recursive: true });
  const { entries, entryCount, tensors } = readRaw(readFileSync(TINY_MODEL));
  const each = Math.ceil(tensors.length / count);
  return Array.from({ length: count }, (_, index) => {
    const own = tensors.slice(index * each, (index + 1) * each);
    const split = Buffer.concat([
      entry('split.no', U16, index),
      entry('split.count', U16, count),
      entry('split.tensors.count', I32, tensors.length),
    ]);
    const first = index === 0;
    const bytes = build(first ? Buffer.concat([entries, split]) : split, first ? entryCount + 3 : 3, own);
    const number = (value: number): string => String(value).padStart(5, '0');
    const file = join(folder, `${stem}-${number(index + 1)}-of-${number(count)}.gguf`);
    writeFileSync(file, bytes);
    return file;
  });
}

function build(entries: Buffer, entryCount: number, tensors: RawTensor[]): Buffer {
  const start = Buffer.alloc(24);
  start.write('GGUF');
  start.writeUInt32LE(3, 4);
  start.writeBigUInt64LE(BigInt(tensors.length), 8);
  start.writeBigUInt64LE(BigInt(entryCount), 16);
  let offset = 0;
  const infos = tensors.map(({ head, data }) => {
    const info = Buffer.concat([head, u64(offset)]);
    offset = aligned(offset + data.length);
    return info;
  });
  const header = Buffer.concat([start, entries, ...infos]);
  return Buffer.concat([padded(header), ...tensors.map(({ data }) => padded(data))]);
}

function readRaw(file: Buffer): { entries: Buffer; entryCount: number; tensors: RawTensor[] } {
  let at = 24;
  const number = (bytes: number): number => {
    at += bytes;
    return bytes === 8 ? Number(file.readBigUInt64LE(at - 8)) : file.readUIntLE(at - bytes, bytes);
  };
  const skipText = (): void => {
    const length = number(8); // moves `at`, so it must come first
    at += length;
  };
  const skipValue = (type: number): void => {
    if (type === STRING) skipText();
    else at += SCALAR_BYTES[type] ?? 0;
  };
  const entryCount = Number(file.readBigUInt64LE(16));
  for (let i = 0; i < entryCount; i++) {
    skipText();
    const type = number(4);
    if (type !== ARRAY) skipValue(type);
    else for (let item = number(4), left = number(8); left > 0; left--) skipValue(item);
  }
  const entries = file.subarray(24, at);
  const found = Array.from({ length: Number(file.readBigUInt64LE(8)) }, () => {
    const from = at;
    skipText();
    const dimensions = number(4);
    at += dimensions * 8 + 4;
    return { head: file.subarray(from, at), offset: number(8) };
  });
  const data = aligned(at);
  const tensors = found.map(({ head, offset }, index) => {
    const next = found[index + 1];
    return { head, data: file.subarray(data + offset, next ? data + next.offset : file.length) };
  });
  return { entries, entryCount, tensors };
}

function entry(key: string, type: number, value: number): Buffer {
  const bytes = Buffer.alloc(type === U16 ? 2 : 4);
  bytes.writeUIntLE(value, 0, bytes.length);
  const kind = Buffer.alloc(4);
  kind.writeUInt32LE(type);
  return Buffer.concat([u64(key.length), Buffer.from(key), kind, bytes]);
}

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
