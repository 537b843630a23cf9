// Bugs these catch: typed text that is taken for query syntax and fails, an index that no longer matches the messages
// after edits and status changes, hits from the bin.
import * as fc from 'fast-check';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import { Connection } from '../../../src-main/database/connection.ts';
import { SearchRepository } from '../../../src-main/database/search-repository.ts';
import { addExchange, createPlace, openAt } from './database-fixture.ts';

const finished = { thought: '', status: 'complete' as const, failure: null, stats: null };

async function ids(database: AppDatabase, query: string): Promise<(number | null)[]> {
  return (await database.search.search(query, 30)).map((hit) => hit.messageId);
}

it('finds by beginning, case and accents aside, and marks the words', async () => {
  const database = await openAt(createPlace());
  const id = addExchange(database, 'Wie schleift man?', 'Ein Édelstein wird geschliffen, "sehr" langsam');
  expect(await ids(database, 'edelst')).toEqual([id]);
  const [hit] = await database.search.search('EDELSTEIN sehr', 5);
  expect(hit?.excerpt).toContain('\u{E000}Édelstein\u{E001}');
  expect(hit?.conversation.title).toBe('Wie schleift man?');
});

it('finds titles before messages and nothing from the bin', async () => {
  const database = await openAt(createPlace());
  addExchange(database, 'opal', 'a stone');
  addExchange(database, 'opal', 'another stone');
  expect(await ids(database, 'opal')).toEqual([null, null, 3, 1]);
  database.conversations.moveToBin(1, 1);
  expect(await ids(database, 'opal')).toEqual([null, 3]);
  database.conversations.restore(1);
  database.conversations.rename(1, 'jade', 'person');
  expect(await ids(database, 'jade')).toEqual([null]);
});

it('follows an answer through its life: not while written, once at the end, again after an edit', async () => {
  const place = createPlace();
  const database = await openAt(place);
  const { answer } = database.messages.startExchange({ conversationId: null, title: 't', text: 'q', now: 1 });
  database.messages.saveProgress(answer.id, { text: 'garnet', thought: '' });
  expect(await ids(database, 'garnet')).toEqual([]);
  database.messages.finish(answer.id, { ...finished, text: 'garnet' });
  expect(await ids(database, 'garnet')).toEqual([answer.id]);
  database.messages.finish(answer.id, { ...finished, text: 'topaz' });
  expect(await ids(database, 'garnet')).toEqual([]);
  expect(await ids(database, 'topaz')).toEqual([answer.id]);
  database.messages.finish(answer.id, { ...finished, status: 'generating', text: 'topaz' });
  expect(await ids(database, 'topaz')).toEqual([]);
  database.messages.saveProgress(answer.id, { text: 'beryl', thought: '' });
  expect(database.messages.interruptUnfinished()).toBe(1);
  expect(await ids(database, 'beryl')).toEqual([answer.id]);
  const other = new Sqlite(place.file);
  // Compares index and messages word by word.
  other.exec("INSERT INTO messages_fts(messages_fts, rank) VALUES ('integrity-check', 1)");
  other.exec('DELETE FROM messages');
  other.close();
  expect(await ids(database, 'beryl')).toEqual([]);
});

it('finds words of languages without spaces, and signs, among the newest messages', async () => {
  const database = await openAt(createPlace());
  const id = addExchange(database, 'q', 'これは宝石です 💎 ok');
  expect(await ids(database, '宝石')).toEqual([id]);
  expect((await database.search.search('💎', 5))[0]?.excerpt).toContain('\u{E000}💎\u{E001}');
});

it('takes any text as words, never as syntax', async () => {
  const place = createPlace();
  const database = await openAt(place);
  addExchange(database, 'the "quoted" AND NEAR(x) col:umn', 'emoji 💎 NUL\0inside *star* -minus');
  const sqlite = new Sqlite(place.file);
  const here = new SearchRepository(new Connection(sqlite));
  const piece = fc.constantFrom(
    '"',
    '*',
    '(',
    ')',
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    ':',
    '^',
    '-',
    '+',
    '\0',
    '💎',
    '\ud83d',
    '%',
    '_',
    "'",
    'text:',
    '{',
    '}',
    ' ',
    'star',
  );
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(hostile, (query) => {
      expect(here.search(query, 10).length).toBeLessThanOrEqual(10);
    }),
    { numRuns: 2000 },
  );
  sqlite.close();
  expect(await ids(database, '"quoted" NEAR(')).toEqual([null, 1]);
});
