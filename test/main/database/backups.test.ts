// Bugs these catch: good backups pushed out by many of another kind, a path instead of a backup's name, a restore cut
// off by a loss of power that leaves no database or mixes two.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backupName, listBackups, restoreBackup, rotateBackups } from '../../../src-main/database/backups.ts';
import { Maintenance } from '../../../src-main/database/maintenance.ts';
import { addExchange, createPlace, openAt } from './database-fixture.ts';
import { openDatabase } from '../../../src-main/database/open-database.ts';

const DAY_MS = 86_400_000;

it('keeps seven daily ones and three from before migrations, removes halves and leaves other files alone', async () => {
  const { backupsFolder } = createPlace();
  mkdirSync(backupsFolder);
  for (let day = 0; day < 10; day++) {
    writeFileSync(join(backupsFolder, backupName('daily', day * DAY_MS)), 'x');
    writeFileSync(join(backupsFolder, backupName('before-migration', day * DAY_MS)), 'xy');
  }
  writeFileSync(join(backupsFolder, 'notes.txt'), 'mine');
  const half = join(backupsFolder, `${backupName('daily', 0)}.partial`);
  writeFileSync(half, 'cut off by a kill');
  await rotateBackups(backupsFolder);
  const kept = await listBackups(backupsFolder);
  expect(kept.filter(({ reason }) => reason === 'daily').map(({ createdAt }) => createdAt / DAY_MS)).toEqual([
    9, 8, 7, 6, 5, 4, 3,
  ]);
  expect(kept.filter(({ reason }) => reason === 'before-migration')).toHaveLength(3);
  expect(kept.find(({ reason }) => reason === 'before-migration')?.sizeBytes).toBe(2);
  expect(existsSync(half)).toBe(false);
  expect(existsSync(join(backupsFolder, 'notes.txt'))).toBe(true);
});

it('makes one a day, of all that is committed', async () => {
  const place = createPlace();
  const database = await openAt(place);
  addExchange(database, 'question', 'answer');
  let now = 10 * DAY_MS;
  const maintenance = new Maintenance({ ...place, now: () => now });
  await maintenance.checkAndBackUp();
  await maintenance.checkAndBackUp();
  now += DAY_MS;
  await maintenance.checkAndBackUp();
  await maintenance.stop();
  await maintenance.worker.close();
  const backups = await listBackups(place.backupsFolder);
  expect(backups.map(({ createdAt }) => createdAt / DAY_MS)).toEqual([11, 10]);
  expect(readdirSync(place.backupsFolder)).toHaveLength(2);
  const copy = createPlace();
  copyFileSync(join(place.backupsFolder, backups[0]?.file ?? ''), copy.file);
  expect((await openAt(copy)).messages.get(2)?.text).toBe('answer');
});

it('a checkpoint empties the log while the database is in use', async () => {
  const place = createPlace();
  const database = await openAt(place);
  addExchange(database, 'question', 'answer '.repeat(5000));
  const maintenance = new Maintenance(place);
  await maintenance.checkpoint();
  await maintenance.stop();
  await maintenance.worker.close();
  const id = addExchange(database, 'question', 'after');
  const copy = createPlace();
  copyFileSync(place.file, copy.file);
  expect((await openAt(copy)).messages.get(2)?.text).toContain('answer');
  expect(database.messages.get(id)?.text).toBe('after');
});

it('restores only what it has listed', async () => {
  const place = createPlace();
  await (await openDatabase(place)).close();
  mkdirSync(place.backupsFolder);
  const outside = backupName('daily', 1);
  copyFileSync(place.file, join(place.folder, outside));
  for (const backup of [`../${outside}`, join(place.folder, outside), '../data.db', '', outside]) {
    await expect(restoreBackup({ ...place, backup })).rejects.toMatchObject({ code: 'not-found' });
  }
});

it('does not touch the database when the backup is damaged', async () => {
  const place = createPlace();
  const database = await openDatabase(place);
  addExchange(database, 'question', 'answer');
  await database.close();
  mkdirSync(place.backupsFolder);
  const backup = backupName('daily', 1);
  writeFileSync(join(place.backupsFolder, backup), 'damaged');
  await expect(restoreBackup({ ...place, backup })).rejects.toMatchObject({ code: 'database-damaged' });
  expect((await openAt(place)).messages.get(2)?.text).toBe('answer');
});

it('finishes at the next opening a restore that power cut off, and never mixes two logs', async () => {
  const place = createPlace();
  const old = createPlace();
  const running = await openAt(old);
  addExchange(running, 'old', 'old');
  const fresh = createPlace();
  const restored = await openDatabase(fresh);
  addExchange(restored, 'new', 'new');
  await restored.close();
  mkdirSync(place.backupsFolder);
  // As after the first step: the old log has moved away, the old file has not.
  copyFileSync(`${old.file}-wal`, join(place.backupsFolder, `${backupName('before-restore', 1)}-wal`));
  copyFileSync(old.file, place.file);
  renameSync(fresh.file, `${place.file}.restoring`);
  const database = await openAt(place);
  expect(database.conversations.list({ limit: 9 }).map(({ title }) => title)).toEqual(['new']);
  expect(existsSync(`${place.file}.restoring`)).toBe(false);
});
