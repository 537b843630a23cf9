// What is read again when a conversation goes back to where another branch left it, and on from there. Bugs these
// catch: a conversation that is read from its beginning because its model forgets what lay before a window, and a
// checkpoint that brings back the words of another branch.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Token } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineEvent, Turn } from '#contract/engine.ts';
import { generate } from '../../src-main/engine/generate.ts';
import { promptTokens, toHistory } from '../../src-main/engine/generation-view.ts';
import { startLlama } from '../../src-main/engine/llama.ts';
import { loadModel, type ModelInMemory } from '../../src-main/engine/loaded-model.ts';
import { commonPrefix } from '../../src-main/engine/saved-state.ts';
import { GEMMA_2, GEMMA_3 } from '../support/template-families.ts';
import { writeTemplateModel, type TemplateFamily } from '../support/template-models.ts';
import { RECOMMENDED, turnsOf } from '../main/engine/start-engine.ts';

/** Longer than what a window of 128 and the room for one reading hold together. */
const LONG_ANSWER = 800;
const OPENING = 'The harbour of the town lies in the north. '.repeat(30);
/** By chance, so that nothing runs away into repeating itself, but always by the same one. */
const SAMPLING = { ...RECOMMENDED, temperature: 1, topK: 10, seed: 7 };
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'lapidary-branches-'));

beforeAll(() => {
  process.env['LAPIDARY_BACKEND'] = 'cpu';
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Likelihoods = ReadonlyMap<Token, number>;

class Conversation {
  readonly #loaded: ModelInMemory;

  constructor(loaded: ModelInMemory) {
    this.#loaded = loaded;
  }

  /** The answer, how much of the prompt was evaluated for it, and how much of it lies behind what was held before. */
  async ask(
    turns: Turn[],
    maxTokens: number,
  ): Promise<{ text: string; readAgain: number; afterFork: number }> {
    const { sequence, model, chatWrapper } = this.#loaded;
    const prompt = promptTokens(chatWrapper, model, toHistory(chatWrapper, '', turns));
    const afterFork = prompt.length - commonPrefix(prompt, sequence.contextTokens);
    const input = { systemPrompt: '', turns, begun: '', thinking: null, sampling: SAMPLING, restore: null };
    const events: EngineEvent[] = [];
    for await (const event of generate(this.#loaded, { ...input, maxTokens }, never)) events.push(event);
    const done = events.find((event) => event.type === 'done');
    const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
    expect(sequence.contextTokens.slice(0, prompt.length)).toEqual(prompt);
    return { text, readAgain: done ? done.promptTokens - done.reusedTokens : NaN, afterFork };
  }

  /** How likely each token is to be the first of the answer. */
  async likelihoods(turns: Turn[]): Promise<Likelihoods> {
    await this.ask(turns, 1);
    const { sequence } = this.#loaded;
    const last = sequence.contextTokens.slice(-1);
    const end = sequence.nextTokenIndex;
    await sequence.eraseContextTokenRanges([{ start: end - 1, end }]);
    for await (const { probabilities } of sequence.evaluateWithMetadata(last, { probabilities: true })) {
      return probabilities;
    }
    throw new Error('Nothing was evaluated');
  }
}

/** The largest difference between two answers to how likely each letter is. */
function distance(left: Likelihoods, right: Likelihoods): number {
  return Math.max(...Array.from(left, ([token, value]) => Math.abs(value - (right.get(token) ?? 0))));
}

describe.each([
  ['keeps everything', GEMMA_2],
  ['looks back through a window', GEMMA_3],
  ['looks back through a window as long as a third of the context', { ...GEMMA_3, window: 1400 }],
] as [string, TemplateFamily][])('a model that %s', (name, family) => {
  let loaded: ModelInMemory;
  beforeAll(async () => {
    const path = writeTemplateModel(folder, name, { ...family, noise: true });
    const automatic = { threads: null, gpuLayers: null, kvCacheType: null, flashAttention: null } as const;
    const options = { onProgress: () => {}, signal: never };
    loaded = await loadModel(await startLlama(), { path, contextSize: 4096, ...automatic }, options);
  });
  afterAll(() => loaded.unload());

  it('reads only what comes after the fork, however long the answers were', async () => {
    const conversation = new Conversation(loaded);
    const [opening] = turnsOf(OPENING) as [Turn];
    const first = await conversation.ask([opening], 100);
    const before = [opening, { role: 'answer', text: first.text }] as Turn[];
    const question = { role: 'user', text: 'And what comes then?' } as const;
    const edited = { role: 'user', text: 'Is there a ship? '.repeat(5) } as const;
    const long = await conversation.ask([...before, question], LONG_ANSWER);
    expect(long.text).toHaveLength(LONG_ANSWER);

    const again = await conversation.ask([...before, question], LONG_ANSWER);
    expect(again).toMatchObject({ readAgain: 1, afterFork: 0, text: long.text });
    for (const asked of [edited, question, edited]) {
      const { readAgain, afterFork } = await conversation.ask([...before, asked], LONG_ANSWER);
      expect(afterFork).toBeLessThan(120);
      expect(readAgain).toBe(afterFork);
    }
  });

  it('has forgotten the other branch and nothing else: the next letter is as likely as read afresh', async () => {
    const conversation = new Conversation(loaded);
    const [opening] = turnsOf(OPENING) as [Turn];
    const first = await conversation.ask([opening], 100);
    const before = [opening, { role: 'answer', text: first.text }] as Turn[];
    const shown = [...before, { role: 'user', text: 'And what comes then?' }] as Turn[];
    await conversation.ask(shown, LONG_ANSWER);
    await conversation.ask([...before, { role: 'user', text: 'Is there a ship?' }], LONG_ANSWER);
    const back = await conversation.likelihoods(shown);
    await loaded.sequence.clearHistory();
    const fresh = await conversation.likelihoods(shown);
    const changed = shown.map((turn) => ({ ...turn, text: turn.text.replaceAll('harbour', 'MOUNTAIN') }));
    const elsewhere = await conversation.likelihoods(changed);
    // Other words far back make much more of a difference than another order of adding up.
    expect(distance(back, fresh)).toBeLessThan(0.002);
    expect(distance(elsewhere, fresh)).toBeGreaterThan(0.01);
  });
});
