// Decides how many threads compute. llama.cpp's threads wait for each other by spinning, so one that loses its core
// to another program stalls all of them: with two cores, two threads make 17 tokens a second on a quiet machine and
// half a token when one core is taken, while one thread makes 10 in both. Pure: fed with samples, tested with them.

/** Other programs may take this part of a core before a thread is given up. */
const TOLERATED_CORES = 0.4;
/** A thread is added only when less than this part of the core for it is taken. */
const CALM_CORES = 0.25;
const CALM_MS = 1_500;
const LONGEST_CALM_MS = 12_000;
/** Falling back this soon after a rise means the rise was premature. */
const PREMATURE_MS = 4_000;
const SMOOTHED_SAMPLES = 2;
/** Only where a token is this quick can waiting for each other cost more than sharing the work gains. */
const PROBE_BELOW_MS = 25;
const PROBE_TOKENS = 6;
const PROBE_GAIN = 0.97;
const STALL_FACTOR = 4;
const STALL_TOKENS = 2;

export type Phase = 'reading' | 'generating';

export class ThreadControl {
  readonly #max: number;
  #limit: number;
  #loads: number[] = [];
  #calmSince: number | null = null;
  #calmNeededMs = CALM_MS;
  #roseAt = -Infinity;
  /** Fewer threads than the limit because generating was measured to be faster with them. */
  #best: number;
  #probing: number | null = null;
  #settled = false;
  #stalled = 0;
  readonly #times = new Map<number, number[]>();

  /** `max`: physical cores, or fewer when the person or the size of the model says so. */
  constructor(max: number) {
    this.#max = Math.max(1, max);
    this.#limit = this.#max;
    this.#best = this.#max;
    this.#settled = this.#max === 1;
  }

  /** Threads to compute with now. */
  threads(phase: Phase): number {
    return phase === 'reading' ? this.#limit : Math.min(this.#limit, this.#probing ?? this.#best);
  }

  /** Cores that other programs keep busy, sampled a few times a second. */
  observeLoad(otherCores: number, atMs: number): void {
    this.#loads = [...this.#loads.slice(1 - SMOOTHED_SAMPLES), otherCores];
    const busy = this.#loads.reduce((sum, load) => sum + load, 0) / this.#loads.length;
    const bearable = this.#within(Math.floor(this.#max - busy + TOLERATED_CORES));
    const calm = this.#within(Math.floor(this.#max - busy + CALM_CORES));
    if (bearable < this.#limit) this.#fall(bearable, atMs);
    else if (calm <= this.#limit) this.#calmSince = null;
    else {
      this.#calmSince ??= atMs;
      if (atMs - this.#calmSince >= this.#calmNeededMs) this.#rise(calm, atMs);
    }
  }

  /** Time of one token generated with `threads`, in milliseconds. Sees what no load figure shows. */
  observeToken(threads: number, ms: number, atMs: number): void {
    if (this.#max === 1) return;
    const times = this.#times.get(threads) ?? [];
    const usual = median(times);
    const stalls = times.length >= PROBE_TOKENS && ms > usual * STALL_FACTOR && ms > PROBE_BELOW_MS;
    this.#stalled = stalls ? this.#stalled + 1 : 0;
    if (this.#stalled >= STALL_TOKENS && threads > 1) return this.#fall(Math.ceil(threads / 2), atMs);
    if (!stalls) this.#times.set(threads, [...times.slice(-PROBE_TOKENS * 4), ms]);
    if (!this.#settled && this.#limit === this.#max) this.#probe();
  }

  /** Compares the best count so far with half of it, until halving no longer helps. */
  #probe(): void {
    const current = this.#times.get(this.#best) ?? [];
    if (current.length < PROBE_TOKENS) return;
    if (this.#best === 1 || median(current) > PROBE_BELOW_MS) return this.#settle();
    const fewer = Math.floor(this.#best / 2);
    this.#probing = fewer;
    const probed = this.#times.get(fewer) ?? [];
    if (probed.length < PROBE_TOKENS) return;
    if (median(probed) > median(current) * PROBE_GAIN) return this.#settle();
    this.#best = fewer;
    this.#probing = null;
  }

  #settle(): void {
    this.#probing = null;
    this.#settled = true;
  }

  #fall(limit: number, atMs: number): void {
    const premature = atMs - this.#roseAt < PREMATURE_MS;
    this.#calmNeededMs = premature ? Math.min(LONGEST_CALM_MS, this.#calmNeededMs * 2) : CALM_MS;
    this.#limit = this.#within(limit);
    this.#calmSince = null;
    this.#stalled = 0;
  }

  #rise(limit: number, atMs: number): void {
    this.#limit = limit;
    this.#roseAt = atMs;
    this.#calmSince = null;
  }

  #within(threads: number): number {
    return Math.max(1, Math.min(this.#max, threads));
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
