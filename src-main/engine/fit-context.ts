// Which turns of a conversation the model sees. Nothing is cut silently: the oldest turns leave the view in whole
// pairs, the system text and the question always stay, and a question that can't fit is an error.
import { AppError } from '#contract/errors.ts';

/** How much of the context a view may fill once turns had to leave it. */
export const REFILL_SHARE = 0.6;
/** Tokens around a turn that its text does not count: markers of role and end. */
export const TURN_OVERHEAD_TOKENS = 8;

export interface FitInput {
  /** Tokens of each turn's text, oldest first; even indexes are questions; the last one is asked now. */
  turnTokens: readonly number[];
  /** Tokens of the system text. */
  systemTokens: number;
  contextTokens: number;
  /** Room kept for the answer. */
  reserveTokens: number;
}

/**
 * Index of the first visible turn. Replays the conversation question by question: the view starts where it did
 * before as long as all fits, and moves forward in large steps, so that what is evaluated stays usable for many
 * turns, also after a restart. Error: prompt-too-long.
 */
export function firstVisibleTurn(input: FitInput): number {
  const { turnTokens, systemTokens, contextTokens, reserveTokens } = input;
  const last = turnTokens.length - 1;
  const room = contextTokens - reserveTokens;
  const size = (from: number, to: number): number => {
    let total = systemTokens + TURN_OVERHEAD_TOKENS;
    for (let turn = from; turn <= to; turn++) total += (turnTokens[turn] ?? 0) + TURN_OVERHEAD_TOKENS;
    return total;
  };
  const question = size(last, last);
  if (question > room) {
    throw promptTooLong(question, room);
  }
  let first = 0;
  for (let asked = last % 2; asked <= last; asked += 2) {
    if (size(first, asked) <= room) continue;
    while (first < asked && size(first, asked) > room * REFILL_SHARE) first = Math.min(asked, first + 2);
  }
  return first;
}

export function promptTooLong(promptTokens: number, contextTokens: number): AppError {
  return new AppError('prompt-too-long', 'The question does not fit into the context', {
    details: { promptTokens, contextTokens: Math.max(0, contextTokens) },
  });
}

/** Tokens kept free for the answer: an eighth of the context, at most 1,024, no more than was asked for. */
export function answerReserve(contextTokens: number, maxTokens: number | null): number {
  return Math.min(maxTokens ?? Infinity, 1024, Math.floor(contextTokens / 8));
}
