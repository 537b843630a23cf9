// Memory that bodies arrive in, used again and again: a large download then costs neither an allocation for each packet
// nor the collector's time, and each read of the socket brings more.
import type { Readable } from 'node:stream';

const BUFFER_BYTES = 128 * 1024;
/** More than a few are only needed by somebody who has fallen behind. */
const MOST_KEPT = 64;

interface Reading {
  buffer: () => Uint8Array;
  callback: (count: number, buffer: Uint8Array) => boolean;
}

export class BodyBuffers {
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  /** How much of each the last read filled. */
  readonly #filled = new WeakMap<ArrayBufferLike, number>();

  /** For the options of a connection, which Node calls with its socket as `this`. */
  get reading(): { onread: Reading; highWaterMark: number } {
    const received = (count: number, buffer: Uint8Array): Buffer => {
      this.#filled.set(buffer.buffer, count);
      return Buffer.from(buffer.buffer, 0, count);
    };
    return {
      highWaterMark: 8 * BUFFER_BYTES,
      onread: {
        buffer: () => this.#free.pop() ?? new Uint8Array(BUFFER_BYTES),
        // The socket is a stream all the same, so that whoever reads it need not know.
        callback(this: Readable, count: number, buffer: Uint8Array) {
          return this.push(received(count, buffer));
        },
      },
    };
  }

  /** Its bytes are used up and will be overwritten. Does nothing to a chunk that may share its memory with another one. */
  release(chunk: Buffer): void {
    const whole = chunk.byteOffset === 0 && this.#filled.get(chunk.buffer) === chunk.length;
    if (!whole || this.#free.length === MOST_KEPT) return;
    this.#filled.delete(chunk.buffer);
    this.#free.push(new Uint8Array(chunk.buffer as ArrayBuffer));
  }
}
