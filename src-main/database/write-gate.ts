// Only one connection writes at a time, and SQLite lets whoever waits sleep for longer and longer. Threads with much
// to write look here before each step, so that the host, which must answer the window, goes before them.

export class WriteGate {
  /** For another thread's gate over the same count. */
  readonly shared: SharedArrayBuffer;
  readonly #waiting: Int32Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#waiting = new Int32Array(shared);
  }

  /** Somebody writes or is about to, who goes first. */
  get taken(): boolean {
    return Atomics.load(this.#waiting, 0) > 0;
  }

  /** Keeps the others off while `work` runs. */
  hold<T>(work: () => T): T {
    Atomics.add(this.#waiting, 0, 1);
    try {
      return work();
    } finally {
      Atomics.sub(this.#waiting, 0, 1);
    }
  }

  /** Keeps the others off until `work` has ended. */
  async holdFor(work: Promise<void>): Promise<void> {
    Atomics.add(this.#waiting, 0, 1);
    try {
      await work;
    } finally {
      Atomics.sub(this.#waiting, 0, 1);
    }
  }
}
