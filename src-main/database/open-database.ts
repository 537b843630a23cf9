// Opens the app's database, or says with one of four codes why it can't be opened.
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '#contract/errors.ts';
import type { Log } from '../lib/log.ts';
import { AppDatabase } from './app-database.ts';
import { finishRestore } from './backups.ts';
import { Maintenance } from './maintenance.ts';
import { latestVersion, migrate, MIGRATIONS, readVersion, refuseNewer, type Migration } from './migrate.ts';
import { toDatabaseError } from './sqlite-errors.ts';
import { readStoredDatabase, readStoredVersion } from './stored-file.ts';

/** How long a statement waits while another process writes. */
const BUSY_TIMEOUT_MS = 5000;
/** A database that can't be written is read into memory up to this size. */
const READ_ONLY_LIMIT_BYTES = 1_000_000_000;

export interface OpenDatabaseOptions {
  file: string;
  backupsFolder: string;
  /** Milliseconds since 1970; names the backups. */
  now: () => number;
  log?: Log | undefined;
  /** Told when the check after the start finds the file damaged. The database stays open. */
  onDamage?: (error: AppError) => void;
  /** The bundled or source file of the maintenance worker, where it is not beside this one. */
  workerEntry?: URL;
  /** When the full check of the file starts, milliseconds after opening. */
  firstCheckAfterMs?: number;
  /** Only tests give others. */
  migrations?: readonly Migration[];
}

/** Creates the file when there is none and brings it to the version of this app, after a backup. A file that can
 * only be read is opened with `readOnly`. Throws `database-too-new` (nothing was touched), `database-damaged`,
 * `database-read-only` (can't be opened for reading either) or `disk-full`. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<AppDatabase> {
  const migrations = options.migrations ?? MIGRATIONS;
  const { file, backupsFolder } = options;
  try {
    createFolder(dirname(file));
    await finishRestore(file, backupsFolder);
    refuseNewer(readStoredVersion(file), migrations);
    const sqlite = openWritable(file);
    if (!sqlite) return new AppDatabase(openReadOnly(file, migrations), options, null);
    return await bringUpToDate(sqlite, options, migrations);
  } catch (error) {
    throw toDatabaseError(error) ?? error;
  }
}

async function bringUpToDate(
  sqlite: Sqlite.Database,
  options: OpenDatabaseOptions,
  migrations: readonly Migration[],
): Promise<AppDatabase> {
  const maintenance = new Maintenance(options);
  try {
    const version = readVersion(sqlite);
    if (version > 0 && version < latestVersion(migrations)) await maintenance.backUp('before-migration');
    if (version < latestVersion(migrations)) {
      // Over much data that takes long, and the app's own steps are known to the worker.
      if (version > 0 && migrations === MIGRATIONS) await maintenance.migrate();
      else migrate(sqlite, migrations);
    }
    return new AppDatabase(sqlite, options, maintenance);
  } catch (error) {
    await maintenance.stop();
    sqlite.close();
    await maintenance.worker.close();
    throw error;
  }
}

/** Null when the file or its folder can't be written. */
function openWritable(file: string): Sqlite.Database | null {
  if (!canWrite(dirname(file)) || (existsSync(file) && !canWrite(file))) return null;
  const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('wal_autocheckpoint = 0');
    sqlite.exec('BEGIN IMMEDIATE; ROLLBACK'); // Fails now rather than at the first message.
    return sqlite;
  } catch (error) {
    sqlite.close();
    if (toDatabaseError(error)?.code === 'database-read-only') return null;
    throw error;
  }
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    // On a medium that can't be written Node reports the missing folder instead of that.
    throw toDatabaseError(cause) ?? new AppError('database-read-only', `Can't create ${folder}`, { cause });
  }
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false; // Whatever the reason, reading is what is left to try.
  }
}

/** A copy in memory: SQLite itself needs to write beside a file in order to read it. */
function openReadOnly(file: string, migrations: readonly Migration[]): Sqlite.Database {
  if (!existsSync(file) || statSync(file).size > READ_ONLY_LIMIT_BYTES) {
    throw new AppError('database-read-only', 'The database or its folder can not be written');
  }
  const sqlite = new Sqlite(readStoredDatabase(file), { readonly: true });
  if (readVersion(sqlite) === latestVersion(migrations)) return sqlite;
  sqlite.close();
  throw new AppError('database-read-only', 'The database needs a migration and can only be read');
}
