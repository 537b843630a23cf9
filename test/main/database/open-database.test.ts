// Bugs these catch: an upgrade that loses or half-changes data, a file of a later app being written, and damage or a
// full or read-only disk that shows as an unnamed error.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { listBackups, restoreBackup } from '../../../src-main/database/backups.ts';
import { latestVersion, MIGRATIONS, type Migration } from '../../../src-main/database/migrate.ts';
import { openDatabase } from '../../../src-main/database/open-database.ts';
import { addExchange, createPlace, openAt, type Place } from './database-fixture.ts';

const appVersion = latestVersion(MIGRATIONS);
const addColour: Migration = {
  version: appVersion + 1,
  up: (db) => void db.exec('ALTER TABLE models ADD COLUMN colour TEXT'),
};
const failsHalfway: Migration = {
  version: appVersion + 2,
  up(db) {
    db.exec('DELETE FROM messages');
    throw new Error('step failed');
  },
};

async function written(place: Place): Promise<void> {
  const database = await openDatabase(place);
  for (let i = 0; i < 200; i++)
    addExchange(database, `question ${i}`, `answer ${'long '.repeat(200)} ${i}`, i);
  await database.close();
}

function snapshot(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
}

describe('opening', () => {
  it('creates the file, and finds everything again', async () => {
    const place = createPlace();
    await written(place);
    const again = await openAt(place);
    expect(again.readOnly).toBe(false);
    expect(again.conversations.list({ limit: 500 })).toHaveLength(200);
    expect(again.messages.activeBranch(1).map((message) => message.role)).toEqual(['user', 'answer']);
  });

  it('leaves no files of the WAL behind, so that copying the one file copies everything', async () => {
    const place = createPlace();
    await written(place);
    expect(readdirSync(place.folder)).toEqual(['data.db']);
  });
});

describe('migrating', () => {
  it('backs up first, and the backup restores', async () => {
    const place = createPlace();
    await written(place);
    const upgraded = await openDatabase({ ...place, migrations: [...MIGRATIONS, addColour] });
    upgraded.conversations.moveToBin(1, 5);
    await upgraded.close();
    const [backup] = await listBackups(place.backupsFolder);
    expect(backup?.reason).toBe('before-migration');
    await restoreBackup({ ...place, backup: backup?.file ?? '' });
    const restored = await openAt(place);
    expect(restored.conversations.list({ limit: 500 })).toHaveLength(200);
    expect((await listBackups(place.backupsFolder)).map((one) => one.reason)).toContain('before-restore');
  });

  it('changes nothing when a later step fails', async () => {
    const place = createPlace();
    await written(place);
    const migrations = [...MIGRATIONS, addColour, failsHalfway];
    await expect(openDatabase({ ...place, migrations })).rejects.toThrow('step failed');
    const database = await openAt(place);
    expect(database.messages.get(2)?.status).toBe('complete');
    expect(database.models.list()).toEqual([]);
  });
});

describe('a database of a later app', () => {
  const later = async (place: Place): Promise<void> => {
    await (await openDatabase({ ...place, migrations: [...MIGRATIONS, addColour] })).close();
  };

  it('is refused with both versions and not written', async () => {
    const place = createPlace();
    await later(place);
    const before = snapshot(place.folder);
    await expect(openDatabase(place)).rejects.toMatchObject({
      code: 'database-too-new',
      details: { fileVersion: appVersion + 1, appVersion },
    });
    expect(snapshot(place.folder)).toEqual(before);
  });

  it('is recognised when its version is still in the log of a killed app', async () => {
    const place = createPlace();
    const killed = createPlace();
    const first = await openDatabase(place);
    await first.close();
    const database = await openDatabase({ ...place, migrations: [...MIGRATIONS, addColour] });
    copyFileSync(place.file, killed.file);
    copyFileSync(`${place.file}-wal`, `${killed.file}-wal`);
    await database.close();
    const before = snapshot(killed.folder);
    await expect(openDatabase(killed)).rejects.toMatchObject({ code: 'database-too-new' });
    expect(snapshot(killed.folder)).toEqual(before);
  });

  it('is refused as a backup too', async () => {
    const place = createPlace();
    await written(place);
    mkdirSync(place.backupsFolder);
    const newer = createPlace();
    await later(newer);
    const name = 'lapidary-2026-01-01T00-00-00-000Z-daily.db';
    copyFileSync(newer.file, join(place.backupsFolder, name));
    await expect(restoreBackup({ ...place, backup: name })).rejects.toMatchObject({
      code: 'database-too-new',
    });
    expect((await openAt(place)).conversations.get(1)).not.toBeNull();
  });
});

describe('a damaged file', () => {
  it.each([
    ['random bytes', (bytes: Buffer) => Buffer.from(bytes.map((_, at) => (at * 31 + 7) % 251))],
    ['a file cut in half', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
    ['a file shorter than a header', (bytes: Buffer) => bytes.subarray(0, 50)],
    ['a destroyed schema page', (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 100, 4096)],
  ])('is named: %s', async (_name, damage) => {
    const place = createPlace();
    await written(place);
    writeFileSync(place.file, damage(readFileSync(place.file)));
    await expect(openDatabase(place)).rejects.toMatchObject({ code: 'database-damaged' });
  });

  it('is found by the check after the start when only one page is wrong, and is not backed up', async () => {
    const place = createPlace();
    await written(place);
    const bytes = readFileSync(place.file);
    const page = Math.floor(bytes.length / 4096 / 2);
    writeFileSync(place.file, bytes.fill(0xa5, page * 4096, (page + 1) * 4096));
    const damaged = new Promise<string>((resolve) => {
      void openAt(place, { onDamage: (error) => resolve(error.code), firstCheckAfterMs: 0 });
    });
    expect(await damaged).toBe('database-damaged');
    expect(existsSync(place.backupsFolder)).toBe(false);
  });

  it('gives way to a backup, and stays beside it', async () => {
    const place = createPlace();
    await written(place);
    const backup = 'lapidary-2026-01-01T00-00-00-000Z-daily.db';
    cpSync(place.file, join(place.backupsFolder, backup), { recursive: true });
    writeFileSync(place.file, 'no database');
    await restoreBackup({ ...place, backup });
    expect((await openAt(place)).conversations.get(1)).not.toBeNull();
    const kept = (await listBackups(place.backupsFolder)).find((one) => one.reason === 'before-restore');
    expect(readFileSync(join(place.backupsFolder, kept?.file ?? ''), 'utf8')).toBe('no database');
  });
});

describe('two processes', () => {
  it('waits for another writer instead of failing', async () => {
    const place = createPlace();
    const database = await openAt(place);
    const other = new Sqlite(place.file);
    other.prepare("INSERT INTO settings VALUES ('other', '1')").run();
    other.close();
    database.settings.write({ mine: 2 });
    expect(database.settings.readAll()).toEqual({ other: 1, mine: 2 });
  });
});
