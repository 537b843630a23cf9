// What reaches the library's evaluation, behind everything of ours. Bug these catch: a repeat penalty that the library
// adds by itself where an option is missing, which makes Gemma avoid words it needs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Sampling } from '#contract/engine.ts';
import { generate } from '../../../src-main/engine/generate.ts';
import { library, startLlama } from '../../../src-main/engine/llama.ts';
import { loadModel, type ModelInMemory } from '../../../src-main/engine/loaded-model.ts';
import { GEMMA_3 } from '../../support/template-families.ts';
import { writeTemplateModel } from '../../support/template-models.ts';
import { RECOMMENDED, turnsOf } from './start-engine.ts';

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'lapidary-options-'));
let loaded: ModelInMemory;

beforeAll(async () => {
  process.env['LAPIDARY_BACKEND'] = 'cpu';
  const path = writeTemplateModel(folder, 'options', GEMMA_3);
  const automatic = { contextSize: 512, threads: null, gpuLayers: null, kvCacheType: null } as const;
  const options = { onProgress: () => {}, signal: never };
  loaded = await loadModel(await startLlama(), { path, ...automatic, flashAttention: null }, options);
});
afterEach(() => void vi.restoreAllMocks());
afterAll(async () => {
  await loaded.unload();
  rmSync(folder, { recursive: true, force: true });
});

/** The options of the answer as a whole, and of the evaluation that chooses its tokens. */
async function optionsOf(sampling: Sampling): Promise<{ answer: object; evaluation: object }> {
  const { LlamaChat } = await library();
  const answers = vi.spyOn(LlamaChat.prototype, 'generateResponse');
  const evaluations = vi.spyOn(loaded.sequence, 'evaluate');
  const asked = { systemPrompt: '', turns: turnsOf('Hi'), begun: '', thinking: null, restore: null };
  const events = [];
  for await (const event of generate(loaded, { ...asked, sampling, maxTokens: 4 }, never)) events.push(event);
  expect(events.at(-1)).toMatchObject({ type: 'done', answerTokens: 4 });
  expect(evaluations).toHaveBeenCalledTimes(1);
  return { answer: answers.mock.calls[0]?.[1] ?? {}, evaluation: evaluations.mock.calls[0]?.[1] ?? {} };
}

it('has no repeat penalty, unless the person set one', async () => {
  const { answer, evaluation } = await optionsOf(RECOMMENDED);
  expect(answer).toMatchObject({ repeatPenalty: false });
  expect(evaluation).not.toHaveProperty('repeatPenalty');
  expect(evaluation).not.toHaveProperty('dryRepeatPenalty');
});

it('has the one that the person set', async () => {
  const { evaluation } = await optionsOf({ ...RECOMMENDED, repeatPenalty: 1.2 });
  expect(evaluation).toMatchObject({ repeatPenalty: { penalty: 1.2 } });
});

it("has the family's choice of tokens, not the library's", async () => {
  const { evaluation } = await optionsOf({ ...RECOMMENDED, temperature: 1 });
  expect(evaluation).toMatchObject({ temperature: 1, topK: 64, topP: 0.95, minP: 0 });
});
