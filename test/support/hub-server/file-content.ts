// The bytes behind a fake file: any range of it, quickly, without ever holding a large one in memory.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import type { FileContent } from './hub-control.ts';

const BLOCK_BYTES = 65_536;
const CHUNK_BYTES = 4 * BLOCK_BYTES;

export interface Content {
  sizeBytes: number;
  /** Bytes from `start` up to, not including, `end`. */
  read(start: number, end: number): AsyncIterable<Buffer> | Iterable<Buffer>;
}

export function openContent(content: FileContent): Content {
  if (content.kind === 'generated') return generated(content.sizeBytes, content.seed);
  if (content.kind === 'base64') return inMemory(Buffer.from(content.data, 'base64'));
  const { path } = content;
  const { size } = statSync(path);
  if (size < CHUNK_BYTES) return inMemory(readFileSync(path));
  return {
    sizeBytes: size,
    read: (start, end) =>
      end > start ? createReadStream(path, { start, end: end - 1, highWaterMark: CHUNK_BYTES }) : [],
  };
}

export async function sha256Of(content: Content): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content.read(0, content.sizeBytes)) hash.update(chunk);
  return hash.digest('hex');
}

function inMemory(bytes: Buffer): Content {
  return { sizeBytes: bytes.length, read: (start, end) => [bytes.subarray(start, end)] };
}

/** The same noise in every block, with the block's number and the seed at its start: a block in the wrong place shows. */
function generated(sizeBytes: number, seed: number): Content {
  const noise = noiseOf(seed);
  const block = (index: number): Buffer => {
    const bytes = Buffer.from(noise);
    bytes.writeUInt32LE(index, 0);
    bytes.writeUInt32LE(seed >>> 0, 4);
    return bytes;
  };
  function* read(start: number, end: number): Generator<Buffer> {
    for (let at = start; at < end;) {
      const blocks: Buffer[] = [];
      const until = Math.min(end, at + CHUNK_BYTES);
      while (at < until) {
        const from = at % BLOCK_BYTES;
        const to = Math.min(BLOCK_BYTES, from + until - at);
        blocks.push(block(Math.floor(at / BLOCK_BYTES)).subarray(from, to));
        at += to - from;
      }
      yield Buffer.concat(blocks);
    }
  }
  return { sizeBytes, read };
}

function noiseOf(seed: number): Buffer {
  const parts: Buffer[] = [];
  for (let index = 0; index < BLOCK_BYTES / 32; index++) {
    parts.push(createHash('sha256').update(`${seed}:${index}`).digest());
  }
  return Buffer.concat(parts);
}
