// Search in languages that write without spaces, and as one types. The index holds what `search_text` makes of a text
// (search-text.ts) and not the text itself. Marks are part of a word, as Hindi and Thai need it. Beginnings of three
// letters have an index of their own: collecting every word that begins so would take longer than a key press. What was
// written before enters it after the start (0010-search-filling.ts).
import type { Migration } from '../migrate.ts';

const WORDS = `content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'"`;

const DROP =
  ['messages', 'titles'].map((name) => `DROP TABLE ${name}_fts;`).join('\n') +
  [
    'messages_inserted',
    'messages_deleted',
    'messages_finished',
    'messages_reopened',
    'messages_edited',
    'conversations_inserted',
    'conversations_deleted',
    'conversations_renamed',
  ]
    .map((name) => `DROP TRIGGER ${name};`)
    .join('\n');

const MESSAGES = `
CREATE VIRTUAL TABLE messages_fts USING fts5(text, prefix = '3', ${WORDS});
INSERT INTO messages_fts(messages_fts, rank) VALUES ('pgsz', 250);
CREATE TRIGGER messages_inserted AFTER INSERT ON messages WHEN new.status <> 'generating' BEGIN
  INSERT INTO messages_fts(rowid, text) VALUES (new.id, search_text(new.text));
END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages WHEN old.status <> 'generating' BEGIN
  DELETE FROM messages_fts WHERE rowid = old.id;
END;
CREATE TRIGGER messages_finished AFTER UPDATE OF text, status ON messages
WHEN old.status = 'generating' AND new.status <> 'generating' BEGIN
  INSERT INTO messages_fts(rowid, text) VALUES (new.id, search_text(new.text));
END;
CREATE TRIGGER messages_reopened AFTER UPDATE OF text, status ON messages
WHEN old.status <> 'generating' AND new.status = 'generating' BEGIN
  DELETE FROM messages_fts WHERE rowid = old.id;
END;
CREATE TRIGGER messages_edited AFTER UPDATE OF text, status ON messages
WHEN old.status <> 'generating' AND new.status <> 'generating' AND old.text IS NOT new.text BEGIN
  DELETE FROM messages_fts WHERE rowid = old.id;
  INSERT INTO messages_fts(rowid, text) VALUES (new.id, search_text(new.text));
END;
`;

const TITLES = `
CREATE VIRTUAL TABLE titles_fts USING fts5(title, ${WORDS});
CREATE TRIGGER conversations_inserted AFTER INSERT ON conversations BEGIN
  INSERT INTO titles_fts(rowid, title) VALUES (new.id, search_text(new.title));
END;
CREATE TRIGGER conversations_deleted AFTER DELETE ON conversations BEGIN
  DELETE FROM titles_fts WHERE rowid = old.id;
END;
CREATE TRIGGER conversations_renamed AFTER UPDATE OF title ON conversations WHEN old.title IS NOT new.title BEGIN
  DELETE FROM titles_fts WHERE rowid = old.id;
  INSERT INTO titles_fts(rowid, title) VALUES (new.id, search_text(new.title));
END;
`;

export const search: Migration = {
  version: 6,
  up: (db) => db.exec(DROP + MESSAGES + TITLES),
};
