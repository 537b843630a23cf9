// Branches through the whole app with a real model. Bugs these catch: an answer that sees another branch's words, one
// that is continued by beginning anew, a change while an answer is written, half a fork in the list.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GenerationEvent, Message } from '#contract/chat.ts';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

async function ended(events: AsyncIterable<GenerationEvent>): Promise<Message> {
  for await (const event of events) if (event.type === 'done') return event.answer;
  throw new Error('No answer');
}

const answerTo = async (text: string, conversationId?: number): Promise<Message> =>
  (await ask(wired.client, text, conversationId)).answer;
const texts = (messages: readonly Message[]): string[] => messages.map(({ text }) => text);

test('an edited question gets an answer of its own, and both branches stay', async () => {
  const first = await answerTo('What is the capital of France?');
  const edited = await ended(
    wired.client.stream('branches.edit', {
      messageId: first.parentId ?? 0,
      text: 'What is the capital of Italy?',
    }),
  );
  expect(edited.text).toContain('Rome');
  const { conversationId } = first;
  const back = await wired.client.call('branches.show', { messageId: first.id });
  expect(texts(back.messages)).toEqual(['What is the capital of France?', first.text]);
  expect(back.messages[0]?.versions).toEqual([first.parentId, edited.parentId]);
  const opened = await wired.client.call('chat.open', { id: conversationId });
  expect(texts(opened.messages)).toEqual(texts(back.messages));
});

test('an answer goes on where it was stopped, in a version of its own', async () => {
  const events = wired.client.stream('chat.send', { conversationId: null, text: 'Count to 150.' });
  let stopped: Message | null = null;
  for await (const event of events) {
    if (event.type === 'accepted') stopped = event.answer;
    if (event.type === 'text' && stopped)
      await wired.client.call('chat.stop', { conversationId: stopped.conversationId });
    if (event.type === 'done') stopped = event.answer;
  }
  expect(stopped?.status).toBe('stopped');
  const begun = stopped?.text ?? '';
  const whole = await ended(wired.client.stream('branches.continue', { messageId: stopped?.id ?? 0 }));
  expect(whole.text.startsWith(begun)).toBe(true);
  expect(whole.text).toContain('149, 150');
  expect(whole.text.match(/\b12\b/gu)).toHaveLength(1);
  expect(whole.versions).toEqual([stopped?.id, whole.id]);
});

test("the model sees the person's words in place of its own, and never another branch", async () => {
  const first = await answerTo('What is the capital of France?');
  const mine = await wired.client.call('branches.rewrite', { messageId: first.id, text: 'It is Lyon.' });
  expect(mine.messages.at(-1)).toMatchObject({ text: 'It is Lyon.', edited: true, role: 'answer' });
  const next = await answerTo('Hello!', first.conversationId);
  const { messages } = await wired.client.call('chat.open', { id: first.conversationId });
  expect(texts(messages)).toEqual(['What is the capital of France?', 'It is Lyon.', 'Hello!', next.text]);
});

test('a branch is removed and brought back; nothing changes while an answer is written', async () => {
  const first = await answerTo('What is the capital of France?');
  const { conversationId } = first;
  const removed = await wired.client.call('branches.remove', { messageId: first.id });
  expect(texts(removed.messages)).toEqual(['What is the capital of France?']);
  const again = await ended(wired.client.stream('chat.retry', { messageId: first.parentId ?? 0 }));
  expect(again.versions).toEqual([again.id]);
  const restored = await wired.client.call('branches.restore', { messageId: first.id });
  expect(restored.messages.at(-1)?.versions).toEqual([first.id, again.id]);

  const events = wired.client.stream('chat.send', { conversationId, text: 'Count to 150.' });
  for await (const event of events) {
    if (event.type !== 'accepted') continue;
    const calls = (['branches.show', 'branches.remove', 'branches.restore'] as const).map((channel) =>
      wired.client.call(channel, { messageId: first.id }),
    );
    const rewriting = wired.client.call('branches.rewrite', { messageId: first.id, text: 'x' });
    for (const refused of await Promise.allSettled([...calls, rewriting])) {
      expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'conversation-busy' } });
    }
    await wired.client.call('chat.stop', { conversationId });
  }
});

test('a fork is a conversation of its own that begins with the same words', async () => {
  const first = await answerTo('What is the capital of France?');
  await answerTo('Hello!', first.conversationId);
  const fork = await wired.client.call('branches.fork', { messageId: first.id });
  expect(fork.id).not.toBe(first.conversationId);
  const { messages } = await wired.client.call('chat.open', { id: fork.id });
  expect(texts(messages)).toEqual(['What is the capital of France?', first.text]);
  await answerTo('Good morning!', fork.id);
  const source = await wired.client.call('chat.open', { id: first.conversationId });
  expect(source.messages).toHaveLength(4);
  const list = await wired.client.call('chat.list', {});
  expect(new Set(list.map(({ id }) => id))).toEqual(new Set([first.conversationId, fork.id]));
});
