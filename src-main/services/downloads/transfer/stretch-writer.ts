// Writes what one connection brings. All that arrives turn by turn of the event loop becomes one write, so that a fast
// connection makes few large ones and a slow one keeps nothing in memory that a kill could take.
import { setImmediate as turn } from 'node:timers/promises';
import type { BodyBuffers } from '../../network/body-buffers.ts';
import type { PartFile } from './part-file.ts';

/** Larger writes are no faster. */
const WORTH_BYTES = 1024 * 1024;

export class StretchWriter {
  readonly #part: PartFile;
  readonly #buffers: Pick<BodyBuffers, 'release'>;
  /** `rest` of `chunk` is not taken yet. */
  #waiting: { chunk: Buffer; rest: Buffer }[] = [];
  #waitingBytes = 0;
  /** Of the first waiting byte. */
  #position: number;
  #writing: Promise<void> | null = null;
  #error: unknown = null;

  constructor(part: PartFile, position: number, buffers: Pick<BodyBuffers, 'release'>) {
    this.#part = part;
    this.#position = position;
    this.#buffers = buffers;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * The next bytes, whose memory is released once they are written; those that the file has already are passed over.
   * @throws what the disk said to earlier ones
   */
  push(chunk: Buffer): void {
    if (this.#error !== null) throw this.#error;
    this.#waiting.push({ chunk, rest: chunk });
    this.#waitingBytes += chunk.length;
    this.#writing ??= this.#write();
  }

  /** Resolves when everything is written. @throws what the disk said */
  async drain(): Promise<void> {
    await this.#writing;
    if (this.#error !== null) throw this.#error;
  }

  async #write(): Promise<void> {
    while (this.#waitingBytes > 0 && this.#error === null) {
      await this.#gather();
      try {
        this.#writeOnce();
      } catch (error) {
        this.#error = error;
      }
    }
    // At once: bytes that are pushed from here on need a new turn.
    this.#writing = null;
  }

  /** Waits for more as long as every turn brings some, up to a size that is worth a write. */
  async #gather(): Promise<void> {
    for (let before = -1; before < this.#waitingBytes && this.#waitingBytes < WORTH_BYTES;) {
      before = this.#waitingBytes;
      await turn();
    }
  }

  /** Not beyond the end of a block. */
  #writeOnce(): void {
    const { map } = this.#part;
    const position = this.#position;
    const ready = map.readyUntil(position);
    const isThere = position < ready;
    const { pieces, finished } = this.#take((isThere ? ready : map.endOf(map.blockAt(position))) - position);
    if (!isThere) this.#part.write(position, pieces);
    for (const chunk of finished) this.#buffers.release(chunk);
  }

  /** `finished`: of these nothing is left waiting. */
  #take(mostBytes: number): { pieces: Buffer[]; finished: Buffer[] } {
    const pieces: Buffer[] = [];
    const finished: Buffer[] = [];
    let left = mostBytes;
    for (let next = this.#waiting[0]; left > 0 && next; next = this.#waiting[0]) {
      const piece = next.rest.subarray(0, left);
      pieces.push(piece);
      left -= piece.length;
      next.rest = next.rest.subarray(piece.length);
      if (next.rest.length > 0) continue;
      finished.push(next.chunk);
      this.#waiting.shift();
    }
    this.#position += mostBytes - left;
    this.#waitingBytes -= mostBytes - left;
    return { pieces, finished };
  }
}
