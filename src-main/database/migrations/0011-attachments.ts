// What goes along with questions. A document is kept once, however many messages it is attached to, in parts: so that
// taking in, searching and erasing a long one are short steps. Its first part is found by its name too. It is whole when
// it has its hash, and goes with the last attachment of it: a long one loses its hash and its time at once, then its
// parts in steps. An attachment without a message belongs to a draft.
import type { Migration } from '../migrate.ts';

const TABLES = `
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256 TEXT UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  characters INTEGER NOT NULL,
  pages INTEGER,
  notes TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE document_parts (
  id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (document_id, place)
) STRICT;

CREATE TABLE attachments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES documents(id),
  conversation_id INTEGER REFERENCES conversations(id) ON DELETE CASCADE,
  message_id INTEGER REFERENCES messages(id) ON DELETE CASCADE,
  use TEXT NOT NULL DEFAULT 'whole',
  limit_characters INTEGER,
  tokens INTEGER,
  given_tokens INTEGER,
  until TEXT,
  passages TEXT,
  created_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE INDEX attachments_document ON attachments(document_id);
CREATE INDEX attachments_conversation ON attachments(conversation_id, message_id);
CREATE INDEX attachments_message ON attachments(message_id) WHERE message_id IS NOT NULL;
CREATE INDEX attachments_draft ON attachments(created_at) WHERE message_id IS NULL;
CREATE TRIGGER attachments_deleted AFTER DELETE ON attachments BEGIN
  DELETE FROM documents WHERE id = old.document_id AND characters <= 50000
    AND NOT EXISTS (SELECT 1 FROM attachments WHERE document_id = old.document_id);
  UPDATE documents SET sha256 = NULL, created_at = 0 WHERE id = old.document_id
    AND NOT EXISTS (SELECT 1 FROM attachments WHERE document_id = old.document_id);
END;
`;

const SEARCH = `
CREATE VIRTUAL TABLE document_parts_fts USING fts5(text, content = '', contentless_delete = 1, prefix = '3',
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'");
INSERT INTO document_parts_fts(document_parts_fts, rank) VALUES ('pgsz', 250);
CREATE TRIGGER document_parts_inserted AFTER INSERT ON document_parts BEGIN
  INSERT INTO document_parts_fts(rowid, text) SELECT new.id, search_text(CASE new.place
    WHEN 0 THEN (SELECT name FROM documents WHERE id = new.document_id) || char(10) || new.text
    ELSE new.text END);
END;
CREATE TRIGGER document_parts_deleted AFTER DELETE ON document_parts BEGIN
  DELETE FROM document_parts_fts WHERE rowid = old.id;
END;
`;

export const attachments: Migration = {
  version: 11,
  up: (db) => db.exec(TABLES + SEARCH),
};
