// Which of the library's wrappers lays a conversation out for a model, and what has to be corrected in it so that the
// model sees the tokens its own template would give it.
import type { ChatWrapper, LlamaModel } from 'node-llama-cpp';
import { library } from './llama.ts';

/** Families whose templates take white space away around every text (their tokenizer_config.json: `| trim`). */
const TRIMMING = new Set(['Gemma', 'Gemma 4', 'Llama 3', 'Llama 3.1', 'Llama 3.2 lightweight']);

/** The wrapper for the template inside the model file. */
export async function chooseWrapper(model: LlamaModel, template: string | null): Promise<ChatWrapper> {
  const { Gemma4ChatWrapper, resolveChatWrapper } = await library();
  // Google changes this template now and then. One that the library does not know word for word would go to its
  // wrapper for any template, which can't be told to think or not.
  if (template?.includes('<|turn>') && template.includes('<turn|>')) {
    return new Gemma4ChatWrapper(gemma4Options(template, false));
  }
  const wrapper = resolveChatWrapper(model, { warningLogs: false });
  return beginsWithMark(model, template) ? wrapper : await withoutMark(wrapper);
}

/** For Gemma 4: whether it thinks, and whether its template ends the line after the mark that asks for it. */
export function gemma4Options(template: string | null, reasoning: boolean): { reasoning: boolean } {
  const options = {
    reasoning,
    // Early templates of Gemma 4 do not. Not in the library's types; a golden test holds it.
    _lineBreakAfterThinkIndicator: template === null || /<\|think\|>(\\n|\n)/u.test(template),
  };
  return options;
}

/** Whether white space around a text is no part of it for this family. */
export function trimsTexts({ wrapperName }: ChatWrapper): boolean {
  return TRIMMING.has(wrapperName);
}

/** Qwen and others have a token for the beginning of a text but begin none with it. */
function beginsWithMark({ tokens }: LlamaModel, template: string | null): boolean {
  if (tokens.shouldPrependBosToken || tokens.bosString === null) return true;
  return template === null || template.includes('bos_token') || template.includes(tokens.bosString);
}

/** The same wrapper, whose conversations begin with their first turn. */
async function withoutMark(wrapper: ChatWrapper): Promise<ChatWrapper> {
  const { SpecialToken } = await library();
  const layOut = wrapper.generateContextState.bind(wrapper);
  wrapper.generateContextState = (options) => {
    const state = layOut(options);
    const isMark = (value: unknown): boolean => value instanceof SpecialToken && value.value === 'BOS';
    const contextText = state.contextText.mapValues((value, at) => (at === 0 && isMark(value) ? '' : value));
    return { ...state, contextText };
  };
  return wrapper;
}
