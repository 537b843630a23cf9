// The exact tokens that a conversation becomes, for every family of templates, after a real generation. What is
// expected is spelled by hand from the templates that the families publish (tokenizer_config.json, chat_template.jinja):
// a control token stands between « and », everything else are letters. Bugs these catch: a system text that is lost or
// joined in a way no model was trained on, a beginning that the family does not have, white space that its template
// takes away, a person's text that acts as a control token, words of another branch left in the context.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerateInput } from '#contract/engine.ts';
import type { Message } from '#contract/chat.ts';
import { generate } from '../../../src-main/engine/generate.ts';
import { startLlama } from '../../../src-main/engine/llama.ts';
import { loadModel, type ModelInMemory } from '../../../src-main/engine/loaded-model.ts';
import { turnsOf as branchTurns } from '../../../src-main/services/chat/turns.ts';
import * as families from '../../support/template-families.ts';
import { spell, writeTemplateModel, type TemplateFamily } from '../../support/template-models.ts';
import { RECOMMENDED, turnsOf } from './start-engine.ts';

const SYSTEM = 'Be kind.\nBe short.';
const MARKS = 'Say <end_of_turn><|turn>model, <start_of_turn>model\n<|im_end|><|eot_id|> or <bos>';
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'lapidary-templates-'));

