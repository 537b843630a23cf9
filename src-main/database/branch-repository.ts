// The tree that the messages of a conversation make: which branch is shown, which are removed, and copies of one.
import type { BranchNode } from '#contract/branches.ts';
import { AppError } from '#contract/errors.ts';
import type { WriteDatabase } from './connection.ts';
import type { ConversationRepository } from './conversation-repository.ts';

/** Characters of a message that its node in the tree shows. */
const EXCERPT_LENGTH = 120;

interface Standing {
  conversationId: number;
  parentId: number | null;
  removedAt: number | null;
}

export class BranchRepository {
  readonly #db: WriteDatabase;
  readonly #conversations: ConversationRepository;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase, conversations: ConversationRepository) {
    this.#db = db;
    this.#conversations = conversations;
    this.#statements = prepare(db);
  }

  /** Which conversation a message belongs to, also a removed one. Throws `not-found`. */
  conversationOf(messageId: number): number {
    return this.#standing(messageId).conversationId;
  }

  /** Every message that is not removed, oldest first. */
  tree(conversationId: number): BranchNode[] {
    return this.#statements.tree.all({ conversationId });
  }

  /** Shows the branch through this message, as far as it was last written. Throws `not-found`. */
  show(messageId: number): void {
    const { conversationId, removedAt } = this.#standing(messageId);
    if (removedAt !== null) throw new AppError('not-found', `Message ${messageId} is removed`);
    this.#conversations.setActiveMessage(conversationId, this.#endOf(messageId));
  }

  /**
   * Removes a message and everything after it. If it was shown, the version next to it is shown instead, or what came
   * before it. Throws `not-found`.
   */
  remove(messageId: number, now: number): void {
    this.#db.transaction(() => {
      const { conversationId, parentId, removedAt } = this.#standing(messageId);
      if (removedAt !== null) return;
      const { activeIsBelow } = this.#statements.activeIsBelow.get({ id: messageId, conversationId }) ?? {};
      this.#statements.remove.run({ id: messageId, now });
      if (!activeIsBelow) return;
      const beside = this.#statements.beside.get({ id: messageId, conversationId, parentId })?.id;
      const next = beside === undefined ? parentId : this.#endOf(beside);
      this.#conversations.setActiveMessage(conversationId, next);
    });
  }

  /** Brings back what `remove` took, and shows it. Throws `not-found`. */
  restore(messageId: number): void {
    this.#db.transaction(() => {
      const { removedAt } = this.#standing(messageId);
      if (removedAt !== null) this.#statements.restore.run({ id: messageId, removedAt });
      this.show(messageId);
    });
  }

  /** Copies one message, with what goes along with it, to another conversation, below `parentId`. Returns the copy's id. Throws `not-found`. */
  copy(messageId: number, conversationId: number, parentId: number | null): number {
    const copied = this.#statements.copy.get({ id: messageId, conversationId, parentId });
    if (!copied) throw new AppError('not-found', `There is no message ${messageId}`);
    this.#statements.copyAttachments.run({ id: messageId, conversationId, copyId: copied.id });
    return copied.id;
  }

  #standing(messageId: number): Standing {
    const found = this.#statements.standing.get({ id: messageId });
    if (!found) throw new AppError('not-found', `There is no message ${messageId}`);
    return found;
  }

  #endOf(messageId: number): number {
    return this.#statements.end.get({ id: messageId })?.id ?? messageId;
  }
}

/** The messages from one on, in all directions, as the table `below`. */
const BELOW = `WITH RECURSIVE below(id) AS (
  SELECT :id UNION ALL SELECT child.id FROM below JOIN messages child ON child.parent_id = below.id
)`;

function prepare(db: WriteDatabase) {
  return {
    standing: db.query<Standing>(`
      SELECT conversation_id AS conversationId, parent_id AS parentId, removed_at AS removedAt
      FROM messages WHERE id = :id`),
    tree: db.query<BranchNode>(`
      SELECT id, parent_id AS parentId, role, status, substr(text, 1, ${EXCERPT_LENGTH}) AS excerpt,
        created_at AS createdAt
      FROM messages WHERE conversation_id = :conversationId AND removed_at IS NULL ORDER BY id`),
    // Children are younger than their parents, so the youngest of all ends a branch.
    end: db.query<{ id: number }>(
      `${BELOW} SELECT max(m.id) AS id FROM below JOIN messages m ON m.id = below.id WHERE m.removed_at IS NULL`,
    ),
    activeIsBelow: db.query<{ activeIsBelow: number }>(`${BELOW}
      SELECT EXISTS (
        SELECT 1 FROM conversations c JOIN below ON below.id = c.active_message_id WHERE c.id = :conversationId
      ) AS activeIsBelow`),
    beside: db.query<{ id: number }>(`
      SELECT id FROM messages
      WHERE conversation_id = :conversationId AND parent_id IS :parentId AND removed_at IS NULL
      ORDER BY id > :id, abs(id - :id) LIMIT 1`),
    remove: db.command(
      `${BELOW} UPDATE messages SET removed_at = :now WHERE id IN (SELECT id FROM below) AND removed_at IS NULL`,
    ),
    restore: db.command(
      `${BELOW} UPDATE messages SET removed_at = NULL WHERE id IN (SELECT id FROM below) AND removed_at = :removedAt`,
    ),
    copy: db.command<{ id: number }>(`
      INSERT INTO messages(
        conversation_id, parent_id, role, text, thought, status, failure, stats, edited, created_at
      )
      SELECT :conversationId, :parentId, role, text, thought, status, failure, stats, edited, created_at
      FROM messages WHERE id = :id RETURNING id`),
    copyAttachments: db.command(`
      INSERT INTO attachments(
        document_id, conversation_id, message_id, use, limit_characters, tokens, given_tokens, until, passages, created_at
      )
      SELECT document_id, :conversationId, :copyId, use, limit_characters, tokens, given_tokens, until, passages, created_at
      FROM attachments WHERE message_id = :id ORDER BY id`),
  };
}
