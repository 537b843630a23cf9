// The long work on a database file. It runs in a worker thread, each task with a connection of its own.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '#contract/errors.ts';
import type { SearchFilters, SearchHit } from '#contract/search.ts';
import type { PassageHit } from '#contract/documents.ts';
import { Connection } from './connection.ts';
import { SearchFiller } from './fill-search.ts';
import { migrate, MIGRATIONS, readVersion } from './migrate.ts';
import { PassageSearch, type PassageQuery } from './passage-search.ts';
import { SearchRepository } from './search-repository.ts';
import { WriteGate } from './write-gate.ts';

export interface SearchTask {
  file: string;
  query: string;
  limit: number;
  filters: SearchFilters;
}

export interface FillTask {
  file: string;
  /** Of the host's write gate. */
  gate: SharedArrayBuffer;
  budgetMs: number;
}

export type WorkerTask =
  | { task: 'migrate'; file: string }
  | { task: 'checkpoint'; file: string }
  | { task: 'check'; file: string }
  | { task: 'back-up'; file: string; target: string }
  | { task: 'prepare-restore'; backup: string; target: string }
  /** Keeps a connection open until `release`, so that whoever closes meanwhile is not the last, who tidies up. */
  | { task: 'hold'; file: string }
  | { task: 'release' }
  | ({ task: 'search' } & SearchTask)
  | ({ task: 'search-passages'; file: string } & PassageQuery)
  | ({ task: 'fill-search' } & FillTask);

/** Behind the name of a backup that is being written. */
export const PARTIAL = '.partial';
const BUSY_TIMEOUT_MS = 5000;

/** Moves the WAL into the database and leaves the WAL empty and its new header on the disk, so that the host's next
 * commit has nothing to wait for. */
export function checkpoint(file: string): void {
  using sqlite = openForWork(file);
  // The long part keeps nobody out; only what is left, mostly nothing, needs the writers' lock.
  sqlite.db.pragma('wal_checkpoint(PASSIVE)');
  sqlite.db.pragma('wal_checkpoint(TRUNCATE)');
  const rewriteHeader = (): unknown => sqlite.db.pragma(`user_version = ${readVersion(sqlite.db)}`);
  sqlite.db.transaction(rewriteHeader).immediate();
}

/** Brings a file to the version of this app: with much in it that takes longer than the host may be away. */
export function migrateFile(file: string): void {
  using sqlite = openForWork(file);
  migrate(sqlite.db, MIGRATIONS);
}

/** A turn of filling the search index. Returns the share of it that is filled. It never waits for the gate, because
 * who holds that may wait for this very thread. */
export function fillSearch({ file, gate, budgetMs }: FillTask): number {
  using sqlite = openForWork(file);
  return new SearchFiller(new Connection(sqlite.db)).turn(new WriteGate(gate), budgetMs);
}

/** Throws `database-damaged` when SQLite finds the file inconsistent. */
export function check(file: string): void {
  using sqlite = openForWork(file);
  requireSound(sqlite.db);
}

/** Writes a compact copy of all that is committed to `target`, which appears only when it is whole and sound. */
export function backUp(file: string, target: string): void {
  const partial = target + PARTIAL;
  removeDatabase(partial);
  {
    using sqlite = openForWork(file);
    sqlite.db.prepare('VACUUM INTO ?').run(partial);
  }
  check(partial);
  syncFile(partial);
  renameSync(partial, target);
  syncFolder(dirname(target));
}

/** Makes `target` a sound copy of a backup with its log merged in. Throws `database-damaged`. */
export async function prepareRestore(backup: string, target: string): Promise<void> {
  const partial = target + PARTIAL;
  removeDatabase(partial);
  await copyFile(backup, partial);
  if (existsSync(`${backup}-wal`)) await copyFile(`${backup}-wal`, `${partial}-wal`);
  {
    using sqlite = openForWork(partial);
    requireSound(sqlite.db);
    sqlite.db.pragma('journal_mode = DELETE');
  }
  syncFile(partial);
  await rename(partial, target);
  syncFolder(dirname(target));
}

/** Ranking looks at every place where a common word stands, which is too long for the host thread. The connection
 * stays open, because what it has read before makes the next key press fast; the thread ends soon after the last. */
export function createSearch(): {
  messages: (task: SearchTask) => SearchHit[];
  passages: (task: PassageQuery & { file: string }) => PassageHit[];
} {
  let open: { file: string; messages: SearchRepository; passages: PassageSearch } | null = null;
  const opened = (file: string): NonNullable<typeof open> => {
    if (open?.file === file) return open;
    const connection = new Connection(openForWork(file).db);
    open = { file, messages: new SearchRepository(connection), passages: new PassageSearch(connection) };
    return open;
  };
  return {
    messages: ({ file, query, limit, filters }) => opened(file).messages.search(query, limit, filters),
    passages: ({ file, ...query }) => opened(file).passages.search(query),
  };
}

/** A connection that can't be left open by mistake. */
export function openForWork(file: string): Disposable & { db: Sqlite.Database } {
  const db = new Sqlite(file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  db.pragma('synchronous = NORMAL');
  db.pragma('wal_autocheckpoint = 0');
  return { db, [Symbol.dispose]: () => db.close() };
}

/** Removes a database file with its logs; no error when there is none. */
export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}

function requireSound(db: Sqlite.Database): void {
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new AppError('database-damaged', `quick_check: ${String(found)}`);
}

function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a rename in it last. Windows can't open folders and needs no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
