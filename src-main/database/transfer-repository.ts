// Conversations on their way out of the database and into it. What comes in has a key that it keeps for ever, so that
// the same conversation never comes twice; one that is not wholly in is in no list.
import type { Conversation } from '#contract/chat.ts';
import type { AnswerSettings } from '#contract/presets.ts';
import type { FileAttachment, FileDocument, FileMessage, FileNote } from '#contract/transfer.ts';
import { answerStats } from '#contract/chat.ts';
import { failure } from '#contract/common.ts';
import { AttachmentRepository, type KeptAttachment, type Owner } from './attachment-repository.ts';
import type { WriteDatabase } from './connection.ts';
import { CONVERSATION_COLUMNS, toConversation, type ConversationRow } from './conversation-repository.ts';
import { readJson, writeJson } from './json-column.ts';
import { NoteRepository } from './note-repository.ts';
import { MESSAGE_COLUMNS, type MessageRow } from './message-statements.ts';

export interface KnownConversation {
  id: number;
  /** A person has thrown it away. */
  inBin: boolean;
  unfinished: boolean;
}

export interface NewImport {
  key: string;
  title: string;
  titleSource: Conversation['titleSource'];
  createdAt: number;
  updatedAt: number;
  presetId: number | null;
  settings: AnswerSettings;
  pinned: boolean;
  archived: boolean;
  folderId: number | null;
}

export interface OutgoingConversation {
  conversation: Conversation;
  key: string;
  /** Name of its folder. */
  folder: string | null;
  activeMessage: string | null;
  documents: FileDocument[];
  notes: FileNote[];
  messages: FileMessage[];
}

export class TransferRepository {
  readonly #statements: ReturnType<typeof prepare>;
  readonly #attachments: AttachmentRepository;
  readonly #notes: NoteRepository;

  constructor(db: WriteDatabase) {
    this.#statements = prepare(db);
    this.#attachments = new AttachmentRepository(db);
    this.#notes = new NoteRepository(db);
  }

  /** All that are not in the bin, oldest first. */
  allIds(): number[] {
    return this.#statements.allIds.all().map(({ id }) => id);
  }

  /** Null also when it is gone. */
  presetId(id: number): number | null {
    return this.#statements.presetId.get({ id })?.presetId ?? null;
  }

  /** Null when it is gone. Gives a conversation its key if it never had one. */
  read(id: number): OutgoingConversation | null {
    const row = this.#statements.read.get({ id });
    if (!row) return null;
    const key = row.importKey ?? this.#statements.giveKey.get({ id })?.importKey ?? '';
    const rows = this.#statements.messages.all({ id });
    const keys = new Map(rows.map((message) => [message.id, keyOf(message)]));
    const active = row.activeMessageId === null ? undefined : keys.get(row.activeMessageId);
    return {
      conversation: toConversation(row),
      key,
      folder: row.folder,
      activeMessage: active ?? null,
      notes: this.#notesOf(id, keys),
      ...this.#messagesOf(id, rows, keys),
    };
  }

  #notesOf(id: number, keys: Keys): FileNote[] {
    return this.#notes.list(id).flatMap(({ coversId, text, edited, removed, createdAt }) => {
      const covers = keys.get(coversId);
      return covers === undefined ? [] : [{ covers, text, edited, removed, createdAt }];
    });
  }

  /** A document that goes along with several messages is there once. */
  #messagesOf(id: number, rows: readonly ReadRow[], keys: Keys) {
    const places = new Map<number, number>();
    const documents: FileDocument[] = [];
    const attach = (kept: KeptAttachment): FileAttachment => {
      const { documentId, use, limitCharacters, tokens, givenTokens, until } = kept;
      const document = places.get(documentId) ?? documents.length;
      if (document === documents.length) {
        documents.push(this.#documentOf(kept));
        places.set(documentId, document);
      }
      return { document, use, limitCharacters, tokens, givenTokens, until };
    };
    const withSome = this.#attachments.ofConversation(id);
    const messages = rows.map((row) => {
      const attached = withSome.has(row.id) ? this.#attachments.ofMessage(row.id).map(attach) : [];
      return toFileMessage(row, keys, attached);
    });
    return { documents, messages };
  }

  /** Its text is read only when it is looked at: many large documents need not be in the memory at a time. */
  #documentOf({ documentId, kind, name, pages, notes }: KeptAttachment): FileDocument {
    const attachments = this.#attachments;
    return {
      kind,
      name,
      pages,
      notes,
      get text() {
        return attachments.text(documentId);
      },
    };
  }

  find(key: string): KnownConversation | null {
    const found = this.#statements.find.get({ key });
    if (!found) return null;
    const { id, deletedAt } = found;
    const unfinished = deletedAt === UNFINISHED;
    return { id, unfinished, inBin: deletedAt !== null && !unfinished };
  }

  /** The messages that are here, by their keys; those a person has removed are among them. */
  messageIds(conversationId: number): Map<string, number> {
    const rows = this.#statements.messageKeys.all({ conversationId });
    return new Map(rows.map((row) => [keyOf(row), row.id]));
  }

  /** The message that is here says something else, and not because a person has changed it here. */
  differs(messageId: number, text: string): boolean {
    const here = this.#statements.textOf.get({ messageId });
    return here !== undefined && here.edited === 0 && here.text !== text.toWellFormed();
  }

  /** In no list until `finish`. */
  create({ settings, pinned, archived, ...values }: NewImport): number {
    const columns = {
      settings: JSON.stringify(settings),
      pinned: pinned ? 1 : 0,
      archived: archived ? 1 : 0,
    };
    return this.#statements.create.get({ ...values, ...columns })?.id ?? 0;
  }

  add(conversationId: number, parentId: number | null, message: FileMessage): number {
    const { key, role, text, thought, status, createdAt, edited } = message;
    const values = { key, role, text, thought, status, createdAt, edited: edited ? 1 : 0 };
    const json = { failure: writeJson(message.failure), stats: writeJson(message.stats) };
    return this.#statements.add.get({ conversationId, parentId, ...values, ...json })?.id ?? 0;
  }

  /** What goes along with a message that was added; the document is here. */
  attach(documentId: number, owner: Owner, attached: FileAttachment, now: number): void {
    const { id } = this.#attachments.attach(documentId, null, now);
    this.#attachments.send([id], owner);
    this.#attachments.choose(id, attached);
  }

  addNote(conversationId: number, coversId: number, { text, edited, removed, createdAt }: FileNote): void {
    const { id } = this.#notes.add({ conversationId, coversId, text, createdAt });
    if (edited) this.#notes.edit(id, text);
    if (removed) this.#notes.remove(id);
  }

  /** All of it is in: it appears in the list. */
  finish(id: number, activeMessageId: number | null): void {
    this.#statements.finish.run({ id, activeMessageId });
  }

  /** What was never finished is erased with what is out of the bin for good. */
  giveUpUnfinished(): void {
    this.#statements.giveUpUnfinished.run();
  }
}

