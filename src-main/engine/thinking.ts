// Thinking before the answer: how it is switched on and off for the families that can. Gemma 4 is asked for it in its
// system turn; its large sizes think all the same unless an empty thought stands before the answer, which makes the
// small ones think aloud (the templates that Google publishes with 12B, 26B and 31B have it, E2B's and E4B's do not).
import type { ChatHistoryItem, ChatWrapper } from 'node-llama-cpp';
import { gemma4Options } from './chat-wrapper.ts';
import { library } from './llama.ts';
import type { ModelInMemory } from './loaded-model.ts';

/** Sizes from this on need the empty thought: 12B does, E4B (8B in all) does not. */
const LARGE_PARAMETERS = 10_000_000_000;

type ModelResponse = Extract<ChatHistoryItem, { type: 'model' }>['response'];
type ThoughtBudget = { budgets?: { thoughtTokens: number } };

/** Whether the family marks its thoughts, so that they can be told apart. */
export function canThink({ settings }: ChatWrapper): boolean {
  return settings.segments?.thought !== undefined;
}

/** The same model, asked to think or not to. Null: as its makers mean it, who leave it off in Gemma 4's template. */
export async function withThinking(loaded: ModelInMemory, thinking: boolean | null): Promise<ModelInMemory> {
  const { Gemma4ChatWrapper } = await library();
  const { chatWrapper, description } = loaded;
  const reasoning = thinking ?? false;
  if (!(chatWrapper instanceof Gemma4ChatWrapper) || chatWrapper.reasoning === reasoning) return loaded;
  const options = gemma4Options(description.header.chatTemplate, reasoning);
  return { ...loaded, chatWrapper: new Gemma4ChatWrapper(options) };
}

/** How many tokens of thoughts an answer may have, as an option of the library. */
export function thoughtBudget({ chatWrapper }: ModelInMemory, thinking: boolean | null): ThoughtBudget {
  return thinking === false || isSilenced(chatWrapper) ? { budgets: { thoughtTokens: 0 } } : {};
}

function isSilenced(wrapper: ChatWrapper): boolean {
  return 'reasoning' in wrapper && wrapper.reasoning === false;
}

/** What stands before the first word of an answer without thoughts. */
export function beforeAnswer({ chatWrapper, description }: ModelInMemory): ModelResponse {
  if (!isSilenced(chatWrapper) || (description.header.parameterCount ?? 0) < LARGE_PARAMETERS) return [];
  // The library leaves the line's end to the thought itself.
  return [{ type: 'segment', segmentType: 'thought', text: '\n', ended: true }];
}
