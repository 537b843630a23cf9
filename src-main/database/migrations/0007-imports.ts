// What came in from elsewhere keeps the name it has there, so that a second import finds it. A conversation that is
// not wholly in has -1 as the time of its deletion: it is in no list and not in the bin either.
import type { Migration } from '../migrate.ts';

export const imports: Migration = {
  version: 7,
  up: (db) =>
    db.exec(`
      ALTER TABLE conversations ADD COLUMN import_key TEXT;
      ALTER TABLE messages ADD COLUMN import_key TEXT;
      CREATE UNIQUE INDEX conversations_import_key ON conversations(import_key)
        WHERE import_key IS NOT NULL AND deleted_at IS NOT 0;
    `),
};
