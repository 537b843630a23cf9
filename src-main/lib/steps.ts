// Tasks that report their progress: generators that yield steps and return a result. Stopping the outer one stops
// the inner one, so that its files are closed and its leftovers removed.

/** The same task with other steps. */
export async function* mapSteps<T, U, R>(
  source: AsyncGenerator<T, R, void>,
  map: (step: T) => U,
): AsyncGenerator<U, R, void> {
  try {
    for (;;) {
      const next = await source.next();
      if (next.done) return next.value;
      yield map(next.value);
    }
  } finally {
    await source.return(undefined as R);
  }
}

/** A task may report thousands of steps a second: lets through the first, then one per `everyMs`, and the last. */
export async function* paced<T, R>(
  source: AsyncGenerator<T, R, void>,
  everyMs = 60,
): AsyncGenerator<T, R, void> {
  let shownAt = -Infinity;
  let held: T[] = [];
  try {
    let next = await source.next();
    for (; !next.done; next = await source.next()) {
      const due = performance.now() - shownAt >= everyMs;
      held = due ? [] : [next.value];
      if (!due) continue;
      shownAt = performance.now();
      yield next.value;
    }
    yield* held;
    return next.value;
  } finally {
    await source.return(undefined as R);
  }
}
