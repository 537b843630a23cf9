// Brings a database to the version of this app: every pending step in one transaction, or none.
import type Sqlite from 'better-sqlite3';
import { AppError } from '#contract/errors.ts';
import { foundation } from './migrations/0001-foundation.ts';
import { models } from './migrations/0002-models.ts';
import { branches } from './migrations/0003-branches.ts';
import { presets } from './migrations/0004-presets.ts';
import { order } from './migrations/0005-order.ts';
import { search } from './migrations/0006-search.ts';
import { imports } from './migrations/0007-imports.ts';
import { compose } from './migrations/0008-compose.ts';
import { compare } from './migrations/0009-compare.ts';
import { searchFilling } from './migrations/0010-search-filling.ts';
import { attachments } from './migrations/0011-attachments.ts';
import { notes } from './migrations/0012-notes.ts';
import { library } from './migrations/0013-library.ts';
import { summaries } from './migrations/0014-summaries.ts';
import { registerSearchText } from './search-text.ts';

export interface Migration {
  /** The user_version after this step; steps count from 1 without gaps. */
  version: number;
  up(db: Pick<Sqlite.Database, 'exec' | 'prepare'>): void;
}

export const MIGRATIONS: readonly Migration[] = [
  foundation,
  models,
  branches,
  presets,
  order,
  search,
  imports,
  compose,
  compare,
  searchFilling,
  attachments,
  notes,
  library,
  summaries,
];

export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

export function readVersion(db: Sqlite.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Throws `database-too-new` for a file that a later version of the app has written. */
export function refuseNewer(fileVersion: number, migrations: readonly Migration[]): void {
  const appVersion = latestVersion(migrations);
  if (fileVersion <= appVersion) return;
  throw new AppError('database-too-new', `The database has version ${fileVersion}, this app ${appVersion}`, {
    details: { fileVersion, appVersion },
  });
}

/** Runs the pending steps. The version is read again under the lock: another process may have been first. */
export function migrate(db: Sqlite.Database, migrations: readonly Migration[]): void {
  registerSearchText(db);
  db.transaction(() => {
    const version = readVersion(db);
    refuseNewer(version, migrations);
    for (const step of migrations.filter((migration) => migration.version > version)) step.up(db);
    db.pragma(`user_version = ${latestVersion(migrations)}`);
  }).immediate();
}
