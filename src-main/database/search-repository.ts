// Search over messages and titles. Of very many matches the newest are ranked.
import type { SearchHit } from '#contract/chat.ts';
import type { ReadDatabase } from './connection.ts';
import { CONVERSATION_COLUMNS, toConversation, type ConversationRow } from './conversation-repository.ts';
import { cleanQuery, needsScan, toMatchExpression } from './search-terms.ts';

const MARK_START = '\u{E000}';
const MARK_END = '\u{E001}';
const EXCERPT_WORDS = 16;
const EXCERPT_CHARACTERS = 80;
/** Of more matches than this only the newest are ranked. */
const RANKED_MATCHES = 400;
/** Messages that a search without words looks through, newest first. */
const SCANNED_MESSAGES = 1000;

type Hit = ConversationRow & { messageId: number };

export class SearchRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: ReadDatabase) {
    this.#statements = prepare(db);
  }

  /** Titles first, then messages, each best first; nothing from the bin. Any text is a valid query. */
  search(query: string, limit: number): SearchHit[] {
    const match = toMatchExpression(query);
    const titles = match === null ? [] : this.#titles(match, limit);
    const messages = match === null ? [] : this.#messages(match, limit - titles.length);
    const found = [...titles, ...messages];
    return found.length === 0 && needsScan(query) ? this.#scan(cleanQuery(query), limit) : found;
  }

  #titles(match: string, limit: number): SearchHit[] {
    return this.#statements.titles.all({ match, limit }).map((row) => ({
      conversation: toConversation(row),
      messageId: null,
      excerpt: row.excerpt,
    }));
  }

  #messages(match: string, limit: number): SearchHit[] {
    if (limit <= 0) return [];
    return this.#statements.messages.all({ match, limit }).map((row) => ({
      conversation: toConversation(row),
      messageId: row.messageId,
      excerpt: this.#statements.excerpt.get({ match, id: row.messageId })?.excerpt ?? '',
    }));
  }

  #scan(text: string, limit: number): SearchHit[] {
    return this.#statements.scan.all({ text, limit }).map((row) => ({
      conversation: toConversation(row),
      messageId: row.messageId,
      excerpt: markFirst(row.excerpt, text),
    }));
  }
}

function markFirst(excerpt: string, text: string): string {
  const line = excerpt.replace(/\s+/gu, ' ');
  const at = line.indexOf(text);
  if (at < 0) return line;
  return `${line.slice(0, at)}${MARK_START}${text}${MARK_END}${line.slice(at + text.length)}`;
}

function prepare(db: ReadDatabase) {
  const marks = `'${MARK_START}', '${MARK_END}', '…', ${EXCERPT_WORDS}`;
  return {
    titles: db.query<ConversationRow & { excerpt: string }>(`
      SELECT ${CONVERSATION_COLUMNS}, snippet(titles_fts, 0, ${marks}) AS excerpt
      FROM titles_fts CROSS JOIN conversations c ON c.id = titles_fts.rowid
      WHERE titles_fts MATCH :match AND c.deleted_at IS NULL
      ORDER BY bm25(titles_fts), c.updated_at DESC LIMIT :limit`),
    messages: db.query<Hit>(`
      WITH newest AS MATERIALIZED (
        SELECT m.id, m.conversation_id, bm25(messages_fts) AS score
        FROM messages_fts CROSS JOIN messages m ON m.id = messages_fts.rowid
        CROSS JOIN conversations c ON c.id = m.conversation_id
        WHERE messages_fts MATCH :match AND c.deleted_at IS NULL AND m.removed_at IS NULL
        ORDER BY messages_fts.rowid DESC LIMIT ${RANKED_MATCHES}
      ), best AS MATERIALIZED (SELECT * FROM newest ORDER BY score, id DESC LIMIT :limit)
      SELECT ${CONVERSATION_COLUMNS}, best.id AS messageId
      FROM best JOIN conversations c ON c.id = best.conversation_id ORDER BY best.score, best.id DESC`),
    excerpt: db.query<{ excerpt: string }>(`
      SELECT snippet(messages_fts, 0, ${marks}) AS excerpt FROM messages_fts
      WHERE messages_fts MATCH :match AND rowid = CAST(:id AS INTEGER)`),
    scan: db.query<Hit & { excerpt: string }>(`
      WITH recent AS MATERIALIZED (
        SELECT id, conversation_id, text FROM messages WHERE removed_at IS NULL ORDER BY id DESC LIMIT ${SCANNED_MESSAGES}
      )
      SELECT ${CONVERSATION_COLUMNS}, recent.id AS messageId,
        substr(recent.text, max(1, instr(recent.text, :text) - ${EXCERPT_CHARACTERS / 2}),
          ${EXCERPT_CHARACTERS} + length(:text)) AS excerpt
      FROM recent CROSS JOIN conversations c ON c.id = recent.conversation_id
      WHERE instr(recent.text, :text) > 0 AND c.deleted_at IS NULL ORDER BY recent.id DESC LIMIT :limit`),
  };
}
