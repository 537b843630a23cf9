// Two real models in one conversation, through the whole app. Bugs these catch: an answer that is written by the model
// that happens to be loaded, a name that belongs to the other model, a model that is loaded while one only writes.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConversationSetup, GenerationEvent } from '#contract/chat.ts';
import type { Model } from '#contract/models.ts';
import { answerSettings } from '#contract/presets.ts';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

const SECOND = new URL('../fixtures/tiny-gemma-chat-strict-f16.gguf', import.meta.url).pathname;

let wired: WiredApp;
let demo: Model;
let second: Model;
beforeEach(async () => {
  wired = await startWiredApp();
  const adding = wired.client.stream('models.add', { path: SECOND, placement: 'in-place' });
  for await (const event of adding) if (event.type === 'added') second = event.model;
  for await (const list of wired.client.stream('models.watch', undefined)) {
    demo = list.find((model) => model.demo)!;
    break;
  }
});
afterEach(() => wired.destroy());

const by = (modelId: number | null): ConversationSetup => ({
  presetId: null,
  settings: answerSettings.parse({}),
  modelId,
});

async function follow(answerId: number): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  for await (const event of wired.client.stream('compare.watch', { answerId })) events.push(event);
  return events;
}

test('each side is written by its own model, and the kept one answers next', async () => {
  await ask(wired.client, 'Hello!'); // The demo model is in use.
  const question = { kind: 'new' as const, conversationId: null, text: 'What is the capital of France?' };
  const opened = await wired.client.call('compare.start', { question, left: by(null), right: by(second.id) });
  const { left, right } = opened.comparison!;
  const { id } = opened.conversation;
  // The left one may be written before anybody follows it: then there is nothing to hear of it.
  const [, other] = await Promise.all([follow(left.answer.id), follow(right.answer.id)]);
  const { comparison } = await wired.client.call('chat.open', { id });
  const answers = [comparison!.left.answer, comparison!.right.answer];
  expect(answers.map(({ status, stats }) => [status, stats?.modelName])).toEqual([
    ['complete', demo.name],
    ['complete', second.name],
  ]);
  expect(other.some((event) => event.type === 'waiting' && event.for === 'model')).toBe(true);
  const kept = await wired.client.call('compare.keep', { answerId: left.answer.id });
  expect(kept.conversation.modelId).toBe(demo.id);
  const { answer } = await ask(wired.client, 'What is the capital of Italy?', id);
  expect(answer.stats?.modelName).toBe(demo.name);
});

test('a chosen model is loaded with the question, not while it is being written, and is never replaced', async () => {
  const { answer } = await ask(wired.client, 'Hello!');
  const id = answer.conversationId;
  await wired.client.call('chat.configure', { id, ...by(second.id) });
  await wired.client.call('chat.prepare', { conversationId: id, text: 'Well? '.repeat(100) });
  expect(await modelInUse()).toBe(demo.id);
  const next = await ask(wired.client, 'What is the capital of France?', id);
  expect(next.answer.stats?.modelName).toBe(second.name);
  expect(await modelInUse()).toBe(second.id);
  await wired.client.call('models.remove', { id: second.id, file: 'keep' });
  const { answer: refused } = await ask(wired.client, 'And of Italy?', id);
  expect(refused).toMatchObject({ status: 'failed', failure: { code: 'conversation-model-gone' } });
  await wired.client.call('chat.configure', { id, ...by(null) });
  expect((await ask(wired.client, 'And of Spain?', id)).answer.stats?.modelName).toBe(demo.name);
});

async function modelInUse(): Promise<number | null> {
  for await (const { modelId } of wired.client.stream('models.watchEngine', undefined)) return modelId;
  return null;
}
