// How long the rest of a summary will take, from how long its parts took so far.

/** What happened long ago says little: the machine may be busier now. */
const REMEMBERED = 8;

export class TimeLeft {
  readonly #now: () => number;
  readonly #took: number[] = [];
  #began: number | null = null;

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A part begins. */
  begin(): void {
    this.#began = this.#now();
  }

  /** It is done; the next one begins. */
  done(): void {
    const now = this.#now();
    if (this.#began !== null) this.#took.push(now - this.#began);
    if (this.#took.length > REMEMBERED) this.#took.shift();
    this.#began = now;
  }

  /** Milliseconds for so many parts; null as long as none is done. */
  left(parts: number): number | null {
    if (this.#took.length === 0) return null;
    const average = this.#took.reduce((sum, each) => sum + each, 0) / this.#took.length;
    return Math.round(average * parts);
  }
}
