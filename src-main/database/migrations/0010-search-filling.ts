// How far the search index is filled, when it is made anew over what was written before: from the newest message
// down, in steps, after the app has started. A row is there until all below its `below` is in the index.
import type { Migration } from '../migrate.ts';

// An index that is empty beside messages was just made by step 6; otherwise it was filled when it was made.
const PENDING = `NOT EXISTS (SELECT 1 FROM messages_fts_docsize)`;

export const searchFilling: Migration = {
  version: 10,
  up: (db) =>
    db.exec(`
      CREATE TABLE search_filling (part TEXT PRIMARY KEY, below INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
      INSERT INTO search_filling
        SELECT 'titles', max(id) + 1, max(id) FROM conversations WHERE ${PENDING} HAVING max(id) IS NOT NULL;
      INSERT INTO search_filling
        SELECT 'messages', max(id) + 1, max(id) FROM messages WHERE ${PENDING} HAVING max(id) IS NOT NULL;
    `),
};
