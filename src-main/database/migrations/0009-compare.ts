// The model that a conversation has of its own, and pairs of answers of which none is chosen yet.
import type { Migration } from '../migrate.ts';

export const compare: Migration = {
  version: 9,
  up: (db) =>
    db.exec(`
      ALTER TABLE conversations ADD COLUMN model_id INTEGER;
      CREATE TABLE comparisons (
        question_id INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
        left_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        right_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        left_setup TEXT NOT NULL,
        right_setup TEXT NOT NULL
      ) STRICT;
      CREATE INDEX comparisons_left ON comparisons(left_id);
      CREATE INDEX comparisons_right ON comparisons(right_id);
    `),
};
