// What the model really sees, token for token, against the template that is inside the model file.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelInMemory } from '../../../src-main/engine/loaded-model.ts';
import { loadModel } from '../../../src-main/engine/loaded-model.ts';
import { generate } from '../../../src-main/engine/generate.ts';
import { openAnswer, promptTokens, toHistory } from '../../../src-main/engine/generation-view.ts';
import { library, startLlama } from '../../../src-main/engine/llama.ts';
import { withThinking } from '../../../src-main/engine/thinking.ts';
import { DEMO_MODEL, RECOMMENDED, STRICT_MODEL, turnsOf } from './start-engine.ts';

const SYSTEM = 'Answer in one word.\nBe kind.';
const TURNS = turnsOf('Hello!', 'Hello! How can I help you today?', 'What is the capital of France?');
const never = new AbortController().signal;
let loaded: ModelInMemory;

async function loadFile(path: string): Promise<ModelInMemory> {
  const llama = await startLlama();
  return loadModel(
    llama,
    { path, contextSize: null, threads: null, gpuLayers: null, kvCacheType: null, flashAttention: null },
    { onProgress: () => {}, signal: never },
  );
}

beforeAll(async () => {
  process.env['LAPIDARY_BACKEND'] = 'cpu';
  loaded = await loadFile(DEMO_MODEL);
});
afterAll(() => loaded.unload());

describe('Gemma 1 to 3', () => {
  it('holds exactly these tokens after a generation with system text and several turns', async () => {
    const input = {
      systemPrompt: SYSTEM,
      turns: TURNS,
      begun: '',
      thinking: null,
      sampling: RECOMMENDED,
      maxTokens: null,
      restore: null,
    };
    let answer = '';
    for await (const event of generate(loaded, input, never)) if (event.type === 'text') answer += event.text;
    const tokens = loaded.sequence.contextTokens;
    expect(loaded.model.detokenize(tokens, true)).toBe(
      '<bos><start_of_turn>user\nAnswer in one word.\nBe kind.\n\nHello!<end_of_turn>\n' +
        '<start_of_turn>model\nHello! How can I help you today?<end_of_turn>\n' +
        `<start_of_turn>user\nWhat is the capital of France?<end_of_turn>\n<start_of_turn>model\n${answer}`,
    );
    const special = tokens.filter((token) => loaded.model.isSpecialToken(token));
    expect(special).toHaveLength(1 + 4 + 3);
  });

  it("is what the file's own template makes of it: catches a wrapper that differs from the training", async () => {
    const { JinjaTemplateChatWrapper } = await library();
    const template = loaded.description.header.chatTemplate ?? '';
    const jinja = new JinjaTemplateChatWrapper({ template, tokenizer: loaded.model.tokenizer });
    const messages = [{ type: 'system' as const, text: SYSTEM }, ...toHistory(jinja, '', TURNS)];
    expect(
      promptTokens(loaded.chatWrapper, loaded.model, toHistory(loaded.chatWrapper, SYSTEM, TURNS)),
    ).toEqual(promptTokens(jinja, loaded.model, messages));
  });

  it('reaches models whose template forbids a system turn', async () => {
    const strict = await loadFile(STRICT_MODEL);
    const tokens = promptTokens(
      strict.chatWrapper,
      strict.model,
      toHistory(strict.chatWrapper, SYSTEM, TURNS),
    );
    expect(strict.description.chatWrapper).toBe('Gemma');
    expect(strict.model.detokenize(tokens, true)).toContain('<start_of_turn>user\nAnswer in one word.');
    await strict.unload();
  });
});

describe('Gemma 4', () => {
  it('has a system turn of its own, and no thoughts of earlier answers', async () => {
    const { Gemma4ChatWrapper } = await library();
    const wrapper = new Gemma4ChatWrapper();
    const { contextText } = wrapper.generateContextState({
      chatHistory: [...toHistory(wrapper, SYSTEM, TURNS), { type: 'model', response: [] }],
    });
    const text = contextText.values
      .map((value) => (typeof value === 'string' ? value : value.value))
      .join('');
    expect(text).toContain(`<|turn>system\n<|think|>\n${SYSTEM}<turn|>\n<|turn>user\nHello!<turn|>`);
    expect(text).not.toContain('<|channel>');
  });
});

describe('thinking', () => {
  async function promptOf(parameterCount: number, thinking: boolean | null): Promise<string> {
    const { Gemma4ChatWrapper } = await library();
    const header = { ...loaded.description.header, parameterCount };
    const description = { ...loaded.description, header };
    const gemma4 = { ...loaded, description, chatWrapper: new Gemma4ChatWrapper() };
    const asked = await withThinking(gemma4, thinking);
    const history = toHistory(asked.chatWrapper, SYSTEM, TURNS.slice(0, 1));
    const { contextText } = asked.chatWrapper.generateContextState({
      chatHistory: [...history, openAnswer(asked, '')],
    });
    return contextText.values.map((value) => (typeof value === 'string' ? value : value.value)).join('');
  }

  it('is asked for in the system turn when the person wants it, and only then', async () => {
    expect(await promptOf(4e9, true)).toContain('<|think|>');
    for (const thinking of [false, null]) {
      const silent = await promptOf(4e9, thinking);
      expect(silent).not.toContain('<|think|>');
      expect(silent).not.toContain('<|channel>');
    }
  });

  it('is answered for the large sizes by an empty thought', async () => {
    for (const thinking of [false, null])
      expect(await promptOf(26e9, thinking)).toMatch(/<\|turn>model\n<\|channel>thought\n<channel\|>$/);
  });
});
