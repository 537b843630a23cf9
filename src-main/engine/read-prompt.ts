// Evaluates a prompt in small pieces, so that it can be watched, stopped, and run with another number of threads
// from piece to piece. What the context already holds is not evaluated again.
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { collectRecentGarbage } from './collect-garbage.ts';
import { keepForkPoint } from './rewinding.ts';

const FIRST_PIECE_TOKENS = 32;
const LARGEST_PIECE_TOKENS = 512;
/** A stop waits for one piece at most. */
const PIECE_MS = 400;
/** Each leaves megabytes behind: see collectRecentGarbage. */
const PIECES_BETWEEN_COLLECTIONS = 8;

export interface ReadProgress {
  doneTokens: number;
  totalTokens: number;
}

/**
 * Reads all but the last token, which generating itself evaluates. `forkPoints` tells for how many tokens are reused
 * where a piece has to end, in rising order, so that the context can go back there. Returns how many were reused.
 */
export async function* readPrompt(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  signal: AbortSignal,
  forkPoints: (reusedTokens: number) => readonly number[] = () => [],
): AsyncGenerator<ReadProgress, number, void> {
  const toRead = tokens.slice(0, -1);
  const before = sequence.tokenMeter.usedInputTokens;
  await sequence.adaptStateToTokens(toRead, false);
  const totalTokens = toRead.length;
  const reused = sequence.nextTokenIndex;
  let pieceTokens = FIRST_PIECE_TOKENS;
  let pieces = 0;
  const points = forkPoints(reused);
  await keepForkPoint(sequence, points);
  while (sequence.nextTokenIndex < totalTokens && !signal.aborted) {
    const start = sequence.nextTokenIndex;
    const end = points.find((point) => point > start) ?? totalTokens;
    const piece = toRead.slice(start, Math.min(start + pieceTokens, end));
    const startedAt = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(piece);
    await keepForkPoint(sequence, points);
    if (++pieces % PIECES_BETWEEN_COLLECTIONS === 0) collectRecentGarbage();
    const perToken = (performance.now() - startedAt) / piece.length;
    pieceTokens = nextPiece(perToken);
    yield { doneTokens: sequence.nextTokenIndex - reused, totalTokens: totalTokens - reused };
  }
  const evaluated = sequence.tokenMeter.usedInputTokens - before;
  return Math.max(0, sequence.nextTokenIndex - evaluated);
}

/** Tokens for the next piece at this many milliseconds per token. */
export function nextPiece(msPerToken: number): number {
  const fitting = Math.floor(PIECE_MS / Math.max(0.001, msPerToken));
  return Math.max(FIRST_PIECE_TOKENS, Math.min(LARGEST_PIECE_TOKENS, fitting));
}
