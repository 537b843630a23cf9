// A database as an app before the present search index left it.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { migrate, MIGRATIONS } from '../../src-main/database/migrate.ts';

/** The last step before the index was made anew. */
const VERSION = 5;

/** Conversations of ten messages; the text of a message says which one it is: `message 17`. */
export function writeOldDatabase(file: string, conversations: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Sqlite(file);
  migrate(
    db,
    MIGRATIONS.filter(({ version }) => version <= VERSION),
  );
  const begin = db.prepare(
    "INSERT INTO conversations(title, title_source, created_at, updated_at) VALUES (?, 'person', 1, 1)",
  );
  const add = db.prepare(
    "INSERT INTO messages(conversation_id, role, status, created_at, text, thought) VALUES (?, ?, 'complete', 1, ?, '')",
  );
  db.transaction(() => {
    for (let count = 1; count <= conversations; count += 1) {
      const { lastInsertRowid } = begin.run(`Title ${count}`);
      for (let at = 1; at <= 10; at += 1) {
        const number = (count - 1) * 10 + at;
        const text = `message ${number} about opal and jade ${'and other stones '.repeat(number % 40)}`;
        add.run(lastInsertRowid, number % 2 === 0 ? 'answer' : 'user', text);
      }
    }
  })();
  db.close();
}
