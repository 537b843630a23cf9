// Keeps llama.cpp's thread count what ThreadControl says, from batch to batch, while a model is loaded.
import type { Llama } from 'node-llama-cpp';
import { CpuLoad } from './cpu-load.ts';
import { ThreadControl, type Phase } from './thread-control.ts';

const SAMPLE_MS = 250;

export class ThreadWatch {
  readonly #llama: Llama;
  readonly #control: ThreadControl;
  readonly #load = new CpuLoad();
  readonly #timer: NodeJS.Timeout;
  #phase: Phase = 'generating';

  constructor(llama: Llama, maxThreads: number) {
    this.#llama = llama;
    this.#control = new ThreadControl(maxThreads);
    this.#timer = setInterval(() => {
      this.#control.observeLoad(this.#load.sample(), performance.now());
      this.#apply();
    }, SAMPLE_MS);
    this.#timer.unref();
  }

  /** Threads of the present or, between generations, of the next one. */
  get threads(): number {
    return this.#control.threads(this.#phase);
  }

  /** What is computed from now on. */
  enter(phase: Phase): void {
    this.#phase = phase;
    this.#apply();
  }

  /** A token came after `ms` milliseconds. */
  token(ms: number): void {
    this.#control.observeToken(this.#llama.maxThreads, ms, performance.now());
    this.#apply();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The library asks this limit before every batch. */
  #apply(): void {
    if (this.#llama.maxThreads !== this.threads) this.#llama.maxThreads = this.threads;
  }
}
