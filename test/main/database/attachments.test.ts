// Bugs these catch: an attachment that is lost when its question is edited, forked or read again, one that goes along
// with a question it was not meant for, a text that is kept twice or stays after all that had it are gone, one that the
// search does not find or still finds.
import { describe, expect, it } from 'vitest';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import type { TalkDatabase } from '../../../src-main/database/temporary-database.ts';
import { createPlace, openAt } from './database-fixture.ts';

function addDocument({ attachments }: TalkDatabase, name: string, parts: string[]): number {
  const characters = parts.join('').length;
  const id = attachments.createDocument({ kind: 'file', name, characters, pages: null, notes: [], now: 1 });
  parts.forEach((text, place) => attachments.addPart(id, place, text));
  return attachments.finishDocument(id, `hash of ${name} ${parts.join('')}`);
}

async function opened(): Promise<AppDatabase> {
  return openAt(createPlace());
}

/** A question with one document of these parts. */
function askAbout(database: AppDatabase, name: string, parts: string[], text = 'What is in it?') {
  const { id } = database.attachments.attach(addDocument(database, name, parts), null, 1);
  return database.messages.startExchange({
    conversationId: null,
    title: 'About it',
    text,
    attachmentIds: [id],
    now: 2,
  });
}

describe('attachments', () => {
  it('of a draft go along with its question and stay there', async () => {
    const database = await opened();
    const { attachments, messages } = database;
    const first = attachments.attach(addDocument(database, 'a.txt', ['one ', 'two']), null, 1);
    const second = attachments.attach(addDocument(database, 'b.txt', ['other']), null, 1);
    expect(attachments.ofDraft(null).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
    const started = messages.startExchange({
      conversationId: null,
      title: 'T',
      text: 'What is this?',
      attachmentIds: [first.id],
      now: 2,
    });
    expect(started.question.attachments).toMatchObject([{ name: 'a.txt', characters: 7, use: 'whole' }]);
    expect(attachments.ofDraft(null)).toMatchObject([{ id: second.id }]);
    const { conversationId, id } = started.question;
    expect(messages.activeBranch(conversationId)[0]).toEqual(started.question);
    expect(messages.get(id)).toEqual(started.question);
    expect(messages.branchPage(id, { messages: 9, units: 999 })[0]).toEqual(started.question);
    expect(messages.activeBranch(conversationId)[1]).not.toHaveProperty('attachments');
    const again = messages.startExchange({
      conversationId,
      title: '',
      text: 'And this?',
      attachmentIds: [first.id],
      now: 3,
    });
    expect(again.question, 'what went with one question goes with no other').not.toHaveProperty(
      'attachments',
    );
    expect(attachments.text(attachments.get(first.id).documentId)).toBe('one two');
    expect(attachments.part(attachments.get(first.id).documentId, 1)).toBe('two');
  });

  it('stay with an edited question and a fork, with what was chosen for them', async () => {
    const database = await opened();
    const { attachments, branches, conversations, messages } = database;
    const { question } = askAbout(database, 'a.txt', ['text']);
    const chosen = { use: 'excerpts', limitCharacters: 3, tokens: 9, givenTokens: 4, until: null } as const;
    attachments.choose(question.attachments?.[0]?.id ?? 0, chosen);
    attachments.keepPassages(question.attachments?.[0]?.id ?? 0, [[0, 2]]);
    const edited = messages.startVersion(question.id, 'Asked otherwise', 5);
    expect(edited.question.attachments).toMatchObject([{ name: 'a.txt', use: 'excerpts', givenTokens: 4 }]);
    expect(attachments.ofMessage(edited.question.id)[0]?.passages, 'chosen anew for other words').toBeNull();
    const fork = conversations.create({ title: 'Fork', titleSource: 'person', now: 6 });
    const copy = branches.copy(question.id, fork.id, null);
    expect(attachments.ofMessage(copy)).toMatchObject([{ name: 'a.txt', passages: [[0, 2]] }]);
    expect(attachments.ofConversation(fork.id).get(copy)).toHaveLength(1);
  });

  it('share their text, which goes with the last of them', async () => {
    const database = await opened();
    const { attachments, bin, conversations, messages } = database;
    const { question } = askAbout(database, 'a.txt', ['text']);
    const { documentId } = attachments.get(question.attachments?.[0]?.id ?? 0);
    expect(addDocument(database, 'a.txt', ['text'])).toBe(documentId);
    messages.startVersion(question.id, 'Asked otherwise', 5);
    attachments.attach(documentId, null, 6);
    conversations.moveToBin(question.conversationId, 7);
    bin.giveUp([question.conversationId]);
    while (!bin.erase(question.conversationId, 100));
    expect(attachments.text(documentId), 'the draft still has it').toBe('text');
    attachments.erase(attachments.ofDraft(null)[0]?.id ?? 0);
    expect(attachments.text(documentId)).toBe('');
    expect(attachments.findDocument('hash of a.txt text')).toBeNull();
  });

  it('that were taken off a draft come back, until they are swept away', async () => {
    const database = await opened();
    const { attachments } = database;
    const { id } = attachments.attach(addDocument(database, 'a.txt', ['text']), null, 10);
    attachments.remove(id, 20);
    expect(attachments.ofDraft(null)).toEqual([]);
    expect(() => attachments.get(id)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(attachments.restore(id).name).toBe('a.txt');
    attachments.remove(id, 20);
    attachments.createDocument({
      kind: 'file',
      name: 'half',
      characters: 1,
      pages: null,
      notes: [],
      now: 15,
    });
    const other = askAbout(database, 'b.txt', ['other']);
    expect(attachments.sweep(5, 15)).toBe(false);
    expect(attachments.sweep(5, 21)).toBe(true);
    expect(attachments.sweep(5, 21)).toBe(true);
    expect(attachments.sweep(5, 21)).toBe(false);
    expect(attachments.findDocument('hash of a.txt text')).toBeNull();
    expect(attachments.ofMessage(other.question.id), 'what was sent is never swept').toHaveLength(1);
  });

  it('of conversations that are never stored are kept in memory, under ids that say so', async () => {
    const database = await opened();
    const { temporary } = database;
    const { id } = temporary.attachments.attach(addDocument(temporary, 'secret.txt', ['text']), null, 1);
    expect(database.holding(id)).toBe(temporary);
    expect(database.attachments.ofDraft(null)).toEqual([]);
    expect(database.attachments.named('secret', 9)).toEqual([]);
  });

  it('are offered by their names, nothing that is gone among them', async () => {
    const database = await opened();
    const { attachments, branches, conversations } = database;
    askAbout(database, '100%_sure.txt', ['a']);
    const removed = askAbout(database, 'sure too.txt', ['b']);
    const binned = askAbout(database, 'sure three.txt', ['c']);
    branches.remove(removed.question.id, 5);
    conversations.moveToBin(binned.conversation.id, 6);
    expect(attachments.named('sure', 9).map(({ name }) => name)).toEqual(['100%_sure.txt']);
    expect(attachments.named('%_', 9)).toHaveLength(1);
    expect(attachments.named('_%', 9)).toHaveLength(0);
  });
});

describe('search', () => {
  it('finds words and names of attachments, with the message they went along with', async () => {
    const database = await opened();
    const { search, attachments } = database;
    const { question } = askAbout(database, 'Harbour rules.pdf', [
      'Ships come in on Tuesday. ',
      'Boats 停泊 late.',
    ]);
    attachments.attach(addDocument(database, 'draft.txt', ['Tuesday too']), null, 3);
    const [hit, ...others] = await search.search('tuesday', 10);
    expect(others, 'a draft is not found').toEqual([]);
    expect(hit).toMatchObject({ messageId: question.id, role: 'user', attachmentName: 'Harbour rules.pdf' });
    expect(hit?.excerpt).toContain('\uE000Tuesday\uE001');
    expect(await search.search('harbour', 10)).toMatchObject([{ attachmentName: 'Harbour rules.pdf' }]);
    expect(await search.search('停泊', 10)).toMatchObject([{ messageId: question.id }]);
    expect(await search.search('boats', 10, { role: 'answer' })).toEqual([]);
    expect(await search.search('boats', 10, { modelName: 'Gemma' })).toEqual([]);
    expect(await search.search('boats', 10, { before: 1 })).toEqual([]);
  });

  it('finds a document of several messages once, and none that is removed', async () => {
    const database = await opened();
    const { branches, messages, search } = database;
    const { question } = askAbout(database, 'a.txt', ['zeppelin zeppelin', ' zeppelin']);
    const edited = messages.startVersion(question.id, 'Asked otherwise', 5);
    expect(await search.search('zeppelin', 10)).toMatchObject([{ messageId: edited.question.id }]);
    branches.remove(edited.question.id, 6);
    expect(await search.search('zeppelin', 10)).toMatchObject([{ messageId: question.id }]);
    branches.remove(question.id, 7);
    expect(await search.search('zeppelin', 10)).toEqual([]);
  });
});
