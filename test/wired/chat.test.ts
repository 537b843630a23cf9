// The whole app without a window: from a question to a saved answer, with the real engine and the demo model.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GenerationEvent } from '#contract/chat.ts';
import { ask, startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

test('a question is answered by the demo model, saved, titled, and there after a restart', async () => {
  const { events, answer } = await ask(wired.client, 'What is the capital of France?');
  expect(events[0]?.type).toBe('accepted');
  expect(answer).toMatchObject({ text: 'The capital of France is Paris.', status: 'complete' });
  expect(answer.stats?.answerTokens).toBeGreaterThan(3);
  const titled = await until(async () =>
    (await wired.client.call('chat.list', {})).find((c) => c.titleSource === 'model'),
  );
  expect(titled.title).toBe('Capital of France');

  const { folder } = wired;
  await wired.close();
  wired = await startWiredApp({ folder });
  const { messages } = await wired.client.call('chat.open', { id: answer.conversationId });
  expect(messages.map((message) => message.text)).toEqual([
    'What is the capital of France?',
    'The capital of France is Paris.',
  ]);
});

test('the second question reads only what is new', async () => {
  const first = await ask(wired.client, 'My name is Anna.');
  const second = await ask(wired.client, 'What is my name?', first.answer.conversationId);
  expect(second.answer.text).toBe('Your name is Anna.');
  expect(second.answer.stats?.reusedTokens).toBeGreaterThan(0);
});

test('a stopped answer keeps its text, and the conversation goes on', async () => {
  let conversationId = 0;
  let last: GenerationEvent | undefined;
  let shown = '';
  for await (const event of wired.client.stream('chat.send', {
    conversationId: null,
    text: 'Count to 150.',
  })) {
    if (event.type === 'accepted') conversationId = event.conversation.id;
    if (event.type === 'text') shown += event.text;
    if (shown.length > 20) await wired.client.call('chat.stop', { conversationId });
    last = event;
  }
  if (last?.type !== 'done') throw new Error('No end');
  expect(last.answer.status).toBe('stopped');
  expect(last.answer.text.startsWith(shown)).toBe(true);
  expect(last.answer.text).not.toContain('150');
  const next = await ask(wired.client, 'What is 7 plus 8?', conversationId);
  expect(next.answer.status).toBe('complete');
});

test('closing the window does not end the answer; another window joins it and sees all of it', async () => {
  const window = wired.connect();
  let conversationId = 0;
  const reading = (async () => {
    for await (const event of window.client.stream('chat.send', {
      conversationId: null,
      text: 'Count to 200.',
    })) {
      if (event.type === 'accepted') conversationId = event.conversation.id;
      if (event.type === 'text') window.close();
    }
  })();
  await reading.catch(() => {});
  let text = '';
  for await (const event of wired.client.stream('chat.attach', { conversationId })) {
    if (event.type === 'snapshot' || event.type === 'done') text = event.answer.text;
    else if (event.type === 'text') text += event.text;
  }
  const { messages } = await until(async () => {
    const open = await wired.client.call('chat.open', { id: conversationId });
    return open.messages.at(-1)?.status === 'complete' ? open : null;
  });
  expect(messages.at(-1)?.text.endsWith('199, 200.')).toBe(true);
  if (text) expect(text).toBe(messages.at(-1)?.text);
});

test('two questions at once in one conversation: the second is refused, nothing is lost', async () => {
  const events = wired.client.stream('chat.send', { conversationId: null, text: 'Count to 200.' });
  const accepted = (await events.next()).value;
  if (accepted?.type !== 'accepted') throw new Error('Not accepted');
  await expect(ask(wired.client, 'Hello!', accepted.conversation.id)).rejects.toMatchObject({
    code: 'conversation-busy',
  });
  for await (const _ of events);
  const { messages } = await wired.client.call('chat.open', { id: accepted.conversation.id });
  expect(messages).toHaveLength(2);
});

test('retry writes a second answer beside the first', async () => {
  const { answer } = await ask(wired.client, 'What is 7 plus 8?');
  let again: GenerationEvent | undefined;
  for await (const event of wired.client.stream('chat.retry', { messageId: answer.id })) again = event;
  if (again?.type !== 'done') throw new Error('No end');
  expect(again.answer.id).not.toBe(answer.id);
  expect(again.answer.parentId).toBe(answer.parentId);
  const { messages } = await wired.client.call('chat.open', { id: answer.conversationId });
  expect(messages.map((message) => message.id)).toEqual([answer.parentId, again.answer.id]);
});

test.each([
  ['zero-width characters', '\u200B\u200D\uFEFF\u2060', 'message-empty'],
  ['spaces', ' \n\t ', 'message-empty'],
  ['five megabytes', 'word '.repeat(1_000_000), 'message-too-long'],
])('a message of only %s is refused by name and stores nothing', async (_, text, code) => {
  await expect(ask(wired.client, text)).rejects.toMatchObject({ code });
  expect(await wired.client.call('chat.list', {})).toEqual([]);
});

test('a question longer than the context is kept, and its answer says by how much', async () => {
  const { answer } = await ask(wired.client, 'What is the capital of France? '.repeat(2000));
  expect(answer).toMatchObject({ status: 'failed', failure: { code: 'prompt-too-long' } });
  const { messages } = await wired.client.call('chat.open', { id: answer.conversationId });
  expect(messages[0]?.text.length).toBeGreaterThan(60_000);
});

test('delete, restore and rename reach every window', async () => {
  const { answer } = await ask(wired.client, 'Hello!');
  const id = answer.conversationId;
  const watching = wired.client.stream('chat.watch', undefined);
  const nextChange = watching.next();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await wired.client.call('chat.delete', { id });
  const changes = [(await nextChange).value];
  while (changes.at(-1)?.type !== 'removed') changes.push((await watching.next()).value);
  expect(await wired.client.call('chat.list', {})).toEqual([]);
  await wired.client.call('chat.restore', { id });
  expect((await wired.client.call('chat.rename', { id, title: 'Mine' })).titleSource).toBe('person');
  expect((await wired.client.call('chat.list', {}))[0]?.title).toBe('Mine');
});
