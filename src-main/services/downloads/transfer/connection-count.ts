// How many connections a file is fetched over: one more as long as each made the whole clearly faster. Pure.

const MOST_CONNECTIONS = 4;
const WORTH_IT = 1.2;

export class ConnectionCount {
  #allowed = 1;
  #bestRate = 0;
  #settled = false;

  get allowed(): number {
    return this.#allowed;
  }

  /** The rate since the last change, in any unit. */
  observe(rate: number): void {
    if (this.#settled) return;
    if (rate > this.#bestRate * WORTH_IT) {
      this.#bestRate = rate;
      this.#settled = this.#allowed === MOST_CONNECTIONS;
      this.#allowed = Math.min(MOST_CONNECTIONS, this.#allowed + 1);
    } else {
      // The last one brought nothing, so it ends with the part it is at.
      this.#allowed = Math.max(1, this.#allowed - 1);
      this.#settled = true;
    }
  }

  /** The server gives the whole file or nothing. */
  onlyOne(): void {
    this.#allowed = 1;
    this.#settled = true;
  }
}
