// Search over titles, messages and what goes along with them. Of very many matches the newest are ranked.
import type { SearchFilters, SearchHit } from '#contract/search.ts';
import type { Parameters, ReadDatabase } from './connection.ts';
import { CONVERSATION_COLUMNS, toConversation, type ConversationRow } from './conversation-repository.ts';
import { makeExcerpt } from './excerpt.ts';
import { queryWords, toMatchExpression } from './search-terms.ts';

/** Of more matches than this only the newest are ranked. */
const RANKED_MATCHES = 400;
/** How much of a message is looked through for its excerpt. */
const EXCERPT_FROM_CHARACTERS = 100_000;

interface MessageHit extends ConversationRow {
  messageId: number;
  role: 'user' | 'answer';
  modelName: string | null;
  at: number;
  text: string;
}

export class SearchRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: ReadDatabase) {
    this.#statements = prepare(db);
  }

  /** Titles first, then messages, each best first; nothing removed, archived or from the bin. Any text is a valid query. */
  search(query: string, limit: number, filters: SearchFilters = {}): SearchHit[] {
    const match = toMatchExpression(query);
    if (match === null) return [];
    const words = queryWords(query);
    const asked = { match, ...toParameters(filters) };
    const ofMessagesOnly = filters.role !== undefined || filters.modelName !== undefined;
    const titles = ofMessagesOnly ? [] : this.#titles({ ...asked, limit }, words);
    const left = limit - titles.length;
    if (left <= 0) return titles;
    const found = [...titles, ...this.#messages({ ...asked, limit: left }, words)];
    const rest = limit - found.length;
    return rest <= 0 ? found : [...found, ...this.#attachments({ ...asked, limit: rest }, words)];
  }

  #titles(asked: Parameters, words: readonly string[]): SearchHit[] {
    return this.#statements.titles.all(asked).map((row) => ({
      conversation: toConversation(row),
      messageId: null,
      role: null,
      modelName: null,
      at: row.updatedAt,
      excerpt: makeExcerpt(row.title, words),
    }));
  }

  #messages(asked: Parameters, words: readonly string[]): SearchHit[] {
    return this.#statements.messages.all(asked).map((row) => ({
      conversation: toConversation(row),
      messageId: row.messageId,
      role: row.role,
      modelName: row.modelName,
      at: row.at,
      excerpt: makeExcerpt(row.text, words),
    }));
  }

  #attachments(asked: Parameters, words: readonly string[]): SearchHit[] {
    return this.#statements.attachments.all(asked).map((row) => ({
      conversation: toConversation(row),
      messageId: row.messageId,
      role: row.role,
      modelName: null,
      at: row.at,
      attachmentName: row.name,
      excerpt: makeExcerpt(row.text, words),
    }));
  }
}

function toParameters({ from, before, role, modelName, presetId }: SearchFilters): Parameters {
  return {
    from: from ?? null,
    before: before ?? null,
    role: role ?? null,
    modelName: modelName ?? null,
    presetId: presetId ?? null,
  };
}

function prepare(db: ReadDatabase) {
  return {
    titles: db.query<ConversationRow>(`
      SELECT ${CONVERSATION_COLUMNS}
      FROM titles_fts CROSS JOIN conversations c ON c.id = titles_fts.rowid
      WHERE titles_fts MATCH :match AND c.deleted_at IS NULL AND c.archived = 0
        AND (:from IS NULL OR c.updated_at >= :from) AND (:before IS NULL OR c.updated_at < :before)
        AND (:presetId IS NULL OR c.preset_id = :presetId)
      ORDER BY bm25(titles_fts), c.updated_at DESC LIMIT :limit`),
    messages: db.query<MessageHit>(`
      WITH newest AS MATERIALIZED (
        SELECT m.id, m.conversation_id, bm25(messages_fts) AS score
        FROM messages_fts CROSS JOIN messages m ON m.id = messages_fts.rowid
        CROSS JOIN conversations c ON c.id = m.conversation_id
        WHERE messages_fts MATCH :match AND c.deleted_at IS NULL AND c.archived = 0 AND m.removed_at IS NULL
          AND (:from IS NULL OR m.created_at >= :from) AND (:before IS NULL OR m.created_at < :before)
          AND (:role IS NULL OR m.role = :role)
          AND (:modelName IS NULL OR m.stats ->> 'modelName' = :modelName)
          AND (:presetId IS NULL OR c.preset_id = :presetId)
        ORDER BY messages_fts.rowid DESC LIMIT ${RANKED_MATCHES}
      ), best AS MATERIALIZED (SELECT * FROM newest ORDER BY score, id DESC LIMIT :limit)
      SELECT ${CONVERSATION_COLUMNS}, best.id AS messageId, m.role, m.stats ->> 'modelName' AS modelName,
        m.created_at AS at, substr(m.text, 1, ${EXCERPT_FROM_CHARACTERS}) AS text
      FROM best JOIN messages m ON m.id = best.id JOIN conversations c ON c.id = best.conversation_id
      ORDER BY best.score, best.id DESC`),
    // A document that several messages have is found with the newest of them.
    attachments: db.query<MessageHit & { name: string }>(`
      WITH newest AS MATERIALIZED (
        SELECT rowid AS id, bm25(document_parts_fts) AS score FROM document_parts_fts
        WHERE document_parts_fts MATCH :match ORDER BY rowid DESC LIMIT ${RANKED_MATCHES}
      ), best AS MATERIALIZED (
        SELECT part.document_id, min(newest.score) AS score, newest.id AS part_id
        FROM newest JOIN document_parts part ON part.id = newest.id GROUP BY part.document_id
      ), attached AS MATERIALIZED (
        SELECT best.*, max(m.id) AS message_id FROM best JOIN attachments a ON a.document_id = best.document_id
        JOIN messages m ON m.id = a.message_id JOIN conversations c ON c.id = m.conversation_id
        WHERE c.deleted_at IS NULL AND c.archived = 0 AND m.removed_at IS NULL
          AND (:from IS NULL OR m.created_at >= :from) AND (:before IS NULL OR m.created_at < :before)
          AND (:role IS NULL OR m.role = :role) AND :modelName IS NULL
          AND (:presetId IS NULL OR c.preset_id = :presetId)
        GROUP BY best.document_id ORDER BY best.score, message_id DESC LIMIT :limit
      )
      SELECT ${CONVERSATION_COLUMNS}, m.id AS messageId, m.role, m.created_at AS at, d.name,
        CASE part.place WHEN 0 THEN d.name || char(10) ELSE '' END || part.text AS text
      FROM attached JOIN document_parts part ON part.id = attached.part_id
      JOIN documents d ON d.id = attached.document_id
      JOIN messages m ON m.id = attached.message_id JOIN conversations c ON c.id = m.conversation_id
      ORDER BY attached.score, m.id DESC`),
  };
}
