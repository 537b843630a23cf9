// Catches: parts of a long conversation that miss, repeat or reorder messages or lose their versions, and a part that
// carries more than the host can hand over without being felt.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '#contract/chat.ts';
import { seedConversations } from '../support/seed-database.ts';
import { startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
afterEach(() => wired.destroy());

async function startWith(answerLength: number, exchanges: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'lapidary-test-'));
  const exchange = (index: number) => ({ question: `Q${index}`, answer: 'x'.repeat(answerLength) });
  await seedConversations(folder, [Array.from({ length: exchanges }, (_, index) => exchange(index))]);
  wired = await startWiredApp({ folder });
  const [conversation] = await wired.client.call('chat.list', {});
  return conversation!.id;
}

test('the parts of a conversation are together the whole of it, with its versions', async () => {
  const id = await startWith(20, 300);
  const [first] = (await wired.client.call('chat.open', { id })).messages;
  await wired.client.call('branches.rewrite', { messageId: first!.id + 1, text: 'In other words' });
  const shown = await wired.client.call('branches.show', { messageId: first!.id + 599 });
  const whole = await wired.client.call('chat.open', { id });
  expect(whole.messages).toHaveLength(600);

  let { messages, more } = await wired.client.call('chat.open', { id, newest: true });
  expect(messages.length).toBeLessThan(100);
  // A change of the branch tells no more of it than opening does.
  expect([shown.messages, shown.more]).toEqual([messages, true]);
  const sizes: number[] = [];
  while (more) {
    const earlier = await wired.client.call('chat.earlier', { id, before: messages[0]!.id });
    sizes.push(earlier.messages.length);
    messages = [...earlier.messages, ...messages];
    ({ more } = earlier);
  }
  expect(messages).toEqual(whole.messages);
  expect(messages[1]!.versions).toHaveLength(2);
  expect(sizes.length).toBeGreaterThan(2);
});

test('a part of long texts is few of them, but never none', async () => {
  const id = await startWith(150_000, 4);
  const opened = await wired.client.call('chat.open', { id, newest: true });
  const texts = (messages: Message[]): string[] => messages.map(({ text }) => text.slice(0, 2));
  expect([texts(opened.messages), opened.more]).toEqual([['xx'], true]);
  const earlier = await wired.client.call('chat.earlier', { id, before: opened.messages[0]!.id });
  expect(earlier.messages.length).toBeLessThan(5);
  expect(texts(earlier.messages).at(-1)).toBe('Q3');
});
