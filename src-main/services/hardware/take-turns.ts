// Spreads work that holds the whole process up for a moment, so that others come in between.

/** Each call resolves `apartMs` after the one before, the first at once. */
export function takeTurns(apartMs: number): () => Promise<void> {
  let free = Promise.resolve();
  return () => {
    const turn = free;
    free = turn.then(() => new Promise((resolve) => setTimeout(resolve, apartMs)));
    return turn;
  };
}
