// Bugs these catch: typed text that is taken for query syntax and fails, an index that no longer matches the messages
// after edits and status changes, hits from the bin.
import { answerSettings } from '#contract/presets.ts';
import type { SearchFilters } from '#contract/search.ts';
import * as fc from 'fast-check';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
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

it('finds titles before messages, and nothing from the bin or the archive', async () => {
  const database = await openAt(createPlace());
  addExchange(database, 'opal', 'a stone');
  addExchange(database, 'opal', 'another stone');
  expect(await ids(database, 'opal')).toEqual([null, null, 3, 1]);
  database.conversations.moveToBin(1, 1);
  expect(await ids(database, 'opal')).toEqual([null, 3]);
  database.conversations.restore(1);
  database.order.archive([1], true);
  expect(await ids(database, 'opal')).toEqual([null, 3]);
  database.order.archive([1], false);
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
  other.exec("INSERT INTO messages_fts(messages_fts) VALUES ('integrity-check')");
  other.exec('DELETE FROM messages');
  other.close();
  expect(await ids(database, 'beryl')).toEqual([]);
});

it('looks for nothing that nobody waits for any more', async () => {
  const database = await openAt(createPlace());
  addExchange(database, 'opal', 'an opal');
  const typing = new AbortController();
  const answered = Promise.all(
    ['o', 'op', 'opa'].map((query, index) =>
      database.search.search(query, 5, {}, index < 2 ? typing.signal : undefined),
    ),
  );
  typing.abort();
  expect((await answered).map((hits) => hits.length)).toEqual([0, 0, 3]);
});

it('shows a line around most of what was found, as it reads, and whole where it has room', async () => {
  const database = await openAt(createPlace());
  const far = 'nothing of it here. '.repeat(20);
  addExchange(
    database,
    'q',
    `opal once. ${far}\n\n## Then\n\n> an **opal** (\`Ópal\`) \u{E000}at last\u{E001}. ${far}`,
  );
  const [hit] = await database.search.search('opal last', 5);
  expect(hit?.excerpt).toMatch(
    /^…\w.{0,40}an \u{E000}opal\u{E001} \(\u{E000}Ópal\u{E001}\) at \u{E000}last\u{E001} \. .+…$/u,
  );
  addExchange(database, 'q', 'A text of one line that ends with a garnet');
  const [short] = await database.search.search('garn', 5);
  expect(short?.excerpt).toBe('A text of one line that ends with a \u{E000}garn\u{E001}et');
});

describe('writing without spaces', () => {
  it.each([
    ['Chinese, two characters', '我们昨天在东京买了宝石。', '宝石'],
    ['one character', '我们昨天在东京买了宝石。', '宝'],
    ['the last character of all', '我们买了宝石', '石'],
    ['Japanese with kana', 'これは宝石ですか、それともガラスですか', '宝石です'],
    ['a long sound', 'コーヒーを飲む', 'コーヒー'],
    ['Thai', 'ฉันซื้ออัญมณีที่ตลาด', 'อัญมณี'],
    ['beside Latin letters', '使用GPU加速', 'gpu'],
    ['over a change of writing', '使用GPU加速', '使用GPU'],
    ['two words', '我们昨天在东京买了宝石。', '宝石 东京'],
    ['an emoji', 'これは宝石です💎ok', '💎'],
    ['an emoji of several parts', 'the 👩‍💻 writes', '👩‍💻'],
  ])('finds %s', async (_, text, query) => {
    const database = await openAt(createPlace());
    const id = addExchange(database, 'q', text);
    addExchange(database, 'q', '别的东西');
    expect(await ids(database, query)).toEqual([id]);
    expect((await database.search.search(query, 5))[0]?.excerpt).toMatch(/\u{E000}.+\u{E001}/u);
  });

  it.each([
    ['characters that stand apart', '石宝', '宝石'],
    ['half of the word', '宝石', '宝石店'],
    ['the end of one run and the beginning of the next', '买了宝。石头', '宝石'],
  ])('does not take %s for the word', async (_, text, query) => {
    const database = await openAt(createPlace());
    addExchange(database, 'q', text);
    expect(await ids(database, query)).toEqual([]);
  });

  it('finds words whose vowels are marks, and Arabic with and without its vowel points', async () => {
    const database = await openAt(createPlace());
    const hindi = addExchange(database, 'q', 'यह एक हिन्दी वाक्य है');
    const arabic = addExchange(database, 'q', 'هذا كِتَابٌ جميل');
    expect(await ids(database, 'हिन्दी')).toEqual([hindi]);
    expect(await ids(database, 'कान्दी')).toEqual([]);
    expect(await ids(database, 'كتاب')).toEqual([arabic]);
    expect(await ids(database, 'كِتَاب')).toEqual([arabic]);
  });
});

it('finds an old message behind many new ones', async () => {
  const database = await openAt(createPlace());
  const id = addExchange(database, 'q', '我们昨天在东京买了宝石。');
  database.transaction(() => {
    for (let other = 0; other < 1100; other++) addExchange(database, 'q', '别的东西');
  });
  expect(await ids(database, '宝石')).toEqual([id]);
});

describe('filters', () => {
  it('narrow by time, role, model and preset, and leave titles out where only messages can match', async () => {
    const database = await openAt(createPlace());
    const stats = {
      modelName: 'Gemma "3"',
      backend: 'cpu',
      promptTokens: 1,
      reusedTokens: 0,
      answerTokens: 1,
      timeToFirstTokenMs: 1,
      tokensPerSecond: 1,
    };
    const first = addExchange(database, 'opal', 'an opal', 1000);
    database.messages.finish(first, { ...finished, stats, text: 'an opal' });
    addExchange(database, 'opal', 'another opal', 5000);
    database.conversations.configure(2, {
      presetId: 1001,
      settings: answerSettings.parse({}),
      modelId: null,
    });
    const found = async (filters: SearchFilters): Promise<(number | null)[]> =>
      (await database.search.search('opal', 30, filters)).map((hit) => hit.messageId);
    expect(await found({ role: 'answer' })).toEqual([4, 2]);
    expect(await found({ role: 'user', from: 2000 })).toEqual([3]);
    expect(await found({ before: 2000 })).toEqual([null, 1, 2]);
    expect(await found({ modelName: 'Gemma "3"' })).toEqual([2]);
    expect(await found({ presetId: 1001 })).toEqual([null, 3, 4]);
    expect(await found({ presetId: 7 })).toEqual([]);
    expect((await database.search.search('opal', 9, { role: 'answer', before: 2000 }))[0]).toMatchObject({
      role: 'answer',
      modelName: 'Gemma "3"',
      at: 1000,
    });
  });
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
    '宝',
    'อั',
    '👩‍💻',
    '\u{E000}',
    '\u{E002}',
    '\u0301',
  );
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(hostile, (query) => {
      expect(here.search(query.slice(0, 500), 10).length).toBeLessThanOrEqual(10);
    }),
    { numRuns: 2000 },
  );
  sqlite.close();
  expect(await ids(database, '"quoted" NEAR(')).toEqual([null, 1]);
});
