// Settings as rows of JSON, one per key, so that a value that can't be read loses only itself.
import type { WriteDatabase } from './connection.ts';

export class SettingRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** Every stored value that is JSON, unchecked: the settings schema decides what it is worth. */
  readAll(): Record<string, unknown> {
    return Object.fromEntries(this.#statements.all.all().flatMap(readEntry));
  }

  /** All of the changes or none; `undefined` removes a key, which brings its default back. */
  write(changes: Record<string, unknown>): void {
    this.#db.transaction(() => {
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) this.#statements.remove.run({ key });
        else this.#statements.put.run({ key, value: JSON.stringify(value) });
      }
    });
  }
}

function readEntry({ key, value }: { key: string; value: string }): [string, unknown][] {
  try {
    return [[key, JSON.parse(value)]];
  } catch {
    return []; // As if it had never been set: its default applies.
  }
}

function prepare(db: WriteDatabase) {
  return {
    all: db.query<{ key: string; value: string }>('SELECT key, value FROM settings'),
    put: db.command(
      'INSERT INTO settings(key, value) VALUES (:key, :value) ON CONFLICT(key) DO UPDATE SET value = excluded.value',
    ),
    remove: db.command('DELETE FROM settings WHERE key = :key'),
  };
}
