// Who may use the one engine now. People first: background work waits for all of them and is asked to leave when
// one arrives.

export interface Turn {
  /** Aborts when the holder should give up its turn (background work only) or its own signal aborts. */
  readonly signal: AbortSignal;
  release(): void;
}

interface Holder {
  readonly priority: 'person' | 'background';
  readonly leave: AbortController;
}

interface Waiting extends Holder {
  start(): void;
}

export class TurnQueue {
  readonly #waiting: Waiting[] = [];
  #holder: Holder | null = null;

  /** Nobody holds or awaits a turn. */
  get idle(): boolean {
    return this.#holder === null;
  }

  /** Waits for a turn; null when `signal` aborted first. The caller must release what it gets. */
  async take(priority: Holder['priority'], signal: AbortSignal): Promise<Turn | null> {
    if (signal.aborted) return null;
    if (priority === 'person' && this.#holder?.priority === 'background') this.#holder.leave.abort();
    const holder: Holder = { priority, leave: new AbortController() };
    if (!this.#holder) this.#holder = holder;
    else if (!(await this.#wait(holder, signal))) return null;
    return {
      signal: AbortSignal.any([signal, holder.leave.signal]),
      release: () => {
        if (this.#holder?.leave === holder.leave) this.#next();
      },
    };
  }

  #wait(holder: Holder, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        ...holder,
        start() {
          signal.removeEventListener('abort', leaveQueue);
          resolve(true);
        },
      };
      const firstBackground = this.#waiting.findIndex((other) => other.priority === 'background');
      const place =
        holder.priority === 'person' && firstBackground >= 0 ? firstBackground : this.#waiting.length;
      this.#waiting.splice(place, 0, waiting);
      const leaveQueue = (): void => {
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) this.#waiting.splice(index, 1);
        resolve(false);
      };
      signal.addEventListener('abort', leaveQueue, { once: true });
    });
  }

  #next(): void {
    const next = this.#waiting.shift() ?? null;
    this.#holder = next;
    next?.start();
  }
}
