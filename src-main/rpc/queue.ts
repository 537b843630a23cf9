// An unbounded single-reader queue that turns pushes into an async iteration.

export interface Queue<T> extends AsyncIterable<T> {
  push(value: T): void;
  /** Ends the iteration after what is queued has been read. */
  close(): void;
  /** Ends the iteration with an error after what is queued has been read. */
  fail(error: Error): void;
}

export function createQueue<T>(): Queue<T> {
  const values: T[] = [];
  let ended: { error?: Error } | null = null;
  let wake: (() => void) | null = null;
  const notify = (): void => {
    wake?.();
    wake = null;
  };
  const end = (result: { error?: Error }): void => {
    ended ??= result;
    notify();
  };
  async function* read(): AsyncGenerator<T, void, void> {
    for (let next = 0; ;) {
      while (next < values.length) yield values[next++] as T;
      values.length = next = 0;
      if (ended?.error) throw ended.error;
      if (ended) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    push(value) {
      if (ended) return;
      values.push(value);
      notify();
    },
    close: () => end({}),
    fail: (error) => end({ error }),
    [Symbol.asyncIterator]: read,
  };
}
