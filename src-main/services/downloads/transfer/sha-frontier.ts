// The sha256 of a file that arrives in any order. It only goes forward: what arrives exactly at its position is taken
// from memory, everything else is read back from the disk later and compared with the crc of its block meanwhile.
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { BlockMap } from './block-map.ts';

/** Hashed in about a millisecond, so that the connections never wait long. */
const READ_BYTES = 1024 * 1024;

interface FrontierOptions {
  map: BlockMap;
  /** Fewer bytes where the file ends. */
  read: (into: Buffer, position: number) => Promise<number>;
  /** A block is on the disk with other bytes than were written. */
  onDamaged: (block: number) => void;
}

/** Where a frontier stands, to go on from later. */
export interface FrontierState {
  position: number;
  crc: number;
  hash: Hash;
  blockHash: Hash;
}

export class ShaFrontier {
  readonly #options: FrontierOptions;
  #state: FrontierState;

  /** `from` is what `state` told earlier of the same, unchanged file. */
  constructor(options: FrontierOptions, from: FrontierState | null = null) {
    this.#options = options;
    this.#state = from ?? atStart();
  }

  get position(): number {
    return this.#state.position;
  }

  get state(): FrontierState {
    const { position, crc, hash, blockHash } = this.#state;
    return { position, crc, hash: hash.copy(), blockHash: blockHash.copy() };
  }

  /** The sha256 in hex; null while the end is not reached. */
  get digest(): string | null {
    const { position, hash } = this.#state;
    return position === this.#options.map.sizeBytes ? hash.copy().digest('hex') : null;
  }

  /** Forgets everything: all bytes will be read from the disk. */
  restart(): void {
    this.#state = atStart();
  }

  /** Bytes that are just being written, not beyond the end of a block; `crc` is that of the block so far, with them. */
  offer(position: number, bytes: Buffer, crc: { before: number; after: number }): void {
    if (position !== this.#state.position || crc.before !== this.#state.crc) return;
    this.#take(bytes, crc.after);
    const block = this.#options.map.blockAt(position);
    if (this.#state.position === this.#options.map.endOf(block)) this.#enterBlock();
  }

  /** Reads on as far as bytes are there. */
  async catchUp(signal: AbortSignal): Promise<void> {
    const { map, read, onDamaged } = this.#options;
    const piece = Buffer.allocUnsafe(READ_BYTES);
    while (!signal.aborted && this.position < map.sizeBytes) {
      const { position } = this.#state;
      const block = map.blockAt(position);
      const length = Math.min(map.readyUntil(position) - position, READ_BYTES);
      if (length <= 0) return;
      const readBytes = await read(piece.subarray(0, length), position);
      const bytes = piece.subarray(0, readBytes);
      this.#take(bytes, crc32(bytes, this.#state.crc));
      if (readBytes > 0 && this.position < map.endOf(block)) continue;
      if (readBytes > 0 && this.#state.crc === map.get(block).crc) this.#enterBlock();
      else this.#leaveBlock(block, onDamaged);
    }
  }

  #take(bytes: Buffer, crc: number): void {
    const { hash, position, blockHash } = this.#state;
    hash.update(bytes);
    this.#state = { hash, blockHash, crc, position: position + bytes.length };
  }

  #enterBlock(): void {
    const { hash, position } = this.#state;
    this.#state = { hash, blockHash: hash.copy(), crc: 0, position };
  }

  #leaveBlock(block: number, onDamaged: (block: number) => void): void {
    const { blockHash } = this.#state;
    const position = this.#options.map.startOf(block);
    this.#state = { hash: blockHash.copy(), blockHash, crc: 0, position };
    onDamaged(block);
  }
}

function atStart(): FrontierState {
  return { position: 0, crc: 0, hash: createHash('sha256'), blockHash: createHash('sha256') };
}