/** As the time of a deletion: not wholly in yet. */
const UNFINISHED = -1;

/** Of a message that was written here: no other app and no other database has one of this name. */
function keyOf({ id, importKey, createdAt }: MessageKeyRow): string {
  return importKey ?? `${id}-${createdAt.toString(36)}`;
}

/** The keys of messages by their ids. */
type Keys = ReadonlyMap<number, string>;

function toFileMessage(row: ReadRow, keys: Keys, attachments: FileAttachment[]): FileMessage {
  return {
    key: keyOf(row),
    parent: row.parentId === null ? null : (keys.get(row.parentId) ?? null),
    role: row.role as FileMessage['role'],
    text: row.text,
    thought: row.thought,
    status: row.status === 'generating' ? 'interrupted' : (row.status as FileMessage['status']),
    failure: readJson(failure, row.failure),
    stats: readJson(answerStats, row.stats),
    edited: row.edited === 1,
    attachments,
    createdAt: row.createdAt,
  };
}

interface MessageKeyRow {
  id: number;
  importKey: string | null;
  createdAt: number;
}
type ReadRow = MessageRow & { importKey: string | null };
interface OutgoingRow extends ConversationRow {
  importKey: string | null;
  activeMessageId: number | null;
  folder: string | null;
}

function prepare(db: WriteDatabase) {
  return {
    allIds: db.query<{ id: number }>('SELECT id FROM conversations WHERE deleted_at IS NULL ORDER BY id'),
    read: db.query<OutgoingRow>(`
      SELECT ${CONVERSATION_COLUMNS}, c.import_key AS importKey, c.active_message_id AS activeMessageId,
        (SELECT name FROM folders f WHERE f.id = c.folder_id) AS folder
      FROM conversations c WHERE c.id = :id AND c.deleted_at IS NULL`),
    giveKey: db.command<{ importKey: string }>(`
      UPDATE conversations SET import_key = 'lapidary:' || lower(hex(randomblob(16)))
      WHERE id = :id RETURNING import_key AS importKey`),
    messages: db.query<ReadRow>(`
      SELECT ${MESSAGE_COLUMNS}, import_key AS importKey FROM messages
      WHERE conversation_id = :id AND removed_at IS NULL ORDER BY id`),
    presetId: db.query<{ presetId: number | null }>(
      'SELECT preset_id AS presetId FROM conversations WHERE id = :id AND deleted_at IS NULL',
    ),
    // What is given up (0) is being erased.
    find: db.query<{ id: number; deletedAt: number | null }>(`
      SELECT id, deleted_at AS deletedAt FROM conversations
      WHERE import_key = :key AND import_key IS NOT NULL AND deleted_at IS NOT 0`),
    messageKeys: db.query<MessageKeyRow>(`
      SELECT id, import_key AS importKey, created_at AS createdAt FROM messages
      WHERE conversation_id = :conversationId`),
    textOf: db.query<{ text: string; edited: number }>(
      'SELECT text, edited FROM messages WHERE id = :messageId',
    ),
    create: db.command<{ id: number }>(`
      INSERT INTO conversations(
        title, title_source, created_at, updated_at, deleted_at, preset_id, settings, pinned, archived,
        folder_id, import_key
      ) VALUES (
        :title, :titleSource, :createdAt, :updatedAt, ${UNFINISHED}, :presetId, :settings, :pinned, :archived,
        :folderId, :key
      ) RETURNING id`),
    add: db.command<{ id: number }>(`
      INSERT INTO messages(
        conversation_id, parent_id, role, text, thought, status, failure, stats, edited, created_at, import_key
      ) VALUES (
        :conversationId, :parentId, :role, :text, :thought, :status, :failure, :stats, :edited, :createdAt, :key
      ) RETURNING id`),
    finish: db.command(`
      UPDATE conversations SET active_message_id = :activeMessageId, deleted_at = NULL WHERE id = :id`),
    giveUpUnfinished: db.command(`UPDATE conversations SET deleted_at = 0 WHERE deleted_at = ${UNFINISHED}`),
  };
}
