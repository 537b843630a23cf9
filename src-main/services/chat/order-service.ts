// Order among conversations for every window: pins, folders, tags, archive and bin, also for thousands at once. Long
// work is done in parts, between which windows are answered.
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#contract/errors.ts';
import type { Conversation } from '#contract/chat.ts';
import type { Folder, Shelves } from '#contract/order.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import { Watchable } from '../../lib/watchable.ts';
import type { BinService } from './bin-service.ts';
import { copyAttachments, copyDraft } from '../attachments/copy-attachments.ts';
import { copyNotes } from './copy-notes.ts';
import type { ChatService } from './chat-service.ts';

const CHANGED_AT_ONCE = 50;
/** Of more conversations windows are not told one by one. */
const TOLD_ONE_BY_ONE = 100;
/** Counting waits for what else changes. */
const COUNT_AFTER_MS = 50;

interface OrderOptions {
  database: AppDatabase;
  chat: Pick<ChatService, 'changes' | 'saved' | 'stop' | 'checkFree'>;
  bin: BinService;
  now: () => number;
}

export class OrderService {
  readonly shelves: Watchable<Shelves>;
  readonly #options: OrderOptions;
  readonly #closing = new AbortController();
  #counting: NodeJS.Timeout | undefined;

  constructor(options: OrderOptions) {
    this.#options = options;
    this.shelves = new Watchable(options.database.order.shelves());
    void this.#follow();
  }

  pin(ids: readonly number[], pinned: boolean): Promise<void> {
    return this.#change(ids, (part) => this.#options.database.order.pin(part, pinned));
  }

  archive(ids: readonly number[], archived: boolean): Promise<void> {
    return this.#change(ids, (part) => this.#options.database.order.archive(part, archived));
  }

  /** Null: into no folder. @throws AppError not-found */
  async move(ids: readonly number[], folderId: number | null): Promise<void> {
    const { order } = this.#options.database;
    if (folderId !== null && !order.hasFolder(folderId))
      throw new AppError('not-found', `There is no folder ${folderId}`);
    await this.#change(ids, (part) => order.move(part, folderId));
  }

  tag(ids: readonly number[], add: readonly string[], remove: readonly string[]): Promise<void> {
    return this.#change(ids, (part) => this.#options.database.order.tag(part, add, remove));
  }

  createFolder(name: string): Folder {
    const folder = this.#options.database.order.createFolder(name);
    this.#count();
    return folder;
  }

  /** @throws AppError not-found */
  renameFolder(id: number, name: string): void {
    this.#options.database.order.renameFolder(id, name);
    this.#count();
  }

  /** Its conversations are in no folder then. */
  async removeFolder(id: number): Promise<number[]> {
    const { order } = this.#options.database;
    const ids = order.inFolder(id);
    await this.move(ids, null);
    order.removeFolder(id);
    this.#count();
    return ids;
  }

  async renameTag(from: string, to: string): Promise<void> {
    const ids = this.#options.database.order.withTag(from);
    await this.tag(ids, [], [from]);
    await this.tag(ids, [to], []);
  }

