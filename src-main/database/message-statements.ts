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
  createdAt: number;
}

const COLUMNS = `id, conversation_id AS conversationId, parent_id AS parentId, role, text, thought, status, failure,
  stats, created_at AS createdAt`;

export function prepareMessageStatements(db: WriteDatabase) {
  return {
    get: db.query<MessageRow>(`SELECT ${COLUMNS} FROM messages WHERE id = :id`),
    // A parent is always older than its child, so the order of ids is the order of the branch.
    branch: db.query<MessageRow>(`
      WITH RECURSIVE branch(id, parent_id) AS (
        SELECT id, parent_id FROM messages WHERE id = :id
        UNION ALL
        SELECT parent.id, parent.parent_id FROM branch JOIN messages parent ON parent.id = branch.parent_id
      )
      SELECT ${COLUMNS} FROM messages WHERE id IN (SELECT id FROM branch) ORDER BY id`),
    add: db.command<{ id: number }>(`
      INSERT INTO messages(conversation_id, parent_id, role, text, thought, status, failure, stats, created_at)
      VALUES (:conversationId, :parentId, :role, :text, :thought, :status, :failure, :stats, :createdAt)
      RETURNING id`),
    saveProgress: db.command(
      `UPDATE messages SET text = :text, thought = :thought WHERE id = :id AND status = 'generating'`,
    ),
    finish: db.command<MessageRow>(`
      UPDATE messages SET text = :text, thought = :thought, status = :status, failure = :failure, stats = :stats
      WHERE id = :id RETURNING ${COLUMNS}`),
    interruptUnfinished: db.command(`UPDATE messages SET status = 'interrupted' WHERE status = 'generating'`),
  };
}
