// Conversations as the list shows them. Their messages have a repository of their own.
import type { Conversation, ConversationSetup, ConversationView } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';
import { answerSettings } from '#contract/presets.ts';
import type { Query, WriteDatabase } from './connection.ts';
import { likePattern } from './like-pattern.ts';
import { readJson } from './json-column.ts';

export interface ConversationRow {
  id: number;
  title: string;
  titleSource: string;
  createdAt: number;
  updatedAt: number;
  presetId: number | null;
  settings: string | null;
  modelId: number | null;
  generating: number;
  pinned: number;
  archived: number;
  folderId: number | null;
  tags: string;
}

/** Temporary conversations, and the messages in them, have ids from here on: an id says where it is kept. */
export const TEMPORARY_FROM_ID = 2 ** 40;

/** The columns of a ConversationRow, of a table or alias named `c`. */
export const CONVERSATION_COLUMNS = `c.id, c.title, c.title_source AS titleSource, c.created_at AS createdAt,
  c.updated_at AS updatedAt, c.preset_id AS presetId, c.settings, c.model_id AS modelId, c.pinned, c.archived,
  c.folder_id AS folderId, (
    SELECT json_group_array(tag ORDER BY tag) FROM conversation_tags t WHERE t.conversation_id = c.id
  ) AS tags, EXISTS (
    SELECT 1 FROM messages g WHERE g.conversation_id = c.id AND g.status = 'generating'
  ) AS generating`;

const NO_SETTINGS = answerSettings.parse({});

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    title: row.title,
    titleSource: row.titleSource as Conversation['titleSource'],
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    presetId: row.presetId,
    settings: readJson(answerSettings, row.settings) ?? NO_SETTINGS,
    modelId: row.modelId,
    generating: row.generating === 1,
    pinned: row.pinned === 1,
    archived: row.archived === 1,
    folderId: row.folderId,
    tags: JSON.parse(row.tags) as string[],
    temporary: row.id >= TEMPORARY_FROM_ID,
  };
}

export interface ListRange {
  limit: number;
  before?: number | undefined;
  view?: ConversationView;
}

export interface NewConversation {
  title: string;
  titleSource: Conversation['titleSource'];
  setup?: ConversationSetup | undefined;
  now: number;
}

export class ConversationRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#statements = prepare(db);
  }

  /** Newest first; all that share the last one's `updatedAt` come with it, so that asking again with `before` misses
   * none. */
  list({ limit, before, view = { kind: 'all' } }: ListRange): Conversation[] {
    const range = { limit: limit - 1, before: before ?? Number.MAX_SAFE_INTEGER };
    const { kind, ...key } = view;
    return this.#statements.lists[kind].all({ ...range, ...key }).map(toConversation);
  }

  /** Those of them that are there and not in the bin. */
  several(ids: readonly number[]): Conversation[] {
    return this.#statements.several.all({ ids: JSON.stringify(ids) }).map(toConversation);
  }

  /** Those with `query` in their titles, newest first. */
  named(query: string, limit: number): Conversation[] {
    return this.#statements.named.all({ pattern: likePattern(query), limit }).map(toConversation);
  }

  /** Null when there is none, or when it lies in the bin. */
  get(id: number): Conversation | null {
    const row = this.#statements.get.get({ id });
    return row ? toConversation(row) : null;
  }

  create({ title, titleSource, setup, now }: NewConversation): Conversation {
    const columns = setupColumns(setup ?? { presetId: null, settings: NO_SETTINGS, modelId: null });
    const id = this.#statements.create.get({ title, titleSource, now, ...columns })?.id ?? 0;
    return this.#existing(id);
  }

  /** Throws `not-found`. */
  configure(id: number, setup: ConversationSetup): Conversation {
    this.#change(id, this.#statements.configure.run({ id, ...setupColumns(setup) }));
    return this.#existing(id);
  }

  /** Those that use a preset. */
  usingPreset(presetId: number): Conversation[] {
    return this.#statements.usingPreset.all({ presetId }).map(toConversation);
  }

  /** Does not count as activity: the place in the list stays. Throws `not-found`. */
  rename(id: number, title: string, titleSource: Conversation['titleSource']): Conversation {
    this.#change(id, this.#statements.rename.run({ id, title, titleSource }));
    return this.#existing(id);
  }

  /** Throws `not-found`. */
  moveToBin(id: number, now: number): void {
    this.#change(id, this.#statements.moveToBin.run({ id, now }));
  }

  /** Out of the bin, with the place in the list it had. Throws `not-found`. */
  restore(id: number): Conversation {
    this.#change(id, this.#statements.restore.run({ id }));
    return this.#existing(id);
  }

  /** Moves it to the top of the list, also out of the archive. Throws `not-found`. */
  touch(id: number, now: number): Conversation {
    this.#change(id, this.#statements.touch.run({ id, now }));
    return this.#existing(id);
  }

  /** The last message of the branch that is shown. */
  activeMessageId(id: number): number | null {
    return this.#statements.activeMessage.get({ id })?.messageId ?? null;
  }

  /** The message must be one of this conversation; null when none is left. Throws `not-found`. */
  setActiveMessage(id: number, messageId: number | null): void {
    this.#change(id, this.#statements.setActiveMessage.run({ id, messageId }));
  }

  #existing(id: number): Conversation {
    const found = this.get(id);
    if (!found) throw new AppError('not-found', `No conversation ${id}`);
    return found;
  }

  #change(id: number, changes: number): void {
    if (changes === 0) throw new AppError('not-found', `No conversation ${id}`);
  }
}

