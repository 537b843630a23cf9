// Long work on files that the host reports step by step: how far it is, how long it takes still, stopping it.
import { asFailure, type ShownFailure } from '../messages/error-message.ts';

interface Progress {
  doneBytes: number;
}

/** Less time or way than this says nothing about the rest. */
const TELLING_MS = 2000;
const TELLING_SHARE = 0.01;

export class FileWork<Step extends Progress> {
  readonly #shareOf: (step: Step) => number;
  #running = $state(false);
  #step = $state.raw<Step | null>(null);
  #stopped = $state(false);
  #failure = $state.raw<ShownFailure | null>(null);
  #secondsLeft = $state<number | null>(null);
  #begun: { at: number; share: number } | null = null;
  #abort = new AbortController();

  /** `shareOf`: how much of all is done after a step, 0 to 1. */
  constructor(shareOf: (step: Step) => number) {
    this.#shareOf = shareOf;
  }

  get running(): boolean {
    return this.#running;
  }

  /** What was done last; null before the first word and when nothing runs. */
  get step(): Step | null {
    return this.#step;
  }

  /** 0 to 1; null while nobody can know. */
  get share(): number | null {
    return this.#step && Math.min(1, this.#shareOf(this.#step));
  }

  /** Null while nobody can know. */
  get secondsLeft(): number | null {
    return this.#secondsLeft;
  }

  /** The person stopped the last one. */
  get stopped(): boolean {
    return this.#stopped;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** Follows `start`; what it ends with, or null when it was stopped or failed. */
  async run<End>(start: (signal: AbortSignal) => AsyncIterable<Step | End>): Promise<End | null> {
    if (this.#running) return null;
    this.forget();
    this.#running = true;
    this.#abort = new AbortController();
    try {
      for await (const event of start(this.#abort.signal)) {
        if (!isProgress(event)) return event as End;
        this.#advance(event as Step);
      }
      this.#stopped = true;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === 'cancelled') this.#stopped = true;
      else this.#failure = failure;
    } finally {
      this.#running = false;
      this.#step = null;
    }
    return null;
  }

  stop(): void {
    this.#abort.abort();
  }

  /** What the last one came to is no longer of interest. */
  forget(): void {
    this.#stopped = false;
    this.#failure = null;
    this.#secondsLeft = null;
    this.#begun = null;
  }

  #advance(step: Step): void {
    this.#step = step;
    const share = this.#shareOf(step);
    this.#begun ??= { at: performance.now(), share };
    const passedMs = performance.now() - this.#begun.at;
    const way = share - this.#begun.share;
    if (passedMs < TELLING_MS || way < TELLING_SHARE) return;
    this.#secondsLeft = ((passedMs / way) * (1 - share)) / 1000;
  }
}

function isProgress(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'doneBytes' in event;
}
