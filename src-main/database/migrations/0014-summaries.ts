// Summaries with everything that is done of them, so that one that was stopped or interrupted goes on where it was.
import type { Migration } from '../migrate.ts';

const SUMMARIES = `
CREATE TABLE summaries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'interrupted', 'complete', 'failed')),
  failure TEXT,
  step TEXT,
  -- sha256 of the texts that the sections were planned for; null before that.
  fingerprint TEXT,
  -- Lines as they were first written and how many of them are in their language and level; null before that.
  draft TEXT,
  lines TEXT NOT NULL DEFAULT '[]',
  model_name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE summary_documents (
  summary_id INTEGER NOT NULL REFERENCES summaries(id) ON DELETE CASCADE,
  document_id INTEGER NOT NULL REFERENCES library_documents(id) ON DELETE CASCADE,
  PRIMARY KEY (summary_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX summary_documents_document ON summary_documents(document_id);
CREATE TRIGGER summary_without_documents AFTER DELETE ON summary_documents BEGIN
  DELETE FROM summaries WHERE id = old.summary_id
    AND NOT EXISTS (SELECT 1 FROM summary_documents WHERE summary_id = old.summary_id);
END;

CREATE TABLE summary_sections (
  summary_id INTEGER NOT NULL REFERENCES summaries(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  document_id INTEGER NOT NULL,
  start INTEGER NOT NULL,
  finish INTEGER NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  facts TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (summary_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE summary_merges (
  summary_id INTEGER NOT NULL REFERENCES summaries(id) ON DELETE CASCADE,
  -- sha256 of what was merged.
  key TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (summary_id, key)
) STRICT, WITHOUT ROWID;
`;

export const summaries: Migration = {
  version: 14,
  up: (db) => db.exec(SUMMARIES),
};
