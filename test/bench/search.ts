// Search as one types, over as many messages as years of use leave: every key press of some queries, in the worker as
// the app asks it, beside a LIKE scan of the same texts.
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { SearchFilters } from '#contract/search.ts';
import { openDatabase } from '../../src-main/database/open-database.ts';
import { registerSearchText } from '../../src-main/database/search-text.ts';
import { temporaryFolder } from '../support/start-app.ts';
import { createWriter, type Writer } from './many-texts.ts';
import { explain, judge, median, type Row } from './rows.ts';

const MESSAGES = 100_000;
const MESSAGES_EACH = 50;
/** Answers that are saved one by one afterwards, each in a commit of its own. */
const SAVED = 300;
const area = 'search';

type Tell = (row: Row) => void;

export async function measureSearch(tell: Tell): Promise<void> {
  const folder = temporaryFolder();
  const file = join(folder, 'lapidary.db');
  try {
    const database = await openDatabase({ file, backupsFolder: join(folder, 'backups'), now: Date.now });
    const writer = createWriter();
    fill(file, writer);
    tell(
      explain({
        area,
        name: 'file per character of text',
        value: statSync(file).size / writer.written(),
        unit: 'bytes',
      }),
    );
    const typed = await typedTimes(
      (query, filters) => database.search.search(query, 30, filters),
      writer.queries(),
    );
    tellTyped(tell, typed, likeTimes(file, writer.queries()));
    tell(
      explain({
        area,
        name: 'host: saving an answer of 2,000 characters, p99',
        value: saveTimes(database, writer),
        unit: 'ms',
      }),
    );
    await database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tellTyped(tell: Tell, typed: number[], like: number[]): void {
  const p95 = quantile(typed, 0.95);
  const name = `worker: search as one types, ${MESSAGES.toLocaleString('en')} messages, p95 of ${typed.length} keys`;
  tell(judge({ area, name, value: p95, unit: 'ms', bar: 20, better: 'lower' }));
  tell(explain({ area, name: 'worker: the same, median', value: median(typed), unit: 'ms' }));
  tell(explain({ area, name: 'worker: the same, longest', value: Math.max(...typed), unit: 'ms' }));
  const scanned = quantile(like, 0.95);
  tell(
    explain({
      area,
      name: `LIKE scan for the same ${like.length} whole queries, p95`,
      value: scanned,
      unit: 'ms',
    }),
  );
  tell(explain({ area, name: 'LIKE scan / search as one types (p95)', value: scanned / p95, unit: 'times' }));
}

/** Every message goes through the triggers of the index, a thousand in a commit. */
function fill(file: string, writer: Writer): void {
  const sqlite = new Sqlite(file);
  registerSearchText(sqlite);
  sqlite.pragma('synchronous = OFF');
  const conversation = sqlite.prepare(
    `INSERT INTO conversations(title, title_source, created_at, updated_at) VALUES (?, 'model', ?, ?)`,
  );
  const message = sqlite.prepare(
    `INSERT INTO messages(conversation_id, role, status, created_at, text, thought, stats) VALUES (?, ?, 'complete', ?, ?, '', ?)`,
  );
  const stats = ['Gemma 3 4B', 'Gemma 4 E4B'].map((modelName) => JSON.stringify({ modelName }));
  for (let first = 0; first < MESSAGES; first += 1000) {
    sqlite.transaction(() => {
      for (let index = first; index < first + 1000; index++) {
        const now = Date.now() - (MESSAGES - index) * 60_000;
        if (index % MESSAGES_EACH === 0) conversation.run(writer.text(40), now, now);
        const answer = index % 2 === 1;
        const text = writer.text(answer ? 850 : 150);
        message.run(
          Math.floor(index / MESSAGES_EACH) + 1,
          answer ? 'answer' : 'user',
          now,
          text,
          answer ? stats[index % 3 && 1] : null,
        );
      }
    })();
  }
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
}

/** Milliseconds of each key press; what is typed first warms the worker. */
async function typedTimes(
  search: (query: string, filters?: SearchFilters) => Promise<unknown>,
  queries: readonly string[],
): Promise<number[]> {
  await search('warm up');
  const times: number[] = [];
  for (const [number, query] of queries.entries()) {
    const filters = number % 4 === 3 ? ({ role: 'answer', modelName: 'Gemma 4 E4B' } as const) : {};
    const keys = Array.from(query);
    for (let length = 1; length <= keys.length; length++) {
      const start = performance.now();
      await search(keys.slice(0, length).join(''), filters);
      times.push(performance.now() - start);
    }
  }
  return times;
}

function likeTimes(file: string, queries: readonly string[]): number[] {
  const sqlite = new Sqlite(file, { readonly: true });
  const times = queries.map((query) => {
    const words = query.split(' ').map((word) => `%${word}%`);
    const every = words.map(() => 'text LIKE ?').join(' AND ');
    const start = performance.now();
    sqlite.prepare(`SELECT id FROM messages WHERE ${every} ORDER BY id DESC LIMIT 30`).all(words);
    return performance.now() - start;
  });
  sqlite.close();
  return times;
}

function saveTimes(database: Awaited<ReturnType<typeof openDatabase>>, writer: Writer): number {
  const times: number[] = [];
  const finished = { thought: '', status: 'complete' as const, failure: null, stats: null };
  for (let count = 0; count < SAVED; count++) {
    const text = writer.text(2000);
    const { answer } = database.messages.startExchange({
      conversationId: 1,
      title: '',
      text: 'q',
      now: Date.now(),
    });
    const start = performance.now();
    database.messages.finish(answer.id, { ...finished, text });
    times.push(performance.now() - start);
  }
  return quantile(times, 0.99);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
