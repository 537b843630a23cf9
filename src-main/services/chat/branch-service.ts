// Finding one's way in the tree of a conversation: which branch is shown, removing one and bringing it back, and
// going on with one in a conversation of its own. Never while an answer is being written in it.
import { setImmediate as breathe } from 'node:timers/promises';
import type { BranchNode } from '#contract/branches.ts';
import type { Conversation, OpenConversation } from '#contract/chat.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { TalkDatabase } from '../../database/temporary-database.ts';
import type { ChatService } from './chat-service.ts';
import { copyNotes } from './copy-notes.ts';
import { checkText } from './message-text.ts';

/** Messages that are copied in one go: the host thread must not be away for longer. */
const COPIED_AT_ONCE = 20;

interface BranchOptions {
  database: AppDatabase;
  chat: Pick<ChatService, 'open' | 'checkFree' | 'saved'>;
  now: () => number;
}

export class BranchService {
  readonly #options: BranchOptions;

  constructor(options: BranchOptions) {
    this.#options = options;
  }

  tree(conversationId: number): BranchNode[] {
    return this.#options.database.holding(conversationId).branches.tree(conversationId);
  }

  /** @throws AppError not-found, conversation-busy */
  show(messageId: number): OpenConversation {
    return this.#change(messageId, ({ branches }) => branches.show(messageId));
  }

  /** @throws AppError not-found, conversation-busy, message-empty, message-too-long */
  rewrite(answerId: number, text: string): OpenConversation {
    checkText(text);
    const { now } = this.#options;
    return this.#change(answerId, ({ messages }) => messages.addEditedAnswer(answerId, text, now()));
  }

  /** @throws AppError not-found, conversation-busy */
  remove(messageId: number): OpenConversation {
    const { now } = this.#options;
    return this.#change(messageId, ({ branches }) => branches.remove(messageId, now()));
  }

  /** @throws AppError not-found, conversation-busy */
  restore(messageId: number): OpenConversation {
    return this.#change(messageId, ({ branches }) => branches.restore(messageId));
  }

  /**
   * A copy of the branch up to this message as a conversation of its own, with the notes that apply on it. It lies in the bin until it is complete: a
   * crash leaves no half one in the list.
   * @throws AppError not-found
   */
  async fork(messageId: number): Promise<Conversation> {
    const { database, chat, now } = this.#options;
    const talk = database.holding(messageId);
    const { branches, conversations, messages } = talk;
    const from = { talk, conversationId: branches.conversationOf(messageId) };
    const setup = chat.open(from.conversationId, true).conversation;
    const { title, titleSource } = setup;
    const source = messages.branchUpTo(messageId).filter(({ status }) => status !== 'generating');
    const { id } = conversations.create({ title, titleSource, setup, now: now() });
    conversations.moveToBin(id, now());
    const copies = new Map<number, number>();
    let parentId: number | null = null;
    for (let at = 0; at < source.length; at += COPIED_AT_ONCE) {
      const part = source.slice(at, at + COPIED_AT_ONCE);
      parentId = talk.transaction(() =>
        part.reduce<number | null>((parent, message) => {
          const copyId = branches.copy(message.id, id, parent);
          copies.set(message.id, copyId);
          return copyId;
        }, parentId),
      );
      await breathe();
    }
    const restored = talk.transaction(() => {
      copyNotes(from, { talk, conversationId: id }, copies);
      const conversation = conversations.restore(id);
      conversations.setActiveMessage(id, parentId);
      return conversation;
    });
    await database.flush();
    return chat.saved(restored);
  }

  #change(messageId: number, change: (talk: TalkDatabase) => unknown): OpenConversation {
    const talk = this.#options.database.holding(messageId);
    const conversationId = talk.branches.conversationOf(messageId);
    this.#options.chat.checkFree(conversationId);
    change(talk);
    return this.#options.chat.open(conversationId, true);
  }
}
