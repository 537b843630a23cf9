// Pairs of answers of which none is chosen yet. The answers themselves are messages like any other.
import { conversationSetup, type Comparison, type ConversationSetup } from '#contract/chat.ts';
import type { WriteDatabase } from './connection.ts';
import { readJson } from './json-column.ts';
import type { MessageRepository } from './message-repository.ts';

interface NewComparison {
  questionId: number;
  leftId: number;
  rightId: number;
  left: ConversationSetup;
  right: ConversationSetup;
}

interface ComparisonRow {
  questionId: number;
  leftId: number;
  rightId: number;
  leftSetup: string;
  rightSetup: string;
}

export class ComparisonRepository {
  readonly #messages: Pick<MessageRepository, 'get'>;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase, messages: Pick<MessageRepository, 'get'>) {
    this.#messages = messages;
    this.#statements = prepare(db);
  }

  /** Takes the place of an earlier one of the same question. */
  add({ left, right, ...ids }: NewComparison): void {
    const setups = { leftSetup: JSON.stringify(left), rightSetup: JSON.stringify(right) };
    this.#statements.add.run({ ...ids, ...setups });
  }

  /** The one that the branch ends with which is shown; null when there is none, or one of its answers is removed. */
  pending(conversationId: number): Comparison | null {
    const row = this.#statements.pending.get({ conversationId });
    if (!row) return null;
    const left = this.#side(row.leftId, row.leftSetup);
    const right = this.#side(row.rightId, row.rightSetup);
    return left && right && { questionId: row.questionId, left, right };
  }

  remove(questionId: number): void {
    this.#statements.remove.run({ questionId });
  }

  #side(answerId: number, setupText: string): Comparison['left'] | null {
    const answer = this.#messages.get(answerId);
    const setup = readJson(conversationSetup, setupText);
    return answer && setup && { answer, setup };
  }
}

function prepare(db: WriteDatabase) {
  return {
    add: db.command(`
      INSERT OR REPLACE INTO comparisons(question_id, left_id, right_id, left_setup, right_setup)
      VALUES (:questionId, :leftId, :rightId, :leftSetup, :rightSetup)`),
    pending: db.query<ComparisonRow>(`
      SELECT question_id AS questionId, left_id AS leftId, right_id AS rightId, left_setup AS leftSetup,
        right_setup AS rightSetup
      FROM conversations c JOIN messages m ON m.id = c.active_message_id
        JOIN comparisons p ON p.question_id = m.parent_id AND m.id IN (p.left_id, p.right_id)
      WHERE c.id = :conversationId`),
    remove: db.command('DELETE FROM comparisons WHERE question_id = :questionId'),
  };
}
