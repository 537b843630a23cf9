// The statements of the message repository.
import type { WriteDatabase } from './connection.ts';

export interface MessageRow {
  id: number;
  conversationId: number;
  parentId: number | null;
  role: string;
  text: string;
  thought: string;
  status: string;
  failure: string | null;
  stats: string | null;
  edited: number;
  createdAt: number;
}

/** The columns of a MessageRow. */
export const MESSAGE_COLUMNS = `id, conversation_id AS conversationId, parent_id AS parentId, role, text, thought, status, failure,
  stats, edited, created_at AS createdAt`;

export function prepareMessageStatements(db: WriteDatabase) {
  return {
    get: db.query<MessageRow>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE id = :id AND removed_at IS NULL`,
    ),
    // A parent is always older than its child, so the order of ids is the order of the branch.
    branch: db.query<MessageRow>(`
      WITH RECURSIVE branch(id, parent_id) AS (
        SELECT id, parent_id FROM messages WHERE id = :id
        UNION ALL
        SELECT parent.id, parent.parent_id FROM branch JOIN messages parent ON parent.id = branch.parent_id
      )
      SELECT ${MESSAGE_COLUMNS} FROM messages WHERE id IN (SELECT id FROM branch) ORDER BY id`),
    // Upwards until there are enough messages or enough text; the first one always comes.
    page: db.query<MessageRow>(`
      WITH RECURSIVE branch(id, parent_id, place, units) AS (
        SELECT id, parent_id, 1, length(text) + length(thought) FROM messages WHERE id = :id
        UNION ALL
        SELECT parent.id, parent.parent_id, place + 1, units + length(parent.text) + length(parent.thought)
        FROM branch JOIN messages parent ON parent.id = branch.parent_id
        WHERE place < :messages AND units < :units
      )
      SELECT ${MESSAGE_COLUMNS} FROM messages WHERE id IN (SELECT id FROM branch) ORDER BY id`),
    versions: db.query<{ id: number }>(`
      SELECT id FROM messages
      WHERE conversation_id = :conversationId AND parent_id IS :parentId AND removed_at IS NULL ORDER BY id`),
    // Only places where more than one message stands.
    forks: db.query<{ parentId: number | null; ids: string }>(`
      SELECT parent_id AS parentId, json_group_array(id) AS ids FROM messages
      WHERE conversation_id = :conversationId AND removed_at IS NULL GROUP BY parent_id HAVING count(*) > 1`),
    add: db.command<{ id: number }>(`
      INSERT INTO messages(
        conversation_id, parent_id, role, text, thought, status, failure, stats, edited, created_at
      ) VALUES (
        :conversationId, :parentId, :role, :text, :thought, :status, :failure, :stats, :edited, :createdAt
      ) RETURNING id`),
    saveProgress: db.command(
      `UPDATE messages SET text = :text, thought = :thought WHERE id = :id AND status = 'generating'`,
    ),
    finish: db.command<MessageRow>(`
      UPDATE messages SET text = :text, thought = :thought, status = :status, failure = :failure, stats = :stats
      WHERE id = :id RETURNING ${MESSAGE_COLUMNS}`),
    interruptUnfinished: db.command(`UPDATE messages SET status = 'interrupted' WHERE status = 'generating'`),
  };
}
