// The library: documents with their text in blocks, divided into passages that are found by their words. A document's
// text is its blocks, one line break between two; positions count UTF-16 code units, as JavaScript does.
import type { Migration } from '../migrate.ts';

const LIBRARY = `
CREATE TABLE collections (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE UNIQUE, folder TEXT
) STRICT;

CREATE TABLE library_documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  -- 1: a person gave it, and reading the file again does not change it.
  titled INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL,
  format TEXT,
  size_bytes INTEGER NOT NULL,
  pages INTEGER,
  characters INTEGER NOT NULL DEFAULT 0,
  words INTEGER NOT NULL DEFAULT 0,
  language TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'reading', 'ready', 'failed')),
  failure TEXT,
  notes TEXT NOT NULL DEFAULT '[]',
  -- Where a person keeps the file; what came otherwise lies in the data folder until it is read.
  path TEXT,
  upload TEXT,
  modified_at INTEGER,
  added_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE INDEX library_documents_path ON library_documents(path) WHERE path IS NOT NULL;

CREATE TABLE collection_documents (
  collection_id INTEGER NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
  document_id INTEGER NOT NULL REFERENCES library_documents(id) ON DELETE CASCADE,
  PRIMARY KEY (collection_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_documents_document ON collection_documents(document_id);
`;

const TEXTS = `
CREATE TABLE library_blocks (
  document_id INTEGER NOT NULL REFERENCES library_documents(id) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  finish INTEGER NOT NULL,
  kind TEXT NOT NULL,
  level INTEGER,
  page INTEGER,
  text TEXT NOT NULL,
  PRIMARY KEY (document_id, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX library_headings ON library_blocks(document_id, start) WHERE kind = 'heading';

CREATE TABLE passages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES library_documents(id) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  finish INTEGER NOT NULL,
  headings TEXT NOT NULL,
  page INTEGER
) STRICT;
CREATE INDEX passages_document ON passages(document_id, start);
CREATE VIRTUAL TABLE passages_fts USING fts5(
  headings, text, content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
);
CREATE TRIGGER passages_deleted AFTER DELETE ON passages BEGIN
  DELETE FROM passages_fts WHERE rowid = old.id;
END;
`;

export const library: Migration = {
  version: 13,
  up: (db) => db.exec(LIBRARY + TEXTS),
};
