// Bugs these catch: an exchange that is committed by halves, a list that skips rows between pages, a branch that shows
// a sibling's messages, a bad stored value that takes others with it.
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { NewModel } from '../../../src-main/database/model-repository.ts';
import { addExchange, createPlace, openAt } from './database-fixture.ts';

const stats = {
  modelName: 'Tiny',
  backend: 'cpu',
  promptTokens: 1,
  reusedTokens: 0,
  answerTokens: 2,
  timeToFirstTokenMs: 3,
  tokensPerSecond: 4.5,
};

describe('exchanges', () => {
  it('start with a conversation, a question and an empty answer, and go on in the same branch', async () => {
    const { messages, conversations } = await openAt(createPlace());
    const first = messages.startExchange({ conversationId: null, title: 'One', text: 'hello', now: 5 });
    expect(first.conversation).toMatchObject({ title: 'One', titleSource: 'first-words', generating: true });
    expect(first.answer).toMatchObject({ parentId: first.question.id, status: 'generating', text: '' });
    messages.saveProgress(first.answer.id, { text: 'hi', thought: 'greet' });
    const done = messages.finish(first.answer.id, {
      text: 'hi!',
      thought: '',
      status: 'complete',
      failure: null,
      stats,
    });
    expect(messages.get(first.answer.id)).toEqual({
      ...first.answer,
      text: 'hi!',
      status: 'complete',
      stats,
    });
    expect(done).toEqual(messages.get(first.answer.id));
    messages.saveProgress(first.answer.id, { text: 'late', thought: '' });
    expect(messages.get(first.answer.id)?.text).toBe('hi!');
    const next = messages.startExchange({ conversationId: 1, title: '', text: 'more', now: 9 });
    expect(messages.activeBranch(1).map((message) => message.id)).toEqual([1, 2, 3, 4]);
    expect(next.question.parentId).toBe(done.id);
    expect(conversations.get(1)).toMatchObject({ updatedAt: 9, title: 'One' });
  });

  it('write nothing when the conversation is in the bin', async () => {
    const { messages, conversations } = await openAt(createPlace());
    const { conversation } = messages.startExchange({ conversationId: null, title: 'a', text: 'q', now: 1 });
    conversations.moveToBin(conversation.id, 2);
    const start = () => messages.startExchange({ conversationId: 1, title: '', text: 'q', now: 3 });
    expect(start).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(messages.get(3)).toBeNull();
  });

  it('leave their conversation alone when another one is named', async () => {
    const database = await openAt(createPlace());
    addExchange(database, 'a', 'A');
    addExchange(database, 'b', 'B');
    const move = () => database.conversations.setActiveMessage(1, 4);
    expect(move).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(database.messages.activeBranch(1)).toHaveLength(2);
  });

  it('branch at a retry, and both answers stay', async () => {
    const database = await openAt(createPlace());
    const id = addExchange(database, 'q', 'first');
    const sibling = database.messages.startAnswer(id, 7);
    expect(sibling.answer.parentId).toBe(1);
    expect(database.messages.activeBranch(1).map((message) => message.id)).toEqual([1, sibling.answer.id]);
    expect(database.messages.branchUpTo(id).map((message) => message.text)).toEqual(['q', 'first']);
    expect(sibling.answer.versions).toEqual([id, sibling.answer.id]);
  });

  it('interrupt what a crash cut off and keep its text', async () => {
    const { messages } = await openAt(createPlace());
    const { answer } = messages.startExchange({ conversationId: null, title: 'a', text: 'q', now: 1 });
    messages.saveProgress(answer.id, { text: 'half a sen', thought: 'hm' });
    expect(messages.interruptUnfinished()).toBe(1);
    expect(messages.get(answer.id)).toMatchObject({
      status: 'interrupted',
      text: 'half a sen',
      thought: 'hm',
    });
    expect(messages.interruptUnfinished()).toBe(0);
  });
});

it('the list pages through conversations of the same moment without losing one', async () => {
  const { conversations } = await openAt(createPlace());
  for (const now of [1, 2, 2, 2, 3]) conversations.create({ title: String(now), titleSource: 'model', now });
  const first = conversations.list({ limit: 2 });
  const rest = conversations.list({ limit: 2, before: first.at(-1)?.updatedAt });
  expect([...first, ...rest].map((one) => one.id)).toEqual([5, 4, 3, 2, 1]);
});

describe('models', () => {
  const header = {
    architecture: 'gemma3',
    name: null,
    parameterCount: 1,
    quantization: 'Q8_0',
    contextLength: 512,
    layerCount: 2,
    chatTemplate: null,
    licence: null,
    fileSizeBytes: 9,
  };
  const model: NewModel = {
    name: 'Tiny',
    path: '/models/tiny.gguf',
    placement: 'in-place',
    demo: true,
    header,
    addedAt: 1,
    fileSizeBytes: 9,
    fileModifiedAt: 1.75,
    sizeBytes: 1000,
    sha256: null,
    origin: null,
  };

  it('are kept once per path, with what was used last', async () => {
    const { models } = await openAt(createPlace());
    const added = models.add(model);
    expect(() => models.add(model)).toThrow(expect.objectContaining({ code: 'model-already-added' }));
    expect(models.lastUsed()).toBeNull();
    models.markUsed(added.id, 8);
    expect(models.lastUsed()).toMatchObject({ id: added.id, demo: true, header, lastUsedAt: 8 });
    expect([models.remove(added.id), models.remove(added.id)]).toEqual([true, false]);
  });

  it('stay in the list when a header can not be read', async () => {
    const place = createPlace();
    const { models } = await openAt(place);
    models.add(model);
    const other = new Sqlite(place.file);
    other.exec("UPDATE models SET header = '{broken'");
    other.close();
    expect(models.list()).toMatchObject([{ name: 'Tiny', header: { architecture: '', fileSizeBytes: 9 } }]);
  });
});

it('a setting with broken JSON loses only itself', async () => {
  const place = createPlace();
  const { settings } = await openAt(place);
  settings.write({ theme: 'dark', threads: null, topK: 40 });
  const other = new Sqlite(place.file);
  other.exec(`UPDATE settings SET value = '{"half' WHERE key = 'topK'`);
  other.close();
  settings.write({ theme: undefined, temperature: 0.5 });
  expect(settings.readAll()).toEqual({ threads: null, temperature: 0.5 });
});

it('context states are replaced, counted, and given up oldest first', async () => {
  const database = await openAt(createPlace());
  for (const question of ['a', 'b']) addExchange(database, question, 'x');
  const state = { stateKey: 'k', file: 'f', sha256: 'h', sizeBytes: 10, tokens: 3 };
  database.contextStates.put({ ...state, conversationId: 1, usedAt: 1 });
  database.contextStates.put({ ...state, conversationId: 2, usedAt: 2 });
  database.contextStates.put({ ...state, conversationId: 1, usedAt: 3, sizeBytes: 20 });
  expect(database.contextStates.totalBytes()).toBe(30);
  expect(database.contextStates.leastRecentlyUsed()?.conversationId).toBe(2);
  database.contextStates.remove(2);
  expect(database.contextStates.get(1)).toEqual({ ...state, conversationId: 1, usedAt: 3, sizeBytes: 20 });
});
