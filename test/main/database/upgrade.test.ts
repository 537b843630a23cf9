// A database of version 8 (before comparing, attachments and notes) with rows in every table, opened by this app. Bugs
// these catch: a row or a value that an upgrade loses or changes, a table that a new step breaks, an index that is
// filled twice, an upgraded database that can't take what is new.
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { latestVersion, migrate, MIGRATIONS, readVersion } from '../../../src-main/database/migrate.ts';
import { createPlace, openAt } from './database-fixture.ts';

const VERSION = 8;
const ROWS = 3;

type Row = Record<string, unknown>;
interface Column {
  name: string;
  type: string;
  pk: number;
}

/** Every table that is not part of an index, with its columns. */
function tablesOf(db: Sqlite.Database): Map<string, Column[]> {
  const names = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '*_fts*' ORDER BY name")
    .all() as { name: string }[];
  return new Map(names.map(({ name }) => [name, db.pragma(`table_info(${name})`) as Column[]]));
}

/** Ids and references are the number of the row, so that all of them lead to one another. */
function valueOf({ name, type }: Column, number: number): unknown {
  if (name === 'parent_id') return number === 1 ? null : number - 1;
  if (name === 'conversation_id') return 1;
  if (name === 'active_message_id') return ROWS;
  if (name === 'archived') return 0;
  if (name === 'deleted_at' || name === 'removed_at') return null;
  if (name === 'id' || name.endsWith('_id')) return number;
  if (name === 'role') return number % 2 === 1 ? 'user' : 'answer';
  if (name === 'status' && type === 'TEXT') return 'complete';
  if (['settings', 'failure', 'stats'].includes(name)) return null;
  if (type === 'BLOB') return Buffer.from([number, 0, 255]);
  return type === 'INTEGER' ? number : `${name} ${number}`;
}

/** Rows of each table of that version, as they were written. */
function writeVersion8(file: string): Map<string, Row[]> {
  const db = new Sqlite(file);
  migrate(
    db,
    MIGRATIONS.filter(({ version }) => version <= VERSION),
  );
  db.pragma('foreign_keys = OFF');
  const tables = [...tablesOf(db)].filter(([table]) => !table.startsWith('sqlite_'));
  for (const [table, columns] of tables) {
    const names = columns.map(({ name }) => name);
    const add = db.prepare(
      `INSERT INTO ${table}(${names.join()}) VALUES (${names.map((name) => `:${name}`).join()})`,
    );
    const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
    // All rows are of one conversation: tables with that as their key hold a single one.
    const isSingle = keys.join() === 'conversation_id';
    for (let number = 1; number <= (isSingle ? 1 : ROWS); number += 1) {
      const values = columns.map((column) => [column.name, valueOf(column, number)] as const);
      if (table === 'presets')
        add.run({ ...Object.fromEntries(values), settings: JSON.stringify({ systemPrompt: 'Be brief.' }) });
      else add.run(Object.fromEntries(values));
    }
  }
  expect(db.pragma('foreign_key_check')).toEqual([]);
  const written = new Map(
    tables.map(([table]) => [table, db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all() as Row[]]),
  );
  db.close();
  return written;
}

it('a database of version 8 keeps every row of every table, and takes what is new', async () => {
  const place = createPlace();
  const written = writeVersion8(place.file);
  expect(written.size).toBeGreaterThan(15);
  const database = await openAt(place);
  const db = new Sqlite(place.file, { readonly: true });
  try {
    expect(readVersion(db)).toBe(latestVersion(MIGRATIONS));
    for (const [table, rows] of written) {
      expect(rows.length, table).toBeGreaterThan(0);
      const now = db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all();
      expect(now, table).toHaveLength(rows.length);
      expect(now, table).toMatchObject(rows);
    }
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.prepare('SELECT count(*) AS n FROM search_filling').get(), 'nothing to fill').toEqual({ n: 0 });
  } finally {
    db.close();
  }
  expect(database.conversations.get(1)).toMatchObject({ title: 'title 1', modelId: null, presetId: 1 });
  const branch = database.messages.activeBranch(1);
  expect(branch.map(({ text }) => text)).toEqual(['text 1', 'text 2', 'text 3']);
  expect(branch[0]).not.toHaveProperty('attachments');
  expect(await database.search.search('text', 10), 'each once').toHaveLength(ROWS);
  const { attachments, notes, messages } = database;
  const document = { kind: 'text' as const, name: 'a', characters: 1, pages: null, notes: [], now: 1 };
  const { id } = attachments.attach(attachments.createDocument(document), 1, 1);
  const more = { conversationId: 1, title: '', text: 'And?', attachmentIds: [id], now: 9 };
  expect(messages.startExchange(more).question.attachments).toHaveLength(1);
  expect(notes.add({ conversationId: 1, coversId: 2, text: 'So far', createdAt: 1 }).coversId).toBe(2);
});
