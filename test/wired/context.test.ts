// What the model still has evaluated: reused in a conversation, restored when one goes back to it, also after a
// restart, and never shortened in silence.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

const LONG = 'The deadline of the server is Thursday. The colour of the door is red. '.repeat(20);

/** Waits until the context of a conversation lies on the disk. */
async function savedState(conversationId: number): Promise<string> {
  const folder = join(wired.folder, 'context-states');
  return until(async () => {
    const names = await readdir(folder).catch(() => []);
    const name = names.find((each) => each === `${conversationId}.state`);
    return name ? join(folder, name) : null;
  });
}

test('going back to another conversation restores its context instead of reading it again', async () => {
  const first = await ask(wired.client, LONG);
  const second = await ask(wired.client, 'What is 7 plus 8?');
  expect(second.answer.conversationId).not.toBe(first.answer.conversationId);
  const back = await ask(wired.client, 'What is the deadline of the server?', first.answer.conversationId);
  const { promptTokens, reusedTokens } = back.answer.stats!;
  expect(promptTokens).toBeGreaterThan(300);
  expect(promptTokens - reusedTokens).toBeLessThan(60);
});

test('after a restart the saved context is restored', async () => {
  const { answer } = await ask(wired.client, LONG);
  await savedState(answer.conversationId);
  await pauseForNote();
  const { folder } = wired;
  await wired.close();
  wired = await startWiredApp({ folder });
  const next = await ask(wired.client, 'What is the deadline of the server?', answer.conversationId);
  const { promptTokens, reusedTokens } = next.answer.stats!;
  expect(promptTokens - reusedTokens).toBeLessThan(60);
});

test('a saved context that was changed on the disk is ignored, and the answer is the same', async () => {
  const { answer } = await ask(wired.client, LONG);
  const file = await savedState(answer.conversationId);
  await pauseForNote();
  const { folder } = wired;
  await wired.close();
  await writeFile(file, Buffer.alloc(100_000, 7));
  wired = await startWiredApp({ folder });
  const next = await ask(wired.client, 'What is the deadline of the server?', answer.conversationId);
  expect(next.answer).toMatchObject({ status: 'complete', stats: { reusedTokens: 0 } });
});

test('the cache keeps to its limit, and off means off', async () => {
  await wired.client.call('settings.change', { stateCacheMegabytes: 0 });
  const { answer } = await ask(wired.client, 'Hello!');
  await ask(wired.client, 'Hello!');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await readdir(join(wired.folder, 'context-states')).catch(() => [])).toEqual([]);
  expect(answer.status).toBe('complete');
});

test('a conversation that outgrows the context loses nothing in the database and says what is out of view', async () => {
  await wired.client.call('settings.change', { contextSize: 512 });
  const first = await ask(wired.client, 'Count to 100.');
  const id = first.answer.conversationId;
  for (const text of ['Count to 100.', 'Count to 100.', 'What is 7 plus 8?']) {
    expect((await ask(wired.client, text, id)).answer.status).toBe('complete');
  }
  const { events } = await ask(wired.client, 'What is 2 plus 3?', id);
  const context = events.findLast((event) => event.type === 'context')?.context;
  expect(context?.usedTokens).toBeLessThanOrEqual(512);
  const { messages } = await wired.client.call('chat.open', { id });
  expect(messages).toHaveLength(10);
  const visible = messages.findIndex((message) => message.id === context?.visibleFromId);
  expect(visible).toBeGreaterThan(0);
  expect(messages[visible]?.role).toBe('user');
});

/** The row that names the file is written right after it. */
async function pauseForNote(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
}
