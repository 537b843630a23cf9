// Order among conversations, and what the bin needs to keep its promise of thirty days. Every view of the list has an
// index of its own: none of them reads past the conversations that another one shows.
import type { Migration } from '../migrate.ts';

export const order: Migration = {
  version: 5,
  up: (db) =>
    db.exec(`
      CREATE TABLE folders (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE UNIQUE) STRICT;
      ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversations ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversations ADD COLUMN folder_id INTEGER REFERENCES folders(id) ON DELETE SET NULL;
      CREATE INDEX conversations_listed ON conversations(archived, updated_at DESC) WHERE deleted_at IS NULL;
      DROP INDEX conversations_newest;
      CREATE INDEX conversations_recent ON conversations(updated_at DESC)
        WHERE deleted_at IS NULL AND archived = 0 AND pinned = 0 AND folder_id IS NULL;
      CREATE INDEX conversations_pinned ON conversations(updated_at DESC)
        WHERE deleted_at IS NULL AND archived = 0 AND pinned = 1;
      CREATE INDEX conversations_folder ON conversations(folder_id, updated_at DESC)
        WHERE deleted_at IS NULL AND archived = 0 AND pinned = 0;
      CREATE INDEX conversations_filed ON conversations(folder_id) WHERE folder_id IS NOT NULL;
      CREATE INDEX conversations_binned ON conversations(deleted_at) WHERE deleted_at IS NOT NULL;

      CREATE TABLE conversation_tags (
        conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        tag TEXT NOT NULL COLLATE NOCASE,
        PRIMARY KEY (conversation_id, tag)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX conversation_tags_tag ON conversation_tags(tag);

      CREATE INDEX messages_removed ON messages(removed_at) WHERE removed_at IS NOT NULL;
      CREATE TABLE bin_clock (id INTEGER PRIMARY KEY, seen_at INTEGER NOT NULL, counted_ms INTEGER NOT NULL) STRICT;
      CREATE TABLE bin_times (thrown_at INTEGER PRIMARY KEY, counted_ms INTEGER NOT NULL) STRICT;
    `),
};
