// Writes what one connection brings. All that arrived in one turn of the event loop becomes one write, so that a fast
// connection makes few large ones and a slow one keeps nothing in memory that a kill could take.
import type { PartFile } from './part-file.ts';

export class StretchWriter {
  readonly #part: PartFile;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Of the first waiting byte. */
  #position: number;
  #writing: Promise<void> | null = null;
  #error: unknown = null;

  constructor(part: PartFile, position: number) {
    this.#part = part;
    this.#position = position;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** The next bytes; those that the file has already are passed over. @throws what the disk said to earlier ones */
  push(bytes: Buffer): void {
    if (this.#error !== null) throw this.#error;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#writing ??= this.#write();
  }

  /** Resolves when everything is written. @throws what the disk said */
  async drain(): Promise<void> {
    await this.#writing;
    if (this.#error !== null) throw this.#error;
  }

  async #write(): Promise<void> {
    while (this.#waitingBytes > 0 && this.#error === null) {
      await new Promise((resolve) => setImmediate(resolve));
      try {
        await this.#writeOnce();
      } catch (error) {
        this.#error = error;
      }
    }
    // At once: bytes that are pushed from here on need a new turn.
    this.#writing = null;
  }

  /** Not beyond the end of a block. */
  async #writeOnce(): Promise<void> {
    const { map } = this.#part;
    const position = this.#position;
    const ready = map.readyUntil(position);
    const isThere = position < ready;
    const pieces = this.#take((isThere ? ready : map.endOf(map.blockAt(position))) - position);
    if (!isThere) await this.#part.write(position, pieces);
  }

  #take(mostBytes: number): Buffer[] {
    const taken: Buffer[] = [];
    let left = mostBytes;
    while (left > 0) {
      const [next] = this.#waiting;
      if (!next) break;
      const piece = next.subarray(0, left);
      taken.push(piece);
      left -= piece.length;
      if (piece.length === next.length) this.#waiting.shift();
      else this.#waiting[0] = next.subarray(piece.length);
    }
    this.#position += mostBytes - left;
    this.#waitingBytes -= mostBytes - left;
    return taken;
  }
}
