// Bugs these catch: a row that was promised and is gone after a kill, two processes that break each other's file, a
// full or read-only disk that loses what was committed.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src-main/database/open-database.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { addExchange, createPlace, openAt, placeIn, type Place } from '../main/database/database-fixture.ts';

const WRITER = fileURLToPath(new URL('../main/database/writing-process.ts', import.meta.url));
const KILLS = 15;

/** Resolves with the last promised id after a SIGKILL that comes `afterMs` after the first row. */
function writeAndKill(folder: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (/^\d+$/m.test(output)) timer ??= setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  return new Promise((resolve) => {
    child.on('close', () => {
      const whole = output.slice(0, output.lastIndexOf('\n') + 1);
      resolve(Math.max(0, ...whole.split('\n').map(Number).filter(Number.isInteger)));
    });
  });
}

function expectSound(file: string): void {
  const sqlite = new Sqlite(file);
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  sqlite.exec("INSERT INTO messages_fts(messages_fts) VALUES ('integrity-check')");
  sqlite.close();
}

describe('a killed process', () => {
  it(`loses no promised row, ${KILLS} times in the same file`, { timeout: 60_000 }, async () => {
    const place = createPlace();
    for (let kill = 0; kill < KILLS; kill++) {
      const promised = await writeAndKill(place.folder, Math.random() * 150);
      const database = await openDatabase(place);
      database.messages.interruptUnfinished();
      const answer = database.messages.get(promised);
      if (promised > 0) expect(answer?.text).toMatch(/^word /);
      if (promised > 0) expect(answer?.status).toBe(promised % 3 > 0 ? 'complete' : 'interrupted');
      expect(database.conversations.list({ limit: 500 }).some((one) => one.generating)).toBe(false);
      await database.close();
      expectSound(place.file);
    }
  });

  it('two at once keep one sound file with the rows of both', { timeout: 60_000 }, async () => {
    const place = createPlace();
    await (await openDatabase(place)).close();
    const promised = await Promise.all([writeAndKill(place.folder, 700), writeAndKill(place.folder, 900)]);
    const database = await openDatabase(place);
    for (const id of promised) expect(database.messages.get(id)?.role).toBe('answer');
    await database.close();
    expectSound(place.file);
  });
});

describe('a full disk', () => {
  it('is named, and everything committed before it stays', async (test) => {
    const folder = mountSmallDisk(test, 'size=1m');
    const place = placeIn(folder);
    const database = await openDatabase(place);
    const kept: number[] = [];
    const fill = (): never => {
      for (;;) kept.push(addExchange(database, 'question', 'answer '.repeat(500)));
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect(kept.length).toBeGreaterThan(5);
    expect(database.messages.get(kept.at(-1) ?? 0)?.status).toBe('complete');
    await database.close();
    const again = await openAt(place);
    for (const id of kept) expect(again.messages.get(id)?.status).toBe('complete');
  });

  it('is named when not even an empty database fits', async (test) => {
    const folder = mountSmallDisk(test, 'size=8k');
    await expect(openDatabase(placeIn(folder))).rejects.toMatchObject({ code: 'disk-full' });
  });

  it('goes on when there is room again', async (test) => {
    const folder = mountSmallDisk(test, 'size=1m');
    const place = placeIn(folder);
    const database = await openAt(place);
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(600_000));
    expect(() => {
      for (;;) addExchange(database, 'question', 'answer '.repeat(500));
    }).toThrow(expect.objectContaining({ code: 'disk-full' }));
    rmSync(ballast);
    const id = addExchange(database, 'question', 'answer');
    await database.flush();
    expect(database.messages.get(id)?.text).toBe('answer');
  });
});

describe('a medium that can only be read', () => {
  const fill = async (place: Place): Promise<void> => {
    const database = await openDatabase(place);
    addExchange(database, 'question', 'answer');
    await database.close();
  };
  const remountReadOnly = (folder: string): void => void execFileSync('mount', ['-o', 'remount,ro', folder]);

  it('opens for reading and refuses to write by name', async (test) => {
    const folder = mountSmallDisk(test, 'size=4m');
    await fill(placeIn(folder));
    remountReadOnly(folder);
    const database = await openAt(placeIn(folder));
    expect(database.readOnly).toBe(true);
    expect(database.messages.get(2)?.text).toBe('answer');
    expect(await database.search.search('answ', 10)).toHaveLength(1);
    const write = () => addExchange(database, 'more', 'text');
    expect(write).toThrow(expect.objectContaining({ code: 'database-read-only' }));
  });

  it('shows what a killed process left in the log', async (test) => {
    const folder = mountSmallDisk(test, 'size=16m');
    const promised = await writeAndKill(folder, 60);
    expect(readFileSync(join(folder, 'data.db-wal')).length).toBeGreaterThan(0);
    remountReadOnly(folder);
    const database = await openAt(placeIn(folder));
    expect(database.messages.get(promised)?.text).toMatch(/^word /);
  });

  it('is named when there is no database yet', async (test) => {
    const folder = mountSmallDisk(test, 'size=1m');
    mkdirSync(join(folder, 'data'));
    remountReadOnly(folder);
    await expect(openDatabase(placeIn(join(folder, 'data')))).rejects.toMatchObject({
      code: 'database-read-only',
    });
    await expect(openDatabase(placeIn(join(folder, 'new')))).rejects.toMatchObject({
      code: 'database-read-only',
    });
  });
});
