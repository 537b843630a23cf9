// Messages as a tree: each knows its parent; the branch that is shown ends in its conversation's active message.
import { answerStats, type Conversation, type Message } from '#contract/chat.ts';
import { failure } from '#contract/common.ts';
import { AppError } from '#contract/errors.ts';
import type { WriteDatabase } from './connection.ts';
import type { ConversationRepository } from './conversation-repository.ts';
import { readJson, writeJson } from './json-column.ts';
import { prepareMessageStatements, type MessageRow } from './message-statements.ts';

export type NewMessage = Omit<Message, 'id'>;
export type FinishedAnswer = Pick<Message, 'text' | 'thought' | 'status' | 'failure' | 'stats'>;

export interface NewExchange {
  /** Null starts a conversation with `title`. */
  conversationId: number | null;
  title: string;
  text: string;
  now: number;
}

export interface Exchange {
  conversation: Conversation;
  question: Message;
  answer: Message;
}

export class MessageRepository {
  readonly #db: WriteDatabase;
  readonly #conversations: ConversationRepository;
  readonly #statements: ReturnType<typeof prepareMessageStatements>;

  constructor(db: WriteDatabase, conversations: ConversationRepository) {
    this.#db = db;
    this.#conversations = conversations;
    this.#statements = prepareMessageStatements(db);
  }

  get(id: number): Message | null {
    const row = this.#statements.get.get({ id });
    return row ? toMessage(row) : null;
  }

  /** The branch that is shown, oldest first. */
  activeBranch(conversationId: number): Message[] {
    const last = this.#conversations.activeMessageId(conversationId);
    return last === null ? [] : this.branchUpTo(last);
  }

  /** From the first message to this one, oldest first. */
  branchUpTo(messageId: number): Message[] {
    return this.#statements.branch.all({ id: messageId }).map(toMessage);
  }

  add(message: NewMessage): Message {
    const id = this.#statements.add.get({
      conversationId: message.conversationId,
      parentId: message.parentId,
      role: message.role,
      text: message.text,
      thought: message.thought,
      status: message.status,
      failure: writeJson(message.failure),
      stats: writeJson(message.stats),
      createdAt: message.createdAt,
    })?.id;
    if (id === undefined) throw new AppError('not-found', 'The message was not added');
    return { ...message, id };
  }

  /** Keeps what is written so far. Without effect once the answer is finished. */
  saveProgress(id: number, { text, thought }: Pick<Message, 'text' | 'thought'>): void {
    this.#statements.saveProgress.run({ id, text, thought });
  }

  /** Writes the answer's end and makes it searchable. Throws `not-found`. */
  finish(id: number, answer: FinishedAnswer): Message {
    const row = this.#statements.finish.get({
      id,
      text: answer.text,
      thought: answer.thought,
      status: answer.status,
      failure: writeJson(answer.failure),
      stats: writeJson(answer.stats),
    });
    if (!row) throw new AppError('not-found', `No message ${id}`);
    return toMessage(row);
  }

  /** At start: answers that a crash cut off become 'interrupted' and keep their text. Returns how many. */
  interruptUnfinished(): number {
    return this.#statements.interruptUnfinished.run();
  }

  /** In one transaction: the conversation if needed, the question, an empty answer with status 'generating', and
   * the active message moved to it. Throws `not-found` for a conversation that is gone. */
  startExchange({ conversationId, title, text, now }: NewExchange): Exchange {
    return this.#db.transaction(() => {
      const id = conversationId ?? this.#conversations.create({ title, titleSource: 'first-words', now }).id;
      const parentId = this.#conversations.activeMessageId(id);
      const question = this.add({
        ...emptyMessage(id, parentId, now),
        role: 'user',
        status: 'complete',
        text,
      });
      const answer = this.#startAnswer(id, question.id, now);
      return { conversation: this.#conversations.touch(id, now), question, answer };
    });
  }

  /** In one transaction: another empty, generating answer to the same question, made active.
   * Throws `not-found` when there is no such answer. */
  startSibling(answerId: number, now: number): Exchange {
    return this.#db.transaction(() => {
      const sibling = this.get(answerId);
      const question = sibling?.parentId ? this.get(sibling.parentId) : null;
      if (sibling?.role !== 'answer' || !question) throw new AppError('not-found', `No answer ${answerId}`);
      const answer = this.#startAnswer(question.conversationId, question.id, now);
      return { conversation: this.#conversations.touch(question.conversationId, now), question, answer };
    });
  }

  #startAnswer(conversationId: number, questionId: number, now: number): Message {
    const answer = this.add({ ...emptyMessage(conversationId, questionId, now), role: 'answer' });
    this.#conversations.setActiveMessage(conversationId, answer.id);
    return answer;
  }
}

function emptyMessage(
  conversationId: number,
  parentId: number | null,
  now: number,
): Omit<NewMessage, 'role'> {
  const nothingYet = { text: '', thought: '', failure: null, stats: null };
  return { ...nothingYet, conversationId, parentId, status: 'generating', createdAt: now };
}

function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    conversationId: row.conversationId,
    parentId: row.parentId,
    role: row.role as Message['role'],
    text: row.text,
    thought: row.thought,
    status: row.status as Message['status'],
    failure: readJson(failure, row.failure),
    stats: readJson(answerStats, row.stats),
    createdAt: row.createdAt,
  };
}
