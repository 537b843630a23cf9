// Writes GGUF files (version 3), for models that tests and measurements need and nobody should have to download.
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const ALIGNMENT = 32;
const TYPE_IDS = { u32: 4, f32: 6, bool: 7, string: 8, array: 9, i32: 5 } as const;

type Scalar = 'u32' | 'i32' | 'f32' | 'bool' | 'string';
export type Metadata = [key: string, type: Scalar, value: number | boolean | string | (number | string)[]][];

export interface Tensor {
  name: string;
  /** Fastest first. */
  dimensions: number[];
  kind: 'f32' | 'q4_0';
  /** Fills `part` of the tensor's bytes, which starts at `offset`. */
  fill(part: Buffer, offset: number): void;
}

/** Writes `file` block-wise; it appears only when it is whole. */
export function writeGguf(file: string, metadata: Metadata, tensors: Tensor[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(`${file}.part`, 'w');
  try {
    const header = encodeHeader(metadata, tensors);
    writeSync(descriptor, Buffer.concat([header, Buffer.alloc(padding(header.length))]));
    const block = Buffer.alloc(18 * 2 ** 18);
    for (const tensor of tensors) writeTensor(descriptor, tensor, block);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.part`, file);
}

function writeTensor(descriptor: number, tensor: Tensor, block: Buffer): void {
  const size = tensorBytes(tensor);
  for (let offset = 0; offset < size; offset += block.length) {
    const part = block.subarray(0, Math.min(block.length, size - offset));
    tensor.fill(part, offset);
    writeSync(descriptor, part);
  }
  writeSync(descriptor, Buffer.alloc(padding(size)));
}

function encodeHeader(metadata: Metadata, tensors: Tensor[]): Buffer {
  const parts = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(metadata.length)];
  for (const [key, type, value] of metadata) parts.push(text(key), encodeValue(type, value));
  let offset = 0;
  for (const tensor of tensors) {
    const { name, dimensions, kind } = tensor;
    parts.push(text(name), u32(dimensions.length), ...dimensions.map(u64), u32(kind === 'f32' ? 0 : 2));
    parts.push(u64(offset));
    offset += tensorBytes(tensor);
    offset += padding(offset);
  }
  return Buffer.concat(parts);
}

function encodeValue(type: Scalar, value: Metadata[number][2]): Buffer {
  if (!Array.isArray(value)) return Buffer.concat([u32(TYPE_IDS[type]), encodeScalar(type, value)]);
  const items = value.map((item) => encodeScalar(type, item));
  return Buffer.concat([u32(TYPE_IDS.array), u32(TYPE_IDS[type]), u64(value.length), ...items]);
}

function encodeScalar(type: Scalar, value: number | boolean | string): Buffer {
  if (type === 'string') return text(String(value));
  if (type === 'bool') return Buffer.from([Number(value)]);
  const bytes = Buffer.alloc(4);
  if (type === 'f32') bytes.writeFloatLE(Number(value));
  else if (type === 'i32') bytes.writeInt32LE(Number(value));
  else bytes.writeUInt32LE(Number(value));
  return bytes;
}

/** A block of Q4_0 holds 32 values in 18 bytes: a scale in f16 and 16 bytes of two 4-bit values each. */
function tensorBytes({ dimensions, kind }: Tensor): number {
  const elements = dimensions.reduce((product, dimension) => product * dimension, 1);
  return kind === 'f32' ? elements * 4 : (elements / 32) * 18;
}

const padding = (length: number): number => (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
