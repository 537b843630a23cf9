// Presets, and what a conversation has of its own. Ids below 1000 are those of presets that are shipped with the app.
import type { Migration } from '../migrate.ts';

export const presets: Migration = {
  version: 4,
  up: (db) =>
    db.exec(`
      CREATE TABLE presets (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, settings TEXT NOT NULL) STRICT;
      INSERT INTO sqlite_sequence(name, seq) VALUES ('presets', 999);
      ALTER TABLE conversations ADD COLUMN preset_id INTEGER;
      ALTER TABLE conversations ADD COLUMN settings TEXT;
    `),
};
