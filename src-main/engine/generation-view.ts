// The conversation as the model's template sees it: system text, visible turns, the place for the answer.
import type { ChatHistoryItem, ChatWrapper, LlamaModel, Token } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { GenerateInput, Turn } from '#contract/engine.ts';
import { trimsTexts } from './chat-wrapper.ts';
import { answerReserve, firstVisibleTurn, promptTooLong } from './fit-context.ts';
import type { ModelInMemory } from './loaded-model.ts';
import { beforeAnswer } from './thinking.ts';

export interface GenerationView {
  firstVisibleTurn: number;
  /** '' where there is none, or no room for it. */
  note: string;
  history: ChatHistoryItem[];
  /** The whole prompt, ending where the answer begins, or goes on. */
  tokens: Token[];
}

/** Chooses the visible turns and lays them out. A note leaves before the question does. Errors: bad-input,
 * prompt-too-long. */
export async function layOutView(
  loaded: ModelInMemory,
  input: GenerateInput,
  signal: AbortSignal,
): Promise<GenerationView> {
  try {
    return await layOut(loaded, input, signal);
  } catch (error) {
    const tooLong = error instanceof AppError && error.code === 'prompt-too-long';
    if (!tooLong || !input.note) throw error;
    return layOut(loaded, { ...input, note: '' }, signal);
  }
}

async function layOut(
  loaded: ModelInMemory,
  input: GenerateInput,
  signal: AbortSignal,
): Promise<GenerationView> {
  const { counter, chatWrapper, model } = loaded;
  const { contextSize } = loaded.description;
  const { turns, note = '' } = input;
  const last = turns.length - 1;
  if (turns[last]?.role !== 'user') throw new AppError('bad-input', 'The last turn must be a question');
  const turnTokens: number[] = [];
  for (const turn of turns) turnTokens.push(await counter.count(turn.text, signal));
  const reserveTokens = answerReserve(contextSize, input.maxTokens);
  const begunTokens = await counter.count(input.begun, signal);
  const noteTokens = await counter.count(note, signal);
  const fit = {
    turnTokens,
    systemTokens: (await counter.count(input.systemPrompt, signal)) + begunTokens + noteTokens,
    contextTokens: contextSize,
    reserveTokens,
  };
  let first = firstVisibleTurn(fit);
  for (;;) {
    // A view begins with a question, also where two answers or two questions follow each other.
    while (turns[first]?.role !== 'user') first += 1;
    const history = toHistory(chatWrapper, input.systemPrompt, afterNote(note, turns.slice(first)));
    const tokens = promptTokens(chatWrapper, model, history, openAnswer(loaded, input.begun));
    // The counts are estimates; the laid out prompt is what must fit.
    if (tokens.length + reserveTokens <= contextSize)
      return { firstVisibleTurn: first, note, history, tokens };
    if (first === last) throw promptTooLong(tokens.length, contextSize - reserveTokens);
    first = Math.min(last, first + 2);
  }
}

/**
 * Turns as the library's history. Where the family knows no system turn (Gemma 1 to 3), the system text goes in
 * front of the first visible question, joined as Gemma 3's own template joins it; the library's own joint is one that
 * no Gemma was trained on.
 */
export function toHistory(
  wrapper: ChatWrapper,
  systemPrompt: string,
  turns: readonly Turn[],
): ChatHistoryItem[] {
  const laid = (text: string): string => (trimsTexts(wrapper) ? text.trim() : text);
  const items = turns.map(({ role, text }): ChatHistoryItem =>
    role === 'user' ? { type: 'user', text: laid(text) } : { type: 'model', response: [laid(text)] },
  );
  if (systemPrompt.trim() === '') return items;
  const first = items[0];
  if (wrapper.settings.supportsSystemMessages || first?.type !== 'user') {
    return [{ type: 'system', text: laid(systemPrompt) }, ...items];
  }
  return [{ type: 'user', text: `${laid(systemPrompt)}\n\n${first.text}` }, ...items.slice(1)];
}

/** Turns with a note in front of the first one. */
export function afterNote(note: string, turns: readonly Turn[]): readonly Turn[] {
  const [first, ...others] = turns;
  return note === '' || !first ? turns : [{ ...first, text: `${note}\n\n${first.text}` }, ...others];
}

/** The answer that is to be written, as far as it is there. */
export function openAnswer(loaded: ModelInMemory, begun: string): ChatHistoryItem {
  return { type: 'model', response: [...beforeAnswer(loaded), ...(begun === '' ? [] : [begun])] };
}

/** The tokens that `history` comes to, with the answer after it, which stays open. */
export function promptTokens(
  wrapper: ChatWrapper,
  model: LlamaModel,
  history: ChatHistoryItem[],
  answer: ChatHistoryItem = { type: 'model', response: [] },
): Token[] {
  const { contextText } = wrapper.generateContextState({ chatHistory: [...history, answer] });
  return contextText.tokenize(model.tokenizer);
}
