// Messages as a tree: each knows its parent; the branch that is shown ends in its conversation's active message.
import type { Attachment } from '#contract/attachment.ts';
import { answerStats, type Conversation, type ConversationSetup, type Message } from '#contract/chat.ts';
import { failure } from '#contract/common.ts';
import { AppError } from '#contract/errors.ts';
import {
  toAttachment,
  type AttachmentRepository,
  type Owner,
  type Passages,
} from './attachment-repository.ts';
import type { WriteDatabase } from './connection.ts';
import type { ConversationRepository } from './conversation-repository.ts';
import { readJson, writeJson } from './json-column.ts';
import { prepareMessageStatements, type MessageRow } from './message-statements.ts';

export type NewMessage = Omit<Message, 'id' | 'versions' | 'attachments'>;
export type FinishedAnswer = Pick<Message, 'text' | 'thought' | 'status' | 'failure' | 'stats'>;

export interface NewExchange {
  /** Null starts a conversation with `title`. */
  conversationId: number | null;
  title: string;
  /** How answers of a new conversation are to be. */
  setup?: ConversationSetup | undefined;
  text: string;
  /** Of the draft that this was. */
  attachmentIds?: readonly number[] | undefined;
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
  readonly #attachments: AttachmentRepository;
  readonly #statements: ReturnType<typeof prepareMessageStatements>;

  constructor(db: WriteDatabase, conversations: ConversationRepository, attachments: AttachmentRepository) {
    this.#db = db;
    this.#conversations = conversations;
    this.#attachments = attachments;
    this.#statements = prepareMessageStatements(db);
  }

  get(id: number): Message | null {
    const row = this.#statements.get.get({ id });
    return row ? this.#withVersions(row) : null;
  }

  /** The branch that is shown, oldest first. */
  activeBranch(conversationId: number): Message[] {
    const last = this.#conversations.activeMessageId(conversationId);
    return last === null ? [] : this.branchUpTo(last);
  }

  /** From the first message to this one, oldest first. */
  branchUpTo(messageId: number): Message[] {
    const rows = this.#statements.branch.all({ id: messageId });
    const conversationId = rows[0]?.conversationId;
    if (conversationId === undefined) return [];
    const forks = this.#statements.forks.all({ conversationId });
    const versions = new Map(forks.map(({ parentId, ids }) => [parentId, JSON.parse(ids) as number[]]));
    const attached = this.#attachments.ofConversation(conversationId);
    return rows.map((row) => ({
      ...toMessage(row, versions.get(row.parentId) ?? [row.id]),
      ...(attached.has(row.id) && { attachments: attached.get(row.id) ?? [] }),
    }));
  }

