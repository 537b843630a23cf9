// Quitting waits until everything is saved, but never longer than a person does.

/** Runs `close` and resolves when it is done or after `limitMs`, with its error if it failed. */
export async function stopInTime(close: () => Promise<void>, limitMs: number): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`Still saving after ${limitMs} ms`)), limitMs);
  });
  const closed = close().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const result = await Promise.race([closed, limit]);
  clearTimeout(timer);
  return result;
}
