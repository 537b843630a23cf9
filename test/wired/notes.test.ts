// Notes that stand for the older part of a conversation, through the whole app with a real model in a small context.
// Bugs these catch: a note that never comes or never reaches the model, words of the person that it does not read, a
// note that makes it read everything again for each question, one that a fork or a kept conversation leaves behind.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContextUse, GenerationEvent, Message } from '#contract/chat.ts';
import type { Note } from '#contract/notes.ts';
import { answerSettings } from '#contract/presets.ts';
import { startWiredApp, type WiredApp } from '../support/wired-app.ts';

const SIZE = 512;
const setup = { presetId: null, modelId: null, settings: answerSettings.parse({ overflow: 'note' }) };

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
  await wired.client.call('settings.change', { contextSize: SIZE });
});
afterEach(() => wired.destroy());

interface Asked {
  answer: Message;
  context: ContextUse;
  noted: boolean;
}

async function ask(text: string, conversationId: number | null, temporary = false): Promise<Asked> {
  const events: GenerationEvent[] = [];
  const begin = conversationId === null ? { setup, temporary } : {};
  for await (const event of wired.client.stream('chat.send', { conversationId, text, ...begin }))
    events.push(event);
  const done = events.at(-1);
  if (done?.type !== 'done') throw new Error(`Ended with ${done?.type}`);
  const context = events.findLast((event) => event.type === 'context')!.context;
  return { answer: done.answer, context, noted: events.some(({ type }) => type === 'noting') };
}

/** Asks until a note was made. */
async function outgrow(temporary = false): Promise<{ id: number; note: Note; asked: Asked }> {
  let asked = await ask('Count to 60.', null, temporary);
  const id = asked.answer.conversationId;
  for (let question = 0; question < 6 && !asked.noted; question++) asked = await ask('Count to 60.', id);
  const [note] = await notesOf(id);
  if (!note) throw new Error('There is no note');
  return { id, note, asked };
}

async function notesOf(conversationId: number): Promise<Note[]> {
  for await (const list of wired.client.stream('notes.watch', { conversationId })) return list;
  return [];
}

test('a note is made when not all fits, and the next questions join what was read', async () => {
  const { id, note, asked } = await outgrow();
  expect(note).toMatchObject({ edited: false, removed: false });
  expect(note.text.trim()).not.toBe('');
  const { messages } = await wired.client.call('chat.open', { id });
  const covered = messages.findIndex((message) => message.id === note.coversId);
  expect(messages[covered]?.role).toBe('answer');
  expect(asked.context.visibleFromId).toBe(messages[covered + 1]?.id);
  expect(asked.context.withoutNote).toBeUndefined();

  const next = await ask('What is the capital of Italy?', id);
  expect(next).toMatchObject({ noted: false, answer: { status: 'complete' } });
  const { promptTokens, reusedTokens } = next.answer.stats!;
  expect(reusedTokens).toBeGreaterThanOrEqual(asked.context.usedTokens);
  expect(promptTokens - reusedTokens).toBeLessThan(40);
  expect(await notesOf(id)).toEqual([note]);
});

test('the words of the person are in the next prompt, and gone from it when the note is removed', async () => {
  const { id, note } = await outgrow();
  const words = 'The person counts sheep: so far sixty, and sixty again.';
  const seen = async () => wired.client.call('chat.view', { id });
  expect(await seen()).toMatchObject({ noted: true, text: expect.stringContaining(note.text) as string });
  await wired.client.call('notes.edit', { id: note.id, text: words });
  const view = await seen();
  expect(view.text).toContain(words);
  expect(view.text).not.toContain(note.text);
  const next = await ask('What is the capital of Italy?', id);
  expect(next.answer.status).toBe('complete');
  expect((await seen()).text).toContain(words);
  const after = await ask('What is the capital of France?', id);
  const { promptTokens, reusedTokens } = after.answer.stats!;
  expect(promptTokens - reusedTokens).toBeLessThan(40);
  await wired.client.call('notes.remove', { id: note.id });
  const without = await seen();
  expect(without).toMatchObject({ noted: false, visibleFromId: expect.any(Number) as number });
  expect(without.text).not.toContain(words);
});

test('what the model writes again of the same messages applies, and the words there were come back', async () => {
  const { id, note } = await outgrow();
  await wired.client.call('notes.edit', { id: note.id, text: 'In my words.' });
  const progress: number[] = [];
  for await (const event of wired.client.stream('notes.remake', { id: note.id }))
    progress.push(event.progress);
  expect(progress.length).toBeGreaterThan(1);
  expect(progress).toEqual(progress.toSorted((one, other) => one - other));
  const [again] = await notesOf(id);
  expect(again).toMatchObject({ coversId: note.coversId, edited: false });
  expect(again?.text).not.toBe('In my words.');
  await wired.client.call('notes.restore', { id: note.id });
  expect(await notesOf(id)).toMatchObject([{ id: note.id, text: 'In my words.', edited: true }]);
});

test('a fork takes the note along, in the words of the person', async () => {
  const { id, note, asked } = await outgrow();
  await wired.client.call('notes.edit', { id: note.id, text: 'In my words.' });
  const fork = await wired.client.call('branches.fork', { messageId: asked.answer.id });
  const [copy] = await notesOf(fork.id);
  expect(copy).toMatchObject({ conversationId: fork.id, text: 'In my words.', edited: true, removed: false });
  const { messages } = await wired.client.call('chat.open', { id: fork.id });
  const original = await wired.client.call('chat.open', { id });
  const place = (line: readonly Message[], of: Note): number =>
    line.findIndex((each) => each.id === of.coversId);
  expect(place(messages, copy!)).toBe(place(original.messages, note));
  const next = await ask('What is the capital of Italy?', fork.id);
  expect(next.noted).toBe(false);
  expect((await wired.client.call('chat.view', { id: fork.id })).text).toContain('In my words.');
});

test('a fork from before what the note stands for has none', async () => {
  const { id } = await outgrow();
  const { messages } = await wired.client.call('chat.open', { id });
  const fork = await wired.client.call('branches.fork', { messageId: messages[1]!.id });
  expect(await notesOf(fork.id)).toEqual([]);
});

test('a temporary conversation that is kept after all keeps its note', async () => {
  const { id, note } = await outgrow(true);
  const kept = await wired.client.call('order.keep', { id });
  expect(await notesOf(kept.id)).toMatchObject([{ conversationId: kept.id, text: note.text }]);
  expect((await wired.client.call('chat.view', { id: kept.id })).noted).toBe(true);
});
