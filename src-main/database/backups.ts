// Backups as files whose names say when and why they were made, and the way back to one of them. Works without an
// open database: it is needed most when there can't be one.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Backup } from '#contract/app.ts';
import { AppError } from '#contract/errors.ts';
import { WorkerClient } from './worker-client.ts';
import { PARTIAL, syncFolder } from './maintenance-tasks.ts';
import { MIGRATIONS, refuseNewer } from './migrate.ts';
import { toDatabaseError } from './sqlite-errors.ts';
import { readStoredVersion } from './stored-file.ts';

const NAME =
  /^lapidary-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-(daily|before-migration|before-restore)\.db$/;
/** How many of each are kept, newest first. */
const KEPT: Record<Backup['reason'], number> = { daily: 7, 'before-migration': 3, 'before-restore': 3 };
const RESTORING = '.restoring';
/** The database's own files, the one that matters last. */
const SUFFIXES = ['-wal', '-shm', ''];

/** For example lapidary-2026-11-23T18-05-09-120Z-daily.db; the time is UTC. */
export function backupName(reason: Backup['reason'], now: number): string {
  return `lapidary-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}-${reason}.db`;
}

/** Newest first; empty when there is no such folder. */
export async function listBackups(folder: string): Promise<Backup[]> {
  const names = await readdir(folder).catch(() => []); // No folder yet, or none that can be read: none to offer.
  const found = await Promise.all(names.map((name) => describe(folder, name)));
  return found.filter((backup) => backup !== null).toSorted((a, b) => b.createdAt - a.createdAt);
}

/** Removes what is more than the kept number of each reason, and what a kill in the middle of a backup has left. Call
 * when no backup is being written. */
export async function rotateBackups(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const halves = names.filter((name) => name.startsWith('lapidary-') && name.includes(`.db${PARTIAL}`));
  await Promise.all(halves.map((name) => rm(join(folder, name), { force: true })));
  const backups = await listBackups(folder);
  for (const [reason, kept] of Object.entries(KEPT)) {
    const surplus = backups.filter((backup) => backup.reason === reason).slice(kept);
    for (const { file } of surplus) {
      await Promise.all(SUFFIXES.map((suffix) => rm(join(folder, file + suffix), { force: true })));
    }
  }
}

export interface RestoreOptions {
  /** The database, which must not be open. */
  file: string;
  backupsFolder: string;
  /** `file` of one that `listBackups` returned. */
  backup: string;
  /** Milliseconds since 1970; names what is kept. */
  now: () => number;
  workerEntry?: URL;
}

/** Puts a backup in the place of the database; the present one moves to the backups as 'before-restore'. Power may
 * fail at any moment: the next opening finds the old database or the new one. Throws `not-found`, `database-damaged`
 * or `database-too-new` (of the backup), `disk-full`. */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { file, backupsFolder, backup, now, workerEntry } = options;
  const known = await listBackups(backupsFolder);
  if (!known.some((one) => one.file === backup)) throw new AppError('not-found', 'There is no such backup');
  const source = join(backupsFolder, backup);
  refuseNewer(readStoredVersion(source), MIGRATIONS);
  await mkdir(dirname(file), { recursive: true });
  const worker = new WorkerClient(workerEntry);
  try {
    await worker.run({ task: 'prepare-restore', backup: source, target: file + RESTORING });
    await utimes(file + RESTORING, now() / 1000, now() / 1000);
    await finishRestore(file, backupsFolder);
  } catch (error) {
    throw toDatabaseError(error) ?? error;
  } finally {
    await worker.close();
  }
}

/** Carries out a restore that has been prepared; without one it does nothing. Can be repeated after every step: the
 * name of what is kept comes from the prepared file, and that moves last. */
export async function finishRestore(file: string, backupsFolder: string): Promise<void> {
  const prepared = file + RESTORING;
  if (!existsSync(prepared)) return;
  const { mtimeMs } = await stat(prepared);
  const kept = join(backupsFolder, backupName('before-restore', mtimeMs));
  for (const suffix of SUFFIXES) {
    if (existsSync(file + suffix)) await rename(file + suffix, kept + suffix);
  }
  syncFolder(backupsFolder);
  await rename(prepared, file);
  syncFolder(dirname(file));
  await rotateBackups(backupsFolder);
}

async function describe(folder: string, file: string): Promise<Backup | null> {
  const [, day, hour, minute, second, millisecond, reason] = NAME.exec(file) ?? [];
  if (!day) return null;
  const createdAt = Date.parse(`${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  const found = await stat(join(folder, file)).catch(() => null); // Gone since the folder was read.
  if (!found?.isFile()) return null;
  return { file, createdAt, sizeBytes: found.size, reason: reason as Backup['reason'] };
}
