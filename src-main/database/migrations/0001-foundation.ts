// The first schema: conversations as trees of messages, full-text search, models, settings, saved contexts.
// Times are milliseconds since 1970. An answer that is being written is left out of the search index, so that saving
// it twice a second costs one row; it enters when its status changes. FTS5 merges 64 pages of its index at a time as
// part of a commit; pages a quarter of the usual size keep the longest commits short.
import type { Migration } from '../migrate.ts';

const TABLES = `
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  title_source TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  active_message_id INTEGER REFERENCES messages(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX conversations_newest ON conversations(updated_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversations_active_message ON conversations(active_message_id);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  parent_id INTEGER REFERENCES messages(id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  failure TEXT,
  stats TEXT,
  text TEXT NOT NULL,
  thought TEXT NOT NULL
) STRICT;
CREATE INDEX messages_conversation ON messages(conversation_id);
CREATE INDEX messages_parent ON messages(parent_id);
CREATE INDEX messages_generating ON messages(conversation_id) WHERE status = 'generating';

CREATE TABLE models (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  placement TEXT NOT NULL,
  demo INTEGER NOT NULL,
  header TEXT NOT NULL,
  file_size INTEGER NOT NULL,
  file_mtime INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE context_states (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
  state_key TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX context_states_used ON context_states(used_at);
`;

const MESSAGE_SEARCH = `
CREATE VIRTUAL TABLE messages_fts USING fts5(
  text, content = 'messages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO messages_fts(messages_fts, rank) VALUES ('pgsz', 1000);
CREATE TRIGGER messages_inserted AFTER INSERT ON messages WHEN new.status <> 'generating' BEGIN
  INSERT INTO messages_fts(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages WHEN old.status <> 'generating' BEGIN
  INSERT INTO messages_fts(messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER messages_finished AFTER UPDATE OF text, status ON messages
WHEN old.status = 'generating' AND new.status <> 'generating' BEGIN
  INSERT INTO messages_fts(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER messages_reopened AFTER UPDATE OF text, status ON messages
WHEN old.status <> 'generating' AND new.status = 'generating' BEGIN
  INSERT INTO messages_fts(messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER messages_edited AFTER UPDATE OF text, status ON messages
WHEN old.status <> 'generating' AND new.status <> 'generating' AND old.text IS NOT new.text BEGIN
  INSERT INTO messages_fts(messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
  INSERT INTO messages_fts(rowid, text) VALUES (new.id, new.text);
END;
`;

const TITLE_SEARCH = `
CREATE VIRTUAL TABLE titles_fts USING fts5(
  title, content = 'conversations', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER conversations_inserted AFTER INSERT ON conversations BEGIN
  INSERT INTO titles_fts(rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER conversations_deleted AFTER DELETE ON conversations BEGIN
  INSERT INTO titles_fts(titles_fts, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER conversations_renamed AFTER UPDATE OF title ON conversations WHEN old.title IS NOT new.title BEGIN
  INSERT INTO titles_fts(titles_fts, rowid, title) VALUES ('delete', old.id, old.title);
  INSERT INTO titles_fts(rowid, title) VALUES (new.id, new.title);
END;
`;

export const foundation: Migration = {
  version: 1,
  up: (db) => db.exec(TABLES + MESSAGE_SEARCH + TITLE_SEARCH),
};
