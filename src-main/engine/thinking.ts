// Thinking before the answer: how it is switched on and off for the families that can. Gemma 4 is asked for it in its
// system turn; its large sizes think all the same unless an empty thought stands before the answer (Gemma 4's model
// card; the small sizes need nothing).
import type { ChatHistoryItem, ChatWrapper } from 'node-llama-cpp';
import { library } from './llama.ts';
import type { ModelInMemory } from './loaded-model.ts';

/** Sizes above this need the empty thought: 26B and 31B do, 12B and smaller do not. */
const LARGE_PARAMETERS = 20_000_000_000;

type ModelResponse = Extract<ChatHistoryItem, { type: 'model' }>['response'];

/** Whether the family marks its thoughts, so that they can be told apart. */
export function canThink({ settings }: ChatWrapper): boolean {
  return settings.segments?.thought !== undefined;
}

/** The same model, asked to think or not to. Null: as its makers mean it. */
export async function withThinking(loaded: ModelInMemory, thinking: boolean | null): Promise<ModelInMemory> {
  const { Gemma4ChatWrapper } = await library();
  const { chatWrapper } = loaded;
  const changes = thinking !== null && chatWrapper instanceof Gemma4ChatWrapper;
  if (!changes || chatWrapper.reasoning === thinking) return loaded;
  return { ...loaded, chatWrapper: new Gemma4ChatWrapper({ reasoning: thinking }) };
}

/** What stands before the first word of an answer without thoughts. */
export function beforeAnswer({ chatWrapper, description }: ModelInMemory): ModelResponse {
  const silenced = 'reasoning' in chatWrapper && chatWrapper.reasoning === false;
  if (!silenced || (description.header.parameterCount ?? 0) < LARGE_PARAMETERS) return [];
  return [{ type: 'segment', segmentType: 'thought', text: '', ended: true }];
}
