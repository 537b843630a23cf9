// In which order those who wait get their turns: what a person does to the engine itself, then the conversation
// someone looks at, then other conversations, and background work last. Among equals the conversation goes first
// whose last turn is longest ago. A further priority is one more word in RANKS.

const RANKS = ['engine', 'visible', 'person', 'background'] as const;
export type Rank = (typeof RANKS)[number];

/** Nobody but background work is overtaken more often than this by those who came later. */
export const MOST_OVERTAKEN = 4;

export interface Waiter {
  readonly rank: Rank;
  /** Null: for no conversation. */
  readonly conversationId: number | null;
  /** How many have gone first that came later. */
  readonly overtaken: number;
}

/** Number of the last turn that each conversation had; larger is later. */
export type LastTurns = ReadonlyMap<number | null, number>;

/** Index of the one whose turn is next; `waiting` in the order of arrival, with one at least. */
export function nextIndex(waiting: readonly Waiter[], lastTurns: LastTurns): number {
  const overdue = waiting.findIndex(
    ({ rank, overtaken }) => rank !== 'background' && overtaken >= MOST_OVERTAKEN,
  );
  if (overdue >= 0) return overdue;
  const keys = waiting.map(({ rank, conversationId }) => [
    RANKS.indexOf(rank),
    lastTurns.get(conversationId) ?? 0,
  ]);
  let best = 0;
  keys.forEach(([rank = 0, last = 0], index) => {
    const [bestRank = 0, bestLast = 0] = keys[best] ?? [];
    if (rank < bestRank || (rank === bestRank && last < bestLast)) best = index;
  });
  return best;
}

/** All of them in the order in which they would get their turns if nobody else came. */
export function inOrder<T extends Waiter>(waiting: readonly T[], lastTurns: LastTurns): T[] {
  const left = waiting.map((waiter) => {
    const { rank, conversationId, overtaken } = waiter;
    return { rank, conversationId, overtaken, waiter };
  });
  const turns = new Map(lastTurns);
  let turn = Math.max(0, ...turns.values());
  const order: T[] = [];
  while (left.length > 0) {
    const index = nextIndex(left, turns);
    const [next] = left.splice(index, 1);
    if (!next) break;
    for (const earlier of left.slice(0, index)) earlier.overtaken += 1;
    turns.set(next.conversationId, ++turn);
    order.push(next.waiter);
  }
  return order;
}
