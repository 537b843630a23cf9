// Events for whoever listens at the moment they happen: every listener gets every event, in order.
import { createQueue, type Queue } from '#rpc/queue.ts';

export class Topic<T> {
  readonly #listeners = new Set<Queue<T>>();
  #closed = false;

  publish(event: T): void {
    for (const listener of this.#listeners) listener.push(event);
  }

  /** Ends every listener's loop after what was published. Later listeners end at once. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) listener.close();
  }

  /** Listens from this very call on (not from the first `next`), until the signal aborts or the topic closes. */
  listen(signal: AbortSignal): AsyncIterable<T> {
    const queue = createQueue<T>();
    if (this.#closed || signal.aborted) queue.close();
    else this.#listeners.add(queue);
    const leave = (): void => queue.close();
    signal.addEventListener('abort', leave, { once: true });
    const listeners = this.#listeners;
    async function* read(): AsyncGenerator<T, void, void> {
      try {
        yield* queue;
      } finally {
        listeners.delete(queue);
        signal.removeEventListener('abort', leave);
      }
    }
    return read();
  }
}
