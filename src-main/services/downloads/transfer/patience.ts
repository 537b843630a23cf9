// How often something may fail in a row before it is no longer tried at once. Progress makes everything good. Pure.

const MOST_FAILURES = 5;

export class Patience {
  readonly #firstDelayMs: number;
  #failures = 0;
  #bytesAtFailure = 0;

  constructor(firstDelayMs: number) {
    this.#firstDelayMs = firstDelayMs;
  }

  /** How long to wait before the next attempt; null: not now. `doneBytes` only grows while something arrives. */
  failed(doneBytes: number): number | null {
    this.#failures = doneBytes > this.#bytesAtFailure ? 1 : this.#failures + 1;
    this.#bytesAtFailure = doneBytes;
    return this.#failures > MOST_FAILURES ? null : this.#firstDelayMs * 2 ** (this.#failures - 1);
  }
}
