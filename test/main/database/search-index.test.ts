// The search index after an update that makes it anew. Bugs these catch: messages that are never found again or twice,
// what is written, changed or deleted meanwhile, a search that waits for the index, work that begins anew at each start.
import { expect, it, vi } from 'vitest';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import { Connection } from '../../../src-main/database/connection.ts';
import { indexedShareOf, SearchFiller } from '../../../src-main/database/fill-search.ts';
import { migrateFile, openForWork } from '../../../src-main/database/maintenance-tasks.ts';
import { WriteGate } from '../../../src-main/database/write-gate.ts';
import { writeOldDatabase } from '../../support/old-database.ts';
import { addExchange, createPlace, openAt } from './database-fixture.ts';

const CONVERSATIONS = 120;
const MESSAGES = CONVERSATIONS * 10;

const found = async (database: AppDatabase, query: string): Promise<(number | null)[]> =>
  (await database.search.search(query, 100)).map(({ messageId }) => messageId);

const filled = (database: AppDatabase): Promise<void> =>
  vi.waitFor(() => expect(database.searchIndex.share.value).toBe(1), { timeout: 20_000 });

function indexed(file: string): { messages: number; titles: number } {
  using sqlite = openForWork(file);
  const count = (table: string): number =>
    (sqlite.db.prepare(`SELECT count(*) AS n FROM ${table}_docsize`).get() as { n: number }).n;
  return { messages: count('messages_fts'), titles: count('titles_fts') };
}

it('finds everything again, also what is written, changed and deleted meanwhile', async () => {
  const place = createPlace();
  writeOldDatabase(place.file, CONVERSATIONS);
  const database = await openAt(place);
  expect(database.searchIndex.share.value).toBeLessThan(1);
  // Before its turn comes, at both ends of what is there.
  const added = addExchange(database, 'a topaz', 'a new topaz');
  database.conversations.rename(1, 'Amethysts', 'person');
  const edited = database.messages.addEditedAnswer(2, 'an amber of my own', 5);
  database.conversations.moveToBin(2, 1);
  database.bin.giveUp([2]);
  while (!database.bin.erase(2, 50));
  await filled(database);
  expect(await found(database, 'message 1 about')).toEqual([1]);
  expect(await found(database, `message ${MESSAGES} about`)).toEqual([MESSAGES]);
  expect(new Set(await found(database, 'topaz'))).toEqual(new Set([null, added - 1, added]));
  expect(await found(database, 'amethysts')).toEqual([null]);
  expect(await found(database, 'amber')).toEqual([edited.id]);
  expect(await found(database, 'message 15 about')).toEqual([]);
  expect(indexed(place.file)).toEqual({ messages: MESSAGES + 3 - 10, titles: CONVERSATIONS });
});

it('answers a search while the index is being filled, with the newest first', async () => {
  const place = createPlace();
  writeOldDatabase(place.file, CONVERSATIONS);
  migrateFile(place.file);
  {
    using sqlite = openForWork(place.file);
    const filler = new SearchFiller(new Connection(sqlite.db));
    while (filler.turn(new WriteGate(), 1) < 0.2);
  }
  const database = await openAt(place);
  expect(database.searchIndex.share.value).toBeLessThan(1);
  expect(await found(database, `message ${MESSAGES} about`)).toEqual([MESSAGES]);
});

it('goes on where it was cut off, and makes room for whoever wants to write', () => {
  const place = createPlace();
  writeOldDatabase(place.file, CONVERSATIONS);
  migrateFile(place.file);
  const gate = new WriteGate();
  const shares: number[] = [];
  for (let share = 0; share < 1; shares.push(share)) {
    using sqlite = openForWork(place.file);
    const db = new Connection(sqlite.db);
    const before = indexedShareOf(db);
    gate.hold(() => expect(new SearchFiller(db).turn(gate, 50)).toBe(before));
    share = new SearchFiller(db).turn(gate, 2);
  }
  expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  expect(shares.length).toBeGreaterThan(3);
  expect(indexed(place.file)).toEqual({ messages: MESSAGES, titles: CONVERSATIONS });
});

it('leaves an index alone that is whole', async () => {
  const place = createPlace();
  const first = await openAt(place);
  expect(first.searchIndex.share.value).toBe(1);
  addExchange(first, 'opal', 'a stone');
  await first.close();
  expect((await openAt(place)).searchIndex.share.value).toBe(1);
});
