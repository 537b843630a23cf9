// How much of the context a question would take, for whoever is still writing it.
import type { CountInput, TokenCounts } from '#contract/engine.ts';
import { answerReserve, TURN_OVERHEAD_TOKENS } from './fit-context.ts';
import type { ModelInMemory } from './loaded-model.ts';

/** Counts texts on their own, and the room there is for them. Rejects with the signal's reason. */
export async function countTokens(
  { counter, description }: Pick<ModelInMemory, 'counter' | 'description'>,
  { texts, systemPrompt, maxTokens }: CountInput,
  signal: AbortSignal,
): Promise<TokenCounts> {
  const { contextSize: sizeTokens } = description;
  const system = await counter.count(systemPrompt, signal);
  const tokens: number[] = [];
  for (const text of texts) tokens.push(await counter.count(text, signal));
  const room = sizeTokens - answerReserve(sizeTokens, maxTokens) - system - 2 * TURN_OVERHEAD_TOKENS;
  return { tokens, roomTokens: Math.max(0, room), sizeTokens };
}