  removeTag(name: string): Promise<void> {
    return this.tag(this.#options.database.order.withTag(name), [], [name]);
  }

  /** Into the bin. Answers being written in them are stopped and keep their text. */
  async delete(ids: readonly number[]): Promise<void> {
    const { database, chat, now } = this.#options;
    const time = now();
    await this.#inParts(ids, (part) => {
      for (const { id } of database.conversations.several(part)) {
        chat.stop(id);
        database.conversations.moveToBin(id, time);
      }
    });
    if (ids.length > TOLD_ONE_BY_ONE) chat.changes.publish({ type: 'many' });
    else for (const id of ids) chat.changes.publish({ type: 'removed', id });
    await database.flush();
  }

  /** Out of the bin; those that are gone for ever meanwhile are passed over. */
  restore(ids: readonly number[]): Promise<void> {
    return this.#change(ids, (part) => this.#options.database.bin.restore(part));
  }

  async deleteForEver(ids: readonly number[]): Promise<void> {
    await this.#options.bin.giveUp(ids);
    this.#count();
  }

  emptyBin(): Promise<void> {
    return this.deleteForEver(this.#options.database.bin.ids());
  }

  /**
   * Stores a temporary conversation with all its branches. The copy lies in the bin until it is complete.
   * @throws AppError not-found, conversation-busy, disk-full, database-*
   */
  async keep(id: number): Promise<Conversation> {
    const { database, chat, bin, now } = this.#options;
    const { temporary } = database;
    const source = temporary.conversations.get(id);
    if (!source) throw new AppError('not-found', `There is no temporary conversation ${id}`);
    chat.checkFree(id);
    const { title, titleSource, createdAt } = source;
    const copy = database.conversations.create({ title, titleSource, setup: source, now: createdAt });
    database.conversations.moveToBin(copy.id, now());
    const kept = await this.#copyAll(id, copy.id).catch(async (error: unknown) => {
      await bin.giveUp([copy.id]).catch(() => {}); // Then half of it lies in the bin for its days.
      throw error;
    });
    // From now on nobody writes in it: that would be gone for ever.
    temporary.conversations.moveToBin(id, now());
    await database.flush().catch((error: unknown) => {
      temporary.conversations.restore(id);
      throw error;
    });
    bin.eraseTemporary([id], 0);
    chat.saved(kept);
    chat.changes.publish({ type: 'removed', id });
    return kept;
  }

  /** From a temporary conversation into one that lies in the bin, which comes out of it. */
  async #copyAll(id: number, copyId: number): Promise<Conversation> {
    const { database, now } = this.#options;
    const { temporary } = database;
    const from = { talk: temporary, conversationId: id };
    const to = { talk: database, conversationId: copyId };
    const ids = new Map<number | null, number | null>([[null, null]]);
    await copyDraft({ from, to, now: now() });
    // Again for what was written meanwhile.
    for (let left = this.#notIn(ids, id); left.length > 0; left = this.#notIn(ids, id)) {
      await this.#copyMessages(left, copyId, ids);
      const messageIds = new Map(left.map((messageId) => [messageId, ids.get(messageId) ?? null]));
      await copyAttachments({ from, to, messageIds, now: now() });
    }
    const active = ids.get(temporary.conversations.activeMessageId(id)) ?? null;
    return database.transaction(() => {
      copyNotes(from, to, ids);
      database.conversations.restore(copyId);
      database.conversations.setActiveMessage(copyId, active);
      return database.conversations.touch(copyId, now());
    });
  }

  /** Messages of a temporary conversation that are not copied yet. @throws AppError conversation-busy */
  #notIn(copies: ReadonlyMap<number | null, number | null>, id: number): number[] {
    this.#options.chat.checkFree(id);
    const tree = this.#options.database.temporary.branches.tree(id);
    return tree.flatMap((node) => (copies.has(node.id) ? [] : [node.id]));
  }

  /** `copies` takes the ids of the copies. */
  async #copyMessages(
    messageIds: readonly number[],
    conversationId: number,
    copies: Map<number | null, number | null>,
  ): Promise<void> {
    const { temporary, messages } = this.#options.database;
    await this.#inParts(messageIds, (part) => {
      for (const messageId of part) {
        const message = temporary.messages.get(messageId);
        if (!message) continue;
        const parentId = copies.get(message.parentId) ?? null;
        copies.set(messageId, messages.add({ ...message, conversationId, parentId }).id);
      }
    });
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#counting);
  }

  async #change(ids: readonly number[], change: (part: readonly number[]) => void): Promise<void> {
    const { database, chat } = this.#options;
    await this.#inParts(ids, change);
    if (ids.length > TOLD_ONE_BY_ONE) chat.changes.publish({ type: 'many' });
    else for (const conversation of database.conversations.several(ids)) chat.saved(conversation);
    await database.flush();
  }

  async #inParts(ids: readonly number[], work: (part: readonly number[]) => void): Promise<void> {
    for (let at = 0; at < ids.length; at += CHANGED_AT_ONCE) {
      const part = ids.slice(at, at + CHANGED_AT_ONCE);
      this.#options.database.transaction(() => work(part));
      await breathe();
    }
  }

  async #follow(): Promise<void> {
    for await (const _ of this.#options.chat.changes.listen(this.#closing.signal)) this.#count();
  }

  #count(): void {
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined;
      if (!this.#closing.signal.aborted) this.shelves.set(this.#options.database.order.shelves());
    }, COUNT_AFTER_MS).unref();
  }
}
