// Bugs these catch: a question that goes out while two answers wait for a choice, a side that is set up as the other, a
// pair that a reload or a late joining loses, a model that is chosen silently when the chosen one is gone.
import { beforeEach, expect, it, vi } from 'vitest';
import type { Comparison, GenerationEvent, Message, OpenConversation } from '#contract/chat.ts';
import type { CompareInput } from '#contract/compare.ts';
import type { Contract } from '#contract/index.ts';
import { answerSettings, type Preset } from '#contract/presets.ts';
import type { Handlers } from '#rpc/define.ts';
import { createChat } from '../../../src-renderer/features/chat/chat-context.ts';
import { setupName, settingRows } from '../../../src-renderer/features/chat/compare/pair-words.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import * as data from '../../support/fake-data.ts';

const terse: Preset = {
  id: 1001,
  name: 'Terse',
  builtIn: null,
  settings: answerSettings.parse({ systemPrompt: 'Be terse.', temperature: 0.5 }),
};
const nothing = answerSettings.parse({});
const [question, model] = data.messages as [Message, Message];
const answer = (id: number, more: Partial<Message> = {}): Message => ({
  ...model,
  id,
  parentId: question.id,
  versions: [11, 12],
  ...more,
});
const done = (id: number): Message => answer(id, { text: `Answer ${id}.` });
const empty = (id: number): Message => answer(id, { text: '', status: 'generating' });

function opened(left: Message, right: Message): OpenConversation {
  const side = (message: Message, presetId: number | null): Comparison['left'] => ({
    answer: message,
    setup: { presetId, settings: nothing, modelId: null },
  });
  const generating = [left, right].some(({ status }) => status === 'generating');
  return {
    conversation: { ...data.conversations[0]!, generating },
    messages: [question, left],
    context: null,
    comparison: { questionId: question.id, left: side(left, null), right: side(right, terse.id) },
  };
}

function setUp(replace: Partial<Handlers<Contract>> = {}) {
  const host = createFakeHost({
    async *'presets.watch'() {
      yield [terse];
    },
    'chat.open': () => opened(done(11), done(12)),
    ...replace,
  });
  const stores = createStores(host.api);
  return { host, stores, ui: createChat(stores) };
}

async function* written(id: number): AsyncGenerator<GenerationEvent> {
  yield { type: 'snapshot', answer: empty(id) };
  yield { type: 'text', text: `Answer ${id}.` };
  yield { type: 'done', answer: done(id) };
}

beforeEach(() => {
  sessionStorage.clear();
  window.location.hash = '';
});

it('asks both sides what was written, and shows both to their ends', async () => {
  const asked: CompareInput[] = [];
  const { ui, stores } = setUp({
    'compare.start': (input) => {
      asked.push(input);
      return opened(empty(11), empty(12));
    },
    'compare.watch': ({ answerId }) => written(answerId),
  });
  await vi.waitFor(() => expect([ui.setup.presets.length, stores.models.list?.length]).toEqual([1, 2]));
  await ui.setup.set('seed', 4);
  ui.composer.text = 'What does a lapidary do?';
  ui.compare.choose(null);
  expect(ui.compare.twoModels).toBe(true);
  ui.compare.right = { modelId: null, preset: terse.id };
  expect([ui.compare.twoModels, ui.compare.alike]).toEqual([false, false]);
  await ui.compare.start();
  expect(asked[0]).toMatchObject({
    question: {
      kind: 'new',
      conversationId: null,
      text: 'What does a lapidary do?',
      temporary: false,
    },
    left: { presetId: null, settings: { ...nothing, seed: 4 }, modelId: null },
    right: { presetId: terse.id, settings: nothing, modelId: null },
  });
  expect([ui.compare.open, ui.composer.text, stores.navigation.conversationId]).toEqual([false, '', 1]);
  const session = ui.conversations.current;
  expect(session.busy).toBe(true);
  await vi.waitFor(() => expect(session.busy).toBe(false));
  const { left, right } = session.pair!;
  expect([left, right].map((side) => side.session.messages?.[0]?.text)).toEqual(['Answer 11.', 'Answer 12.']);
});

it('lets nothing be sent before one is kept, then goes on with it', async () => {
  const kept: number[] = [];
  const { ui } = setUp({
    'compare.keep': ({ answerId }) => {
      kept.push(answerId);
      return { ...opened(done(11), done(12)), messages: [question, done(answerId)], comparison: null };
    },
  });
  ui.conversations.open(1);
  await vi.waitFor(() => expect(ui.conversations.current.pair).not.toBeNull());
  ui.composer.text = 'And then?';
  expect(ui.composer.sendable).toBe(false);
  await ui.compare.keep(12);
  expect([kept, ui.conversations.current.pair]).toEqual([[12], null]);
  expect(ui.conversations.current.messages?.at(-1)?.id).toBe(12);
  expect([ui.composer.sendable, ui.composer.text]).toEqual([true, 'And then?']);
});

it('joins two answers that are being written, and reads again what ended meanwhile', async () => {
  let opens = 0;
  const { ui } = setUp({
    'chat.open': () => (opens++ === 0 ? opened(done(11), empty(12)) : opened(done(11), done(12))),
    async *'compare.watch'() {},
  });
  ui.conversations.open(1);
  const right = () => ui.conversations.current.pair?.right.session;
  await vi.waitFor(() => expect(right()?.messages?.[0]).toMatchObject({ id: 12, status: 'complete' }));
  expect(ui.conversations.current.busy).toBe(false);
});

it('keeps the question when it is refused, and says why', async () => {
  const { ui } = setUp({
    'compare.start': () => {
      throw new Error('x');
    },
  });
  ui.composer.text = 'Well?';
  ui.compare.choose(null);
  await ui.compare.start();
  expect(ui.compare).toMatchObject({ open: true, failure: { code: 'internal' }, starting: false });
  expect(ui.composer.text).toBe('Well?');
});

it('knows that the model of a conversation is gone, and takes none in its place by itself', async () => {
  const { ui, host } = setUp();
  await ui.setup.chooseModel(data.ownModel.id);
  await vi.waitFor(() => expect(ui.setup.model?.name).toBe(data.ownModel.name));
  expect(ui.setup.modelGone).toBe(false);
  host.models.set([data.demoModel]);
  await vi.waitFor(() => expect(ui.setup.modelGone).toBe(true));
  expect(ui.setup.current.modelId).toBe(data.ownModel.id);
  await ui.setup.chooseModel(null);
  expect(ui.setup.modelGone).toBe(false);
});

it('names what each side was told', () => {
  const setup = { presetId: terse.id, settings: { ...nothing, seed: 4, thinking: false }, modelId: null };
  expect(setupName(setup, [terse])).toBe('Terse, adjusted');
  expect(settingRows(setup, [terse]).map(({ value }) => value)).toEqual(
    expect.arrayContaining(['Be terse.', '0.5', '4', 'Answer at once']),
  );
});
