// The sha256 of partial files, computed from what the system has of them and never from what was meant to be written.
// It only goes forward, block by block, and can step back to the start of the block it is in.
import { closeSync, openSync, readSync } from 'node:fs';
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BLOCK_BYTES } from './block-map.ts';

const READ_BYTES = 1024 * 1024;

/** How far a checksum is. `crc` is that of the block's bytes so far, as far as they were compared. */
export interface HashState {
  position: number;
  crc: number;
}

/** By the paths of partial files. What is asked before `open` has answered, or after `close`, is a mistake. */
export interface FileHasher {
  open(path: string): Promise<void>;
  /** Hashes up to `until`, or to the end of the block that it is in, or to the end of the file; `compares`: with the crc. */
  advance(path: string, until: number, compares: boolean): Promise<HashState>;
  /** Takes back what was hashed of the last block. */
  back(path: string): Promise<void>;
  /** Forgets everything. */
  restart(path: string): Promise<void>;
  /** In hex, of everything up to the position. */
  digest(path: string): Promise<string>;
  /** Nothing is remembered: whoever opens it again can't know what happened to the file meanwhile. */
  close(path: string): Promise<void>;
}

interface Progress {
  position: number;
  crc: number;
  hash: Hash;
  blockStart: number;
  blockHash: Hash;
}

export class FileHashes implements FileHasher {
  readonly #open = new Map<string, { handle: number; progress: Progress }>();
  readonly #piece = Buffer.allocUnsafe(READ_BYTES);

  async open(path: string): Promise<void> {
    this.#open.set(path, { handle: openSync(path, 'r'), progress: atStart() });
  }

  async advance(path: string, until: number, compares: boolean): Promise<HashState> {
    const { handle, progress } = this.#get(path);
    if (progress.position % BLOCK_BYTES === 0) {
      Object.assign(progress, { blockStart: progress.position, blockHash: progress.hash.copy(), crc: 0 });
    }
    const end = Math.min(until, progress.blockStart + BLOCK_BYTES);
    while (progress.position < end) {
      const length = Math.min(READ_BYTES, end - progress.position);
      const readBytes = readSync(handle, this.#piece, 0, length, progress.position);
      if (readBytes === 0) break;
      const bytes = this.#piece.subarray(0, readBytes);
      progress.hash.update(bytes);
      if (compares) progress.crc = crc32(bytes, progress.crc);
      progress.position += readBytes;
    }
    return { position: progress.position, crc: progress.crc };
  }

  async back(path: string): Promise<void> {
    const { progress } = this.#get(path);
    const { blockStart, blockHash } = progress;
    Object.assign(progress, { position: blockStart, hash: blockHash.copy(), crc: 0 });
  }

  async restart(path: string): Promise<void> {
    this.#get(path).progress = atStart();
  }

  async digest(path: string): Promise<string> {
    return this.#get(path).progress.hash.copy().digest('hex');
  }

  async close(path: string): Promise<void> {
    const { handle } = this.#get(path);
    this.#open.delete(path);
    closeSync(handle);
  }

  #get(path: string): { handle: number; progress: Progress } {
    const found = this.#open.get(path);
    if (!found) throw new Error(`${path} is not open`);
    return found;
  }
}

function atStart(): Progress {
  const hash = createHash('sha256');
  return { position: 0, crc: 0, hash, blockStart: 0, blockHash: hash.copy() };
}
