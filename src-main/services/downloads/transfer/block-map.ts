// Which bytes of a file are there. A file is a row of blocks; of each the first so many bytes are on the disk. Pure.

/** Small enough to be fetched again without regret, large enough that a table of them stays small. */
export const BLOCK_BYTES = 8 * 1024 * 1024;

/** `crc` is the crc32 of the first `doneBytes` bytes of the block. */
export interface BlockRecord {
  doneBytes: number;
  crc: number;
}

/** Positions in the file; `end` is not included. Nobody else gets a byte of these blocks. */
export interface Claim {
  start: number;
  end: number;
}

export function blockCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES);
}

export class BlockMap {
  readonly sizeBytes: number;
  readonly count: number;
  readonly #records: BlockRecord[];
  readonly #claimed = new Set<number>();
  #doneBytes = 0;

  constructor(sizeBytes: number, records: readonly BlockRecord[] = []) {
    this.sizeBytes = sizeBytes;
    this.count = blockCount(sizeBytes);
    this.#records = Array.from({ length: this.count }, (_, block) => {
      const { doneBytes, crc } = records[block] ?? { doneBytes: 0, crc: 0 };
      return doneBytes <= this.lengthOf(block) ? { doneBytes, crc } : { doneBytes: 0, crc: 0 };
    });
    this.#doneBytes = this.#records.reduce((sum, record) => sum + record.doneBytes, 0);
  }

  get doneBytes(): number {
    return this.#doneBytes;
  }

  get complete(): boolean {
    return this.#doneBytes === this.sizeBytes;
  }

  blockAt(position: number): number {
    return Math.floor(position / BLOCK_BYTES);
  }

  lengthOf(block: number): number {
    return Math.min(BLOCK_BYTES, this.sizeBytes - block * BLOCK_BYTES);
  }

  startOf(block: number): number {
    return block * BLOCK_BYTES;
  }

  endOf(block: number): number {
    return this.startOf(block) + this.lengthOf(block);
  }

  get(block: number): BlockRecord {
    return this.#records[block] ?? { doneBytes: 0, crc: 0 };
  }

  set(block: number, record: BlockRecord): void {
    this.#doneBytes += record.doneBytes - this.get(block).doneBytes;
    this.#records[block] = record;
  }

  /** The position up to which the bytes of the block at `position` are there. */
  readyUntil(position: number): number {
    const block = this.blockAt(position);
    return this.startOf(block) + this.get(block).doneBytes;
  }

  /**
   * The first missing bytes that nobody has claimed, `wantedBytes` or a little more where there are as many in a row.
   * Near the start, so that the checksum, which only goes forward, keeps pace.
   */
  claim(wantedBytes: number): Claim | null {
    const free = (block: number): boolean => !this.#claimed.has(block);
    let first = 0;
    while (first < this.count && !(free(first) && this.get(first).doneBytes < this.lengthOf(first))) first++;
    if (first === this.count) return null;
    const start = this.readyUntil(this.startOf(first));
    let last = first;
    while (this.endOf(last) - start < wantedBytes && last + 1 < this.count) {
      if (!free(last + 1) || this.get(last + 1).doneBytes > 0) break;
      last++;
    }
    for (let block = first; block <= last; block++) this.#claimed.add(block);
    return { start, end: this.endOf(last) };
  }

  release({ start, end }: Claim): void {
    for (let block = this.blockAt(start); this.startOf(block) < end; block++) this.#claimed.delete(block);
  }
}
