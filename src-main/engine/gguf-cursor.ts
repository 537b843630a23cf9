// Reads an untrusted file front to back in pieces of one megabyte, never past its end and never past a limit.
import type { FileHandle } from 'node:fs/promises';

const PIECE_BYTES = 1_048_576;

/** The file ended before what its header announced. */
export class EndOfFile extends Error {}
/** A number in the header that no real model has. */
export class Absurd extends Error {}

export class GgufCursor {
  readonly #file: FileHandle;
  readonly #fileBytes: number;
  readonly #limitBytes: number;
  #itemsLeft: number;
  #piece = Buffer.alloc(0);
  #pieceStart = 0;
  position = 0;

  /** Reads at most `limits.bytes` from the beginning of a file of `fileBytes`. */
  constructor(file: FileHandle, fileBytes: number, limits: { bytes: number; items: number }) {
    this.#file = file;
    this.#fileBytes = fileBytes;
    this.#limitBytes = limits.bytes;
    this.#itemsLeft = limits.items;
  }

  /** True when the next `count` bytes are in memory: they can be read without waiting. */
  holds(count: number): boolean {
    return (
      this.position >= this.#pieceStart && this.position + count <= this.#pieceStart + this.#piece.length
    );
  }

  /** Brings the next `count` bytes into memory. Throws EndOfFile or Absurd. */
  async need(count: number): Promise<void> {
    if (this.holds(count)) return;
    if (count > this.#limitBytes || this.position + count > this.#limitBytes) throw new Absurd();
    if (this.position + count > this.#fileBytes) throw new EndOfFile();
    const length = Math.min(Math.max(PIECE_BYTES, count), this.#fileBytes - this.position);
    const piece = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.#file.read(piece, 0, length, this.position);
    this.#piece = piece.subarray(0, bytesRead);
    this.#pieceStart = this.position;
    if (bytesRead < count) throw new EndOfFile();
  }

  /** Moves on without reading. */
  skip(count: number): void {
    this.position += count;
    if (this.position > this.#limitBytes) throw new Absurd();
    if (this.position > this.#fileBytes) throw new EndOfFile();
  }

  /** Notes an array of `count` items. Throws Absurd when all arrays so far have more than the limit. */
  countItems(count: number): void {
    this.#itemsLeft -= count;
    if (this.#itemsLeft < 0) throw new Absurd('Too many array items');
  }

  /** A number of `bytes` 1, 2, 4 or 8 that `need` has brought in; 8 bytes as a double, exact up to 2^53. */
  unsigned(bytes: number): number {
    const at = this.position - this.#pieceStart;
    this.position += bytes;
    return bytes === 8 ? Number(this.#piece.readBigUInt64LE(at)) : this.#piece.readUIntLE(at, bytes);
  }

  text(bytes: number): string {
    const at = this.position - this.#pieceStart;
    this.position += bytes;
    return this.#piece.toString('utf8', at, at + bytes);
  }
}
