// The sha256 of partial files, computed from what the system has of them and never from what was meant to be written.
// It only goes forward, block by block, and can step back to the start of the block it is in.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BLOCK_BYTES } from './block-map.ts';

const READ_BYTES = 1024 * 1024;

/** How far a checksum is. `crc` is that of the block's bytes so far; at the end of a block, of the whole block. */
export interface HashState {
  position: number;
  crc: number;
}

/** By the paths of partial files. What is asked before `open` has answered, or after `close`, is a mistake. */
export interface FileHasher {
  /** Goes on where the last `close` kept it, as long as nobody else has changed the file. Returns the position. */
  open(path: string): Promise<number>;
  /** Hashes up to `until`, or to the end of the block that it is in, or to the end of the file. */
  advance(path: string, until: number): Promise<HashState>;
  /** Takes back what was hashed of the last block. */
  back(path: string): Promise<void>;
  /** Forgets everything. */
  restart(path: string): Promise<void>;
  /** In hex, of everything up to the position. */
  digest(path: string): Promise<string>;
  /** `keep`: nothing more will be written until the next `open`, so that it may go on from here. */
  close(path: string, keep: boolean): Promise<void>;
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
  readonly #kept = new Map<string, { mark: string; progress: Progress }>();
  readonly #piece = Buffer.allocUnsafe(READ_BYTES);

  async open(path: string): Promise<number> {
    const kept = this.#kept.get(path);
    this.#kept.delete(path);
    const handle = openSync(path, 'r');
    const progress = kept?.mark === markOf(handle) ? kept.progress : atStart();
    this.#open.set(path, { handle, progress });
    return progress.position;
  }

  async advance(path: string, until: number): Promise<HashState> {
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
      progress.crc = crc32(bytes, progress.crc);
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

  async close(path: string, keep: boolean): Promise<void> {
    const { handle, progress } = this.#get(path);
    this.#open.delete(path);
    if (keep) this.#kept.set(path, { mark: markOf(handle), progress });
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

/** Another one when somebody else has changed the file, or put another one in its place. */
function markOf(handle: number): string {
  const { ino, size, mtimeNs } = fstatSync(handle, { bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}
