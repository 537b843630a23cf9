// A limit on bytes per second over all transfers together. Whoever received bytes waits until they were allowed, and
// the connection, not read meanwhile, slows down by itself.
import { setTimeout as wait } from 'node:timers/promises';

/** What may come at once after a silence, in seconds' worth. */
const BURST_SECONDS = 0.25;

export class BandwidthLimit {
  readonly #now: () => number;
  #bytesPerSecond: number | null = null;
  /** When everything received so far will have been allowed (ms). */
  #paidAt = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get limited(): boolean {
    return this.#bytesPerSecond !== null;
  }

  /** Null: no limit. Counts from now on; those who wait go on after at most a quarter of a second. */
  set(bytesPerSecond: number | null): void {
    this.#bytesPerSecond = bytesPerSecond;
    this.#paidAt = 0;
  }

  /** How long to wait after having received `bytes`, which are counted from now on. */
  charge(bytes: number): number {
    if (this.#bytesPerSecond === null) return 0;
    const now = this.#now();
    const from = Math.max(this.#paidAt, now - BURST_SECONDS * 1000);
    this.#paidAt = from + (bytes / this.#bytesPerSecond) * 1000;
    return Math.max(0, this.#paidAt - now);
  }

  /** Resolves when these bytes are allowed. Rejects when the signal aborts. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#bytesPerSecond === null) return;
    this.charge(bytes);
    // In steps, so that a limit taken away is felt at once.
    for (let left = this.#left(); left > 0; left = this.#left()) {
      await wait(Math.min(left, BURST_SECONDS * 1000), undefined, { signal });
    }
  }

  #left(): number {
    return this.#bytesPerSecond === null ? 0 : this.#paidAt - this.#now();
  }
}
