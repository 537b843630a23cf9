// Secrets, encrypted by the system's own store before they come here.
import type { WriteDatabase } from './connection.ts';

export class SecretRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#statements = prepare(db);
  }

  /** The encrypted bytes, or null. */
  get(name: string): Buffer | null {
    return this.#statements.get.get({ name })?.encrypted ?? null;
  }

  put(name: string, encrypted: Buffer): void {
    this.#statements.put.run({ name, encrypted });
  }

  remove(name: string): void {
    this.#statements.remove.run({ name });
  }
}

function prepare(db: WriteDatabase) {
  return {
    get: db.query<{ encrypted: Buffer }>('SELECT encrypted FROM secrets WHERE name = :name'),
    put: db.command('INSERT OR REPLACE INTO secrets(name, encrypted) VALUES (:name, :encrypted)'),
    remove: db.command('DELETE FROM secrets WHERE name = :name'),
  };
}
