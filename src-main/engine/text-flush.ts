// Gathers what the model writes into one event per screen frame: the first piece at once, later ones at most
// every 20 ms. Without it, a fast model would send a thousand events a second through three processes.
import type { EngineEvent } from '#contract/engine.ts';

const FLUSH_MS = 20;

type Written = Extract<EngineEvent, { type: 'text' | 'thought' }>;

export class TextFlush {
  readonly #send: (event: Written) => void;
  #pending: Written[] = [];
  #timer: NodeJS.Timeout | null = null;
  #lastFlush = -Infinity;

  constructor(send: (event: Written) => void) {
    this.#send = send;
  }

  write(type: Written['type'], text: string): void {
    if (text === '') return;
    const last = this.#pending.at(-1);
    if (last?.type === type) last.text += text;
    else this.#pending.push({ type, text });
    const wait = this.#lastFlush + FLUSH_MS - performance.now();
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
