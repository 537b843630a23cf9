// Notes that stand for the older part of a conversation. Each belongs to a place of the tree: the last message it
// covers. A note that was taken away or made again stays, so that it can come back; one at most of a place applies.
import type { Migration } from '../migrate.ts';

export const notes: Migration = {
  version: 12,
  up: (db) =>
    db.exec(`
      CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        covers_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        text TEXT NOT NULL,
        edited INTEGER NOT NULL DEFAULT 0,
        removed INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX notes_conversation ON notes(conversation_id);
      CREATE INDEX notes_covers ON notes(covers_id);
    `),
};
