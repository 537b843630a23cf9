// Order through the whole app with a real model. Bugs these catch: words of a temporary conversation on the disk, a bin
// that forgets its files or never empties, a change that another window does not hear of, a host that is away while
// thousands of conversations are put away or deleted.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ConversationChange } from '#contract/chat.ts';
import { ask, startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

const DAY = 86_400_000;
let wired: WiredApp;
afterEach(() => wired.destroy());

/** Every file of the data folder whose bytes hold these words. */
async function filesWith(words: string): Promise<string[]> {
  const files = await readdir(wired.folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const file of files.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    if ((await readFile(path).catch(() => Buffer.alloc(0))).includes(words)) found.push(file.name);
  }
  return found;
}

async function states(): Promise<string[]> {
  return readdir(join(wired.folder, 'context-states')).catch(() => []);
}

async function askTemporary(text: string): Promise<number> {
  let id = 0;
  const begin = { conversationId: null, text, temporary: true };
  for await (const event of wired.client.stream('chat.send', begin))
    if (event.type === 'done') id = event.answer.conversationId;
  return id;
}

const MARK = 'Zanzibar-4711';

test('nothing of a temporary conversation comes to the disk, neither while it is there nor afterwards', async () => {
  wired = await startWiredApp();
  const id = await askTemporary(`What is the capital of France? ${MARK}`);
  await ask(wired.client, `Hello ${MARK}!`, id);
  const [answer] = (await wired.client.call('chat.open', { id })).messages.slice(-1);
  await wired.client.call('branches.rewrite', { messageId: answer!.id, text: `Mine: ${MARK}` });
  await wired.client.call('chat.rename', { id, title: `Title ${MARK}` });
  // Another conversation takes the engine: now the evaluated context would be saved.
  const stored = (await ask(wired.client, 'Hello!')).answer.conversationId;
  await until(async () => (await states()).includes(`${stored}.state`));
  expect(await states()).toEqual([`${stored}.state`]);
  expect(await filesWith(MARK)).toEqual([]);
  expect((await wired.client.call('chat.list', {})).map((each) => each.id)).toEqual([stored]);
  const [temporary] = await wired.client.call('chat.list', { view: { kind: 'temporary' } });
  expect(temporary).toMatchObject({ id, temporary: true, title: `Title ${MARK}` });

  await wired.client.call('chat.delete', { id });
  await wired.client.call('chat.restore', { id });
  expect((await wired.client.call('chat.open', { id })).messages).toHaveLength(4);
  await wired.close();
  expect(await filesWith(MARK)).toEqual([]);
  wired = await startWiredApp({ folder: wired.folder });
  await expect(wired.client.call('chat.open', { id })).rejects.toMatchObject({ code: 'not-found' });
});

test('a temporary conversation that is kept is stored with all its branches', async () => {
  wired = await startWiredApp();
  const id = await askTemporary('What is the capital of France?');
  const before = await wired.client.call('chat.open', { id });
  await wired.client.call('branches.rewrite', { messageId: before.messages[1]!.id, text: 'It is Lyon.' });
  const kept = await wired.client.call('order.keep', { id });
  expect(kept).toMatchObject({ temporary: false, title: before.conversation.title });
  await expect(wired.client.call('chat.open', { id })).rejects.toMatchObject({ code: 'not-found' });
  const again = await ask(wired.client, 'Hello!', kept.id);
  expect(again.answer.conversationId).toBe(kept.id);
  await wired.close();
  wired = await startWiredApp({ folder: wired.folder });
  const { messages } = await wired.client.call('chat.open', { id: kept.id });
  expect(messages.map(({ text }) => text).slice(0, 3)).toEqual([
    'What is the capital of France?',
    'It is Lyon.',
    'Hello!',
  ]);
  expect(messages[1]?.versions).toHaveLength(2);
});

test('every window hears of a change, and of many at once that they are many', async () => {
  wired = await startWiredApp();
  const one = (await ask(wired.client, 'Hello!')).answer.conversationId;
  const other = wired.connect();
  const heard: ConversationChange[] = [];
  const listening = (async () => {
    for await (const change of other.client.stream('chat.watch', undefined)) heard.push(change);
  })().catch(() => {});
  await other.client.call('chat.list', {});
  await wired.client.call('order.pin', { ids: [one], pinned: true });
  const folder = await wired.client.call('order.createFolder', { name: 'Work' });
  await wired.client.call('order.move', { ids: [one], folderId: folder.id });
  await wired.client.call('order.tag', { ids: [one], add: ['Trip'], remove: [] });
  const last = await until(() => heard.at(-1)?.type === 'saved' && heard.length >= 3 && heard.at(-1));
  expect(last).toMatchObject({ conversation: { pinned: true, folderId: folder.id, tags: ['Trip'] } });
  expect(await wired.client.call('order.removeFolder', { id: folder.id })).toEqual([one]);
  const shelves = wired.client.stream('order.watch', undefined);
  for await (const { folders, tags } of shelves) {
    if (folders.length > 0 || tags.length === 0) continue; // It counts a moment later.
    expect(tags).toEqual(['Trip']);
    break;
  }
  await expect(wired.client.call('order.move', { ids: [one], folderId: 99 })).rejects.toMatchObject({
    code: 'not-found',
  });
  other.close();
  await listening;
});

test('what is deleted for ever goes with its saved context, and what a quit interrupts goes on', async () => {
  let time = Date.UTC(2026, 0, 1);
  wired = await startWiredApp({ now: () => time });
  const first = (await ask(wired.client, 'What is the capital of France?')).answer.conversationId;
  const second = (await ask(wired.client, 'Hello!')).answer.conversationId;
  await until(async () => (await states()).length === 2);
  await wired.client.call('order.delete', { ids: [first, second] });
  expect((await wired.client.call('order.bin', {})).map(({ id }) => id)).toEqual([second, first]);
  await wired.client.call('order.deleteForEver', { ids: [first] });
  await until(async () => (await states()).length === 1);
  expect(await wired.client.call('order.bin', {})).toHaveLength(1);
  await wired.client.call('order.restore', { ids: [first, second] });
  expect((await wired.client.call('chat.list', {})).map(({ id }) => id)).toEqual([second]);
  time += 40 * DAY;
  expect((await wired.client.call('chat.open', { id: second })).messages).toHaveLength(2);
});
