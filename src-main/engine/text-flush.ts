// Gathers what the model writes into few events: the first piece at once, later ones when their time has come.
// Without it, a fast model would send a thousand events a second through three processes.
import type { EngineEvent } from '#contract/engine.ts';

/** One screen frame. */
const FLUSH_MS = 20;
/** On a small machine each event takes a core from the model, so there are no more than the page paints. */
const FEW_CORES = 2;
const FEW_CORES_FLUSH_MS = 100;
/** Where the model computes on all of its cores, its threads wait for the one that an event has stopped. */
const SPARING_FLUSH_MS = 350;

/** Milliseconds between two events while `threads` threads compute on `cores` physical cores. */
export function flushIntervalMs(threads: number, cores: number): number {
  if (cores > FEW_CORES) return FLUSH_MS;
  return threads >= cores ? SPARING_FLUSH_MS : FEW_CORES_FLUSH_MS;
}

type Written = Extract<EngineEvent, { type: 'text' | 'thought' }>;

export class TextFlush {
  readonly #send: (event: Written) => void;
  readonly #intervalMs: () => number;
  #pending: Written[] = [];
  #timer: NodeJS.Timeout | null = null;
  #lastFlush = -Infinity;

  /** `intervalMs` is asked each time: the number of threads changes with the load of the machine. */
  constructor(send: (event: Written) => void, intervalMs: () => number) {
    this.#send = send;
    this.#intervalMs = intervalMs;
  }

  write(type: Written['type'], text: string): void {
    if (text === '') return;
    const last = this.#pending.at(-1);
    if (last?.type === type) last.text += text;
    else this.#pending.push({ type, text });
    const wait = this.#lastFlush + this.#intervalMs() - performance.now();
    if (wait <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Sends what is waiting, now. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.length === 0) return;
    this.#lastFlush = performance.now();
    const events = this.#pending;
    this.#pending = [];
    for (const event of events) this.#send(event);
  }
}
