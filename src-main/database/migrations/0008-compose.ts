// Drafts (conversation 0 is the one that has not begun) and the person's own prompts, whose ids begin at 1000: smaller
// ones are those of prompts that are shipped with the app.
import type { Migration } from '../migrate.ts';

export const compose: Migration = {
  version: 8,
  up: (db) =>
    db.exec(`
      CREATE TABLE drafts (conversation_id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
      CREATE TRIGGER drafts_conversation_deleted AFTER DELETE ON conversations BEGIN
        DELETE FROM drafts WHERE conversation_id = old.id;
      END;
      CREATE TABLE prompts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, text TEXT NOT NULL) STRICT;
      INSERT INTO sqlite_sequence(name, seq) VALUES ('prompts', 999);
    `),
};
