// Branches that can be removed and brought back, and answers that the person has edited. A removed branch keeps its
// messages, each with the time of the removal, so that exactly those come back. The index holds all that says which
// messages stand at one place of a tree: texts are not read for it.
import type { Migration } from '../migrate.ts';

export const branches: Migration = {
  version: 3,
  up: (db) =>
    db.exec(`
      ALTER TABLE messages ADD COLUMN removed_at INTEGER;
      ALTER TABLE messages ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
      DROP INDEX messages_conversation;
      CREATE INDEX messages_places ON messages(conversation_id, parent_id, removed_at);
    `),
};