  /** The part of a branch that ends with this message, at most this long, oldest first. */
  branchPage(messageId: number, most: { messages: number; units: number }): Message[] {
    return this.#statements.page.all({ id: messageId, ...most }).map((row) => this.#withVersions(row));
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
      edited: message.edited ? 1 : 0,
      createdAt: message.createdAt,
    })?.id;
    if (id === undefined) throw new AppError('not-found', 'The message was not added');
    return { ...message, id, versions: this.#versionsAt(message) };
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
    return this.#withVersions(row);
  }

  /** At start: answers that a crash cut off become 'interrupted' and keep their text. Returns how many. */
  interruptUnfinished(): number {
    return this.#statements.interruptUnfinished.run();
  }

  /** In one transaction: the conversation if needed, the question, an empty answer with status 'generating', and
   * the active message moved to it. Throws `not-found` for a conversation that is gone. */
  startExchange({ conversationId, title, setup, text, attachmentIds = [], now }: NewExchange): Exchange {
    return this.#db.transaction(() => {
      const id =
        conversationId ?? this.#conversations.create({ title, titleSource: 'first-words', setup, now }).id;
      const parentId = this.#conversations.activeMessageId(id);
      const attach = (owner: Owner): Attachment[] => this.#attachments.send(attachmentIds, owner);
      return this.#startQuestion({ conversationId: id, parentId }, { text, attach }, now);
    });
  }

  /**
   * In one transaction: another version of a question, with what went along with it and an empty answer, made active.
   * `passages` are those chosen for it, one by one for its attachments. Throws `not-found`.
   */
  startVersion(
    questionId: number,
    text: string,
    now: number,
    passages: readonly (Passages | null)[] = [],
  ): Exchange {
    return this.#db.transaction(() => {
      const attach = (owner: Owner): Attachment[] => {
        const copies = this.#attachments.copy(questionId, owner, now);
        copies.forEach(({ id }, index) => {
          const chosen = passages[index];
          if (chosen) this.#attachments.keepPassages(id, chosen);
        });
        return copies;
      };
      return this.#startQuestion(this.#existing(questionId, 'user'), { text, attach }, now);
    });
  }

  /** In one transaction: an empty answer, made active, to a question or beside another answer. Throws `not-found`. */
  startAnswer(messageId: number, now: number): Exchange {
    return this.#db.transaction(() => {
      const asked = this.#existing(messageId);
      const question = asked.role === 'user' ? asked : this.#existing(asked.parentId, 'user');
      return this.#startExchangeOf(question, {}, now);
    });
  }

  /** In one transaction: a generating answer, made active, that begins as another one ends. Throws `not-found`. */
  startContinuation(answerId: number, now: number): Exchange {
    return this.#db.transaction(() => {
      const { parentId, text, thought } = this.#existing(answerId, 'answer');
      return this.#startExchangeOf(this.#existing(parentId, 'user'), { text, thought }, now);
    });
  }

  /** In one transaction: another version of an answer in the person's words, made active. Throws `not-found`. */
  addEditedAnswer(answerId: number, text: string, now: number): Message {
    return this.#db.transaction(() => {
      const { conversationId, parentId } = this.#existing(answerId, 'answer');
      const blank = emptyMessage({ conversationId, parentId }, now);
      const added = this.add({ ...blank, role: 'answer', status: 'complete', text, edited: true });
      this.#conversations.setActiveMessage(conversationId, added.id);
      return added;
    });
  }

  #startQuestion(place: Place, { text, attach }: Asked, now: number): Exchange {
    const question = this.add({ ...emptyMessage(place, now), role: 'user', status: 'complete', text });
    const attached = attach({ messageId: question.id, conversationId: question.conversationId });
    const asked = attached.length > 0 ? { ...question, attachments: attached } : question;
    return this.#startExchangeOf(asked, {}, now);
  }

  #startExchangeOf(question: Message, begun: Partial<NewMessage>, now: number): Exchange {
    const { id: parentId, conversationId } = question;
    const answer = this.add({ ...emptyMessage({ conversationId, parentId }, now), role: 'answer', ...begun });
    this.#conversations.setActiveMessage(conversationId, answer.id);
    return { conversation: this.#conversations.touch(conversationId, now), question, answer };
  }

  #existing(id: number | null, role?: Message['role']): Message {
    const found = id === null ? null : this.get(id);
    if (found && (role === undefined || found.role === role)) return found;
    throw new AppError('not-found', `There is no ${role ?? 'message'} ${id}`);
  }

  #withVersions(row: MessageRow): Message {
    const attached = row.role === 'user' ? this.#attachments.ofMessage(row.id).map(toAttachment) : [];
    const message = toMessage(row, this.#versionsAt(row));
    return attached.length > 0 ? { ...message, attachments: attached } : message;
  }

  #versionsAt({ conversationId, parentId }: Place): number[] {
    return this.#statements.versions.all({ conversationId, parentId }).map(({ id }) => id);
  }
}

/** A question, and how something goes along with it. */
interface Asked {
  text: string;
  attach: (owner: Owner) => Attachment[];
}

/** Where a message stands in the tree of its conversation. */
type Place = Pick<Message, 'conversationId' | 'parentId'>;

function emptyMessage(place: Place, now: number): Omit<NewMessage, 'role'> {
  const nothingYet = { text: '', thought: '', failure: null, stats: null, edited: false };
  const { conversationId, parentId } = place;
  return { ...nothingYet, conversationId, parentId, status: 'generating', createdAt: now };
}

function toMessage(row: MessageRow, versions: number[]): Message {
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
    edited: row.edited === 1,
    versions,
    createdAt: row.createdAt,
  };
}
