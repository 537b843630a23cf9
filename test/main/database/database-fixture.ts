// A database in a folder of its own, with a clock the test moves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import { openDatabase, type OpenDatabaseOptions } from '../../../src-main/database/open-database.ts';

export interface Place {
  folder: string;
  file: string;
  backupsFolder: string;
  now: () => number;
}

export function createPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-database-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return placeIn(folder);
}

export function placeIn(folder: string): Place {
  let time = Date.UTC(2026, 0, 1);
  return {
    folder,
    file: join(folder, 'data.db'),
    backupsFolder: join(folder, 'backups'),
    now: () => (time += 1000),
  };
}

/** Opened, and closed when the test ends. */
export async function openAt(place: Place, options: Partial<OpenDatabaseOptions> = {}): Promise<AppDatabase> {
  const database = await openDatabase({ ...place, ...options });
  onTestFinished(() => database.close());
  return database;
}

/** A finished exchange; returns the answer's id. */
export function addExchange(database: AppDatabase, question: string, answer: string, now = 1): number {
  const started = database.messages.startExchange({
    conversationId: null,
    title: question,
    text: question,
    now,
  });
  const end = { text: answer, thought: '', status: 'complete' as const, failure: null, stats: null };
  return database.messages.finish(started.answer.id, end).id;
}
