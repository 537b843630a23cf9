// Bytes per second over the last few seconds, by a clock that nobody can set.

const WINDOW_MS = 5000;
/** So many moments are remembered at most. */
const STEP_MS = 200;

export class RateMeter {
  readonly #now: () => number;
  #moments: { at: number; total: number }[];
  #total = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#moments = [{ at: now(), total: 0 }];
  }

  /** All bytes so far. */
  get total(): number {
    return this.#total;
  }

  add(bytes: number): void {
    this.#total += bytes;
    const at = this.#now();
    if (at - (this.#moments.at(-1)?.at ?? 0) >= STEP_MS) this.#moments.push({ at, total: this.#total });
  }

  /** Null before there is anything to tell. */
  perSecond(): number | null {
    const now = this.#now();
    const recent = this.#moments.findIndex(({ at }) => now - at <= WINDOW_MS);
    // One moment from before the window stays: what is counted from.
    this.#moments = this.#moments.slice(recent < 0 ? -1 : Math.max(0, recent - 1));
    const from = this.#moments[0];
    if (!from || now - from.at < STEP_MS) return null;
    return ((this.#total - from.total) / (now - from.at)) * 1000;
  }
}