function setupColumns({ presetId, settings, modelId }: ConversationSetup): {
  presetId: number | null;
  settings: string;
  modelId: number | null;
} {
  return { presetId, settings: JSON.stringify(settings), modelId };
}

function prepare(db: WriteDatabase) {
  return {
    lists: prepareLists(db),
    several: db.query<ConversationRow>(`
      SELECT ${CONVERSATION_COLUMNS} FROM conversations c
      WHERE c.id IN (SELECT value FROM json_each(:ids)) AND c.deleted_at IS NULL`),
    named: db.query<ConversationRow>(`
      SELECT ${CONVERSATION_COLUMNS} FROM conversations c
      WHERE c.deleted_at IS NULL AND c.title LIKE :pattern ESCAPE '\\' ORDER BY c.updated_at DESC LIMIT :limit`),
    get: db.query<ConversationRow>(
      `SELECT ${CONVERSATION_COLUMNS} FROM conversations c WHERE c.id = :id AND c.deleted_at IS NULL`,
    ),
    create: db.command<{ id: number }>(
      `INSERT INTO conversations(title, title_source, created_at, updated_at, preset_id, settings, model_id)
       VALUES (:title, :titleSource, :now, :now, :presetId, :settings, :modelId) RETURNING id`,
    ),
    configure: db.command(
      `UPDATE conversations SET preset_id = :presetId, settings = :settings, model_id = :modelId
       WHERE id = :id AND deleted_at IS NULL`,
    ),
    usingPreset: db.query<ConversationRow>(
      `SELECT ${CONVERSATION_COLUMNS} FROM conversations c WHERE c.preset_id = :presetId AND c.deleted_at IS NULL`,
    ),
    rename: db.command(
      `UPDATE conversations SET title = :title, title_source = :titleSource
       WHERE id = :id AND deleted_at IS NULL`,
    ),
    moveToBin: db.command('UPDATE conversations SET deleted_at = :now WHERE id = :id AND deleted_at IS NULL'),
    // 0 is the time of those that are being deleted for ever.
    restore: db.command('UPDATE conversations SET deleted_at = NULL WHERE id = :id AND deleted_at IS NOT 0'),
    touch: db.command(
      'UPDATE conversations SET updated_at = :now, archived = 0 WHERE id = :id AND deleted_at IS NULL',
    ),
    activeMessage: db.query<{ messageId: number | null }>(
      'SELECT active_message_id AS messageId FROM conversations WHERE id = :id',
    ),
    setActiveMessage: db.command(
      `UPDATE conversations SET active_message_id = :messageId
       WHERE id = :id AND (
         :messageId IS NULL OR EXISTS (SELECT 1 FROM messages WHERE id = :messageId AND conversation_id = :id)
       )`,
    ),
  };
}

/** One statement per view. Each walks the index that has its rows, and no others, in this order. */
function prepareLists(db: WriteDatabase): Record<ConversationView['kind'], Query<ConversationRow>> {
  const list = (index: string, where: string): Query<ConversationRow> =>
    db.query(`
      SELECT ${CONVERSATION_COLUMNS} FROM conversations c INDEXED BY ${index}
      WHERE c.deleted_at IS NULL AND ${where} AND c.updated_at < :before AND c.updated_at >= coalesce((
        SELECT c.updated_at FROM conversations c INDEXED BY ${index}
        WHERE c.deleted_at IS NULL AND ${where} AND c.updated_at < :before
        ORDER BY c.updated_at DESC LIMIT 1 OFFSET :limit
      ), -1)
      ORDER BY c.updated_at DESC, c.id DESC`);
  const all = list('conversations_listed', 'c.archived = 0');
  return {
    all,
    recent: list('conversations_recent', 'c.archived = 0 AND c.pinned = 0 AND c.folder_id IS NULL'),
    pinned: list('conversations_pinned', 'c.archived = 0 AND c.pinned = 1'),
    folder: list('conversations_folder', 'c.archived = 0 AND c.pinned = 0 AND c.folder_id = :folderId'),
    tag: list(
      'conversations_listed',
      'c.archived = 0 AND EXISTS (SELECT 1 FROM conversation_tags t WHERE t.conversation_id = c.id AND t.tag = :tag)',
    ),
    archive: list('conversations_listed', 'c.archived = 1'),
    temporary: all,
  };
}
