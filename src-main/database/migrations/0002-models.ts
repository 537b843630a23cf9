// What the Models place keeps: where files came from, how each model runs, measured speeds, the queue of downloads,
// the ledger of requests, encrypted secrets, and what was found out about the machine.
import type { Migration } from '../migrate.ts';

const TABLES = `
ALTER TABLE models ADD COLUMN size_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE models SET size_bytes = file_size;
ALTER TABLE models ADD COLUMN sha256 TEXT;
ALTER TABLE models ADD COLUMN origin TEXT;
ALTER TABLE models ADD COLUMN engine TEXT NOT NULL DEFAULT '{}';

CREATE TABLE speed_tests (
  model_id INTEGER NOT NULL REFERENCES models(id) ON DELETE CASCADE,
  backend TEXT NOT NULL,
  result TEXT NOT NULL,
  measured_at INTEGER NOT NULL,
  PRIMARY KEY (model_id, backend)
) STRICT;

CREATE TABLE downloads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  catalogue_id TEXT,
  accepted_licence TEXT,
  progress TEXT,
  state TEXT NOT NULL,
  failure TEXT,
  retry_at INTEGER,
  model_id INTEGER REFERENCES models(id) ON DELETE SET NULL,
  added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX downloads_model ON downloads(model_id);

CREATE TABLE network_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  method TEXT NOT NULL,
  host TEXT NOT NULL,
  status INTEGER,
  sent_bytes INTEGER NOT NULL,
  received_bytes INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX network_requests_started ON network_requests(started_at);

CREATE TABLE secrets (name TEXT PRIMARY KEY, encrypted BLOB NOT NULL) STRICT;

CREATE TABLE machine_reports (name TEXT PRIMARY KEY, report TEXT NOT NULL, made_at INTEGER NOT NULL) STRICT;
`;

export const models: Migration = { version: 2, up: (db) => db.exec(TABLES) };
