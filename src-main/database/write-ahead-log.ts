// Reads SQLite's write-ahead log without SQLite, which would create or recover files merely to look.
// Format: sqlite.org/fileformat2.html, section 4.

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE_ENDIAN = 0x377f0682;
const MAGIC_BIG_ENDIAN = 0x377f0683;

/** What is committed in a log: the newest content of every page in it, by number from 1. */
export interface CommittedPages {
  pages: Map<number, Buffer>;
  /** Size of the database after the last commit, in pages; 0 when nothing is committed. */
  pageCount: number;
}

/** Stops, as SQLite does, at the first frame that is torn or left over from before. */
export function readCommittedPages(wal: Buffer): CommittedPages {
  const committed: CommittedPages = { pages: new Map(), pageCount: 0 };
  const magic = wal.length >= HEADER_BYTES ? wal.readUInt32BE(0) : 0;
  if (magic !== MAGIC_LITTLE_ENDIAN && magic !== MAGIC_BIG_ENDIAN) return committed;
  const checksum = new Checksum(magic === MAGIC_LITTLE_ENDIAN);
  const pageSize = wal.readUInt32BE(8);
  checksum.add(wal.subarray(0, 24));
  if (!checksum.matches(wal, 24)) return committed;
  const frameSize = FRAME_HEADER_BYTES + pageSize;
  let uncommitted = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + frameSize <= wal.length; at += frameSize) {
    if (wal.compare(wal, 16, 24, at + 8, at + 16) !== 0) break;
    const page = wal.subarray(at + FRAME_HEADER_BYTES, at + frameSize);
    checksum.add(wal.subarray(at, at + 8));
    checksum.add(page);
    if (!checksum.matches(wal, at + 16)) break;
    uncommitted.set(wal.readUInt32BE(at), page);
    const pageCount = wal.readUInt32BE(at + 4);
    if (pageCount === 0) continue;
    for (const [number, content] of uncommitted) committed.pages.set(number, content);
    committed.pageCount = pageCount;
    uncommitted = new Map();
  }
  return committed;
}

/** The running checksum of a log, over 32-bit words in the byte order of whoever wrote it. */
class Checksum {
  readonly #littleEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  add(bytes: Buffer): void {
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.#first = (this.#first + words.getUint32(at, this.#littleEndian) + this.#second) >>> 0;
      this.#second = (this.#second + words.getUint32(at + 4, this.#littleEndian) + this.#first) >>> 0;
    }
  }

  matches(wal: Buffer, at: number): boolean {
    return wal.readUInt32BE(at) === this.#first && wal.readUInt32BE(at + 4) === this.#second;
  }
}
