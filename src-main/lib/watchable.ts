// A value that changes and can be watched. A slow watcher skips to the latest value instead of falling behind.

export class Watchable<T> {
  #value: T;
  readonly #wakers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    for (const wake of this.#wakers) wake();
  }

  /** The value now, then after every change, until the signal aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<T, void, void> {
    let changed = true;
    let resume = (): void => {};
    const wake = (): void => {
      changed = true;
      resume();
    };
    this.#wakers.add(wake);
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        if (changed) {
          changed = false;
          yield this.#value;
        } else {
          await new Promise<void>((resolve) => (resume = resolve));
        }
      }
    } finally {
      this.#wakers.delete(wake);
      signal.removeEventListener('abort', wake);
    }
  }
}