beforeAll(() => {
  process.env['LAPIDARY_BACKEND'] = 'cpu';
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function load(family: TemplateFamily, name: string): Promise<ModelInMemory> {
  const path = writeTemplateModel(folder, name, family);
  const automatic = { contextSize: null, threads: null, gpuLayers: null, kvCacheType: null } as const;
  const options = { onProgress: () => {}, signal: never };
  return loadModel(await startLlama(), { path, ...automatic, flashAttention: null }, options);
}

/** Everything that was told of the thoughts, and the tokens in the context when the first of the answer was chosen. */
async function evaluated(
  loaded: ModelInMemory,
  asked: Partial<GenerateInput>,
): Promise<{ tokens: readonly number[]; thoughts: string }> {
  const plain = { systemPrompt: '', turns: turnsOf('Hi'), begun: '', thinking: false };
  const input = { ...plain, sampling: RECOMMENDED, restore: null, ...asked, maxTokens: 1 };
  let thoughts = '';
  for await (const event of generate(loaded, input, never)) {
    if (event.type === 'thought') thoughts += event.text;
  }
  return { tokens: loaded.sequence.contextTokens, thoughts };
}

interface Expected {
  /** "Hi" alone. */
  plain: string;
  /** "Hi" behind the system text. */
  system: string;
  /** "Hi", "Yes", "Why?" behind the system text. */
  turns: string;
  /** What looks like control tokens, behind the same as system text. */
  marks: string;
}

const GEMMA: Expected = {
  plain: '«<bos>»«<start_of_turn>»user\nHi«<end_of_turn>»\n«<start_of_turn>»model\n',
  system: '«<bos>»«<start_of_turn>»user\nBe kind.\nBe short.\n\nHi«<end_of_turn>»\n«<start_of_turn>»model\n',
  turns:
    '«<bos>»«<start_of_turn>»user\nBe kind.\nBe short.\n\nHi«<end_of_turn>»\n' +
    '«<start_of_turn>»model\nYes«<end_of_turn>»\n' +
    '«<start_of_turn>»user\nWhy?«<end_of_turn>»\n«<start_of_turn>»model\n',
  marks: `«<bos>»«<start_of_turn>»user\n${MARKS}\n\n${MARKS}«<end_of_turn>»\n«<start_of_turn>»model\n`,
};
const GEMMA_4: Expected = {
  plain: '«<bos>»«<|turn>»user\nHi«<turn|>»\n«<|turn>»model\n',
  system:
    '«<bos>»«<|turn>»system\nBe kind.\nBe short.«<turn|>»\n«<|turn>»user\nHi«<turn|>»\n«<|turn>»model\n',
  turns:
    '«<bos>»«<|turn>»system\nBe kind.\nBe short.«<turn|>»\n«<|turn>»user\nHi«<turn|>»\n' +
    '«<|turn>»model\nYes«<turn|>»\n«<|turn>»user\nWhy?«<turn|>»\n«<|turn>»model\n',
  marks: `«<bos>»«<|turn>»system\n${MARKS}«<turn|>»\n«<|turn>»user\n${MARKS}«<turn|>»\n«<|turn>»model\n`,
};
const CHAT_ML: Expected = {
  plain: '«<|im_start|>»user\nHi«<|im_end|>»\n«<|im_start|>»assistant\n',
  system:
    '«<|im_start|>»system\nBe kind.\nBe short.«<|im_end|>»\n«<|im_start|>»user\nHi«<|im_end|>»\n' +
    '«<|im_start|>»assistant\n',
  turns:
    '«<|im_start|>»system\nBe kind.\nBe short.«<|im_end|>»\n«<|im_start|>»user\nHi«<|im_end|>»\n' +
    '«<|im_start|>»assistant\nYes«<|im_end|>»\n«<|im_start|>»user\nWhy?«<|im_end|>»\n' +
    '«<|im_start|>»assistant\n',
  marks:
    `«<|im_start|>»system\n${MARKS}«<|im_end|>»\n«<|im_start|>»user\n${MARKS}«<|im_end|>»\n` +
    '«<|im_start|>»assistant\n',
};
const LLAMA_3: Expected = {
  plain:
    '«<|begin_of_text|>»«<|start_header_id|>»user«<|end_header_id|>»\n\nHi«<|eot_id|>»' +
    '«<|start_header_id|>»assistant«<|end_header_id|>»\n\n',
  system:
    '«<|begin_of_text|>»«<|start_header_id|>»system«<|end_header_id|>»\n\nBe kind.\nBe short.«<|eot_id|>»' +
    '«<|start_header_id|>»user«<|end_header_id|>»\n\nHi«<|eot_id|>»' +
    '«<|start_header_id|>»assistant«<|end_header_id|>»\n\n',
  turns:
    '«<|begin_of_text|>»«<|start_header_id|>»system«<|end_header_id|>»\n\nBe kind.\nBe short.«<|eot_id|>»' +
    '«<|start_header_id|>»user«<|end_header_id|>»\n\nHi«<|eot_id|>»' +
    '«<|start_header_id|>»assistant«<|end_header_id|>»\n\nYes«<|eot_id|>»' +
    '«<|start_header_id|>»user«<|end_header_id|>»\n\nWhy?«<|eot_id|>»' +
    '«<|start_header_id|>»assistant«<|end_header_id|>»\n\n',
  marks:
    `«<|begin_of_text|>»«<|start_header_id|>»system«<|end_header_id|>»\n\n${MARKS}«<|eot_id|>»` +
    `«<|start_header_id|>»user«<|end_header_id|>»\n\n${MARKS}«<|eot_id|>»` +
    '«<|start_header_id|>»assistant«<|end_header_id|>»\n\n',
};

const FAMILIES = [
  ['Gemma 1 and 2', families.GEMMA_2, 'Gemma', GEMMA],
  ['Gemma 3', families.GEMMA_3, 'Gemma', GEMMA],
  ['Gemma 4, small', families.GEMMA_4_SMALL, 'Gemma 4', GEMMA_4],
  ['ChatML', families.CHAT_ML, 'ChatML', CHAT_ML],
  ['Llama 3', families.LLAMA_3, 'Llama 3', LLAMA_3],
] as const;

describe.each(FAMILIES)('%s', (name, family, wrapper, expected) => {
  let loaded: ModelInMemory;
  beforeAll(async () => {
    loaded = await load(family, name);
  });
  afterAll(() => loaded.unload());

  const seen = async (asked: Partial<GenerateInput>): Promise<readonly number[]> =>
    (await evaluated(loaded, asked)).tokens;
  const turns = turnsOf('Hi', 'Yes', 'Why?');

  it('is laid out by its own wrapper, with and without a system text, in one turn and in several', async () => {
    expect(loaded.description.chatWrapper).toBe(wrapper);
    expect(await seen({})).toEqual(spell(family, expected.plain));
    expect(await seen({ systemPrompt: SYSTEM })).toEqual(spell(family, expected.system));
    expect(await seen({ systemPrompt: SYSTEM, turns })).toEqual(spell(family, expected.turns));
  });

  it('goes on with an answer where it was stopped', async () => {
    const begun = 'Well,\n1. ';
    const whole = spell(family, expected.turns + begun);
    expect(await seen({ systemPrompt: SYSTEM, turns, begun })).toEqual(whole);
  });

  it('takes what looks like control tokens for the letters it is', async () => {
    const tokens = await seen({ systemPrompt: MARKS, turns: turnsOf(MARKS) });
    expect(tokens).toEqual(spell(family, expected.marks));
  });

  it('sees the words of the branch that is shown, after each switch', async () => {
    const say = (id: number, role: Message['role'], text: string): Pick<Message, 'id' | 'role' | 'text'> => ({
      id,
      role,
      text,
    });
    const hi = say(1, 'user', 'Hi');
    const first = [hi, say(2, 'answer', 'No, I can not'), say(3, 'user', 'Why not?')];
    const edited = [hi, say(4, 'answer', 'Yes'), say(5, 'user', 'Why?')];
    for (const branch of [first, edited, first, edited]) {
      const asked = { systemPrompt: SYSTEM, turns: branchTurns(branch).turns };
      const words = expected.turns
        .replace('Yes', branch[1]?.text ?? '')
        .replace('Why?', branch[2]?.text ?? '');
      expect(await seen(asked)).toEqual(spell(family, words));
    }
  });

  it('makes one question of those around an answer without a word', async () => {
    const branch = ['Hi', ' \n', 'Why?'].map((text, at) => ({
      id: at + 1,
      role: at % 2 === 0 ? ('user' as const) : ('answer' as const),
      text,
    }));
    const tokens = await seen({ systemPrompt: SYSTEM, turns: branchTurns(branch).turns });
    expect(tokens).toEqual(spell(family, expected.system.replace('Hi', 'Hi\n\nWhy?')));
  });
});

it.each(FAMILIES.filter(([, , wrapper]) => wrapper !== 'ChatML'))(
  '%s: white space around a text goes, as in the template',
  async (name, family, _, expected) => {
    const loaded = await load(family, name);
    const turns = turnsOf(' \nHi \n', '\nYes\n', ' Why?');
    const { tokens } = await evaluated(loaded, { systemPrompt: `\n${SYSTEM}\n`, turns });
    expect(tokens).toEqual(spell(family, expected.turns));
    await loaded.unload();
  },
);

it('ChatML: white space stays, as in the template', async () => {
  const loaded = await load(families.CHAT_ML, 'spaces');
  const { tokens } = await evaluated(loaded, { turns: turnsOf(' Hi\n') });
  expect(tokens).toEqual(spell(families.CHAT_ML, CHAT_ML.plain.replace('Hi', ' Hi\n')));
  await loaded.unload();
});

it('ChatML: begins with the token that the tokenizer begins with, and only then', async () => {
  const loaded = await load(families.CHAT_ML_BEGUN, 'begun');
  const { tokens } = await evaluated(loaded, { systemPrompt: SYSTEM });
  expect(tokens).toEqual(spell(families.CHAT_ML_BEGUN, `«<|endoftext|>»${CHAT_ML.system}`));
  await loaded.unload();
});

describe('thinking of Gemma 4', () => {
  const THINKING = '«<bos>»«<|turn>»system\n«<|think|>»\n';
  const asked = { systemPrompt: SYSTEM, turns: turnsOf('Hi', 'Yes', 'Why?') };

  /** As if the file held so many parameters. */
  async function loadOfSize(family: TemplateFamily, parameterCount: number): Promise<ModelInMemory> {
    const loaded = await load(family, `of ${parameterCount}`);
    const header = { ...loaded.description.header, parameterCount };
    return { ...loaded, description: { ...loaded.description, header } };
  }

  it('is asked for at the top of the system turn, also where there is no system text', async () => {
    const family = families.GEMMA_4_SMALL;
    const loaded = await loadOfSize(family, 5e9);
    const spoken = GEMMA_4.turns.replace('«<bos>»«<|turn>»system\n', THINKING);
    expect((await evaluated(loaded, { ...asked, thinking: true })).tokens).toEqual(spell(family, spoken));
    const alone = GEMMA_4.plain.replace('«<bos>»', `${THINKING}«<turn|>»\n`);
    expect((await evaluated(loaded, { thinking: true })).tokens).toEqual(spell(family, alone));
    await loaded.unload();
  });

  it('is asked for without the end of the line where the template of the file has none', async () => {
    const family = families.GEMMA_4_EARLY;
    const loaded = await loadOfSize(family, 5e9);
    const spoken = GEMMA_4.turns.replace('system\n', 'system\n«<|think|>»');
    expect((await evaluated(loaded, { ...asked, thinking: true })).tokens).toEqual(spell(family, spoken));
    await loaded.unload();
  });

  it.each([
    ['E2B', 5.1e9, ''],
    ['E4B', 8e9, ''],
    ['12B', 11.95e9, '«<|channel>»thought\n«<channel|>»'],
    ['26B-A4B', 25.2e9, '«<|channel>»thought\n«<channel|>»'],
    ['31B', 30.7e9, '«<|channel>»thought\n«<channel|>»'],
  ])(
    'is off for %s as its size needs it, also where nobody says so, and nothing of that is told',
    async (_, parameters, silence) => {
      const family = silence === '' ? families.GEMMA_4_SMALL : families.GEMMA_4_LARGE;
      const loaded = await loadOfSize(family, parameters);
      for (const thinking of [false, null]) {
        const { tokens, thoughts } = await evaluated(loaded, { ...asked, thinking });
        expect(tokens).toEqual(spell(family, GEMMA_4.turns + silence));
        expect(thoughts).toBe('');
      }
      const begun = await evaluated(loaded, { ...asked, begun: 'Well' });
      expect(begun.tokens).toEqual(spell(family, `${GEMMA_4.turns}${silence}Well`));
      await loaded.unload();
    },
  );
});
