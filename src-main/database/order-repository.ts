// Order among conversations: pinned ones, folders, tags and the archive. A tag exists for as long as one has it.
import { AppError } from '#contract/errors.ts';
import type { Folder, Shelves } from '#contract/order.ts';
import type { WriteDatabase } from './connection.ts';

export class OrderRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  shelves(): Shelves {
    const { folders, tags, counts } = this.#statements;
    const { archivedCount = 0, binnedCount = 0 } = counts.get() ?? {};
    return { folders: folders.all(), tags: tags.all().map(({ tag }) => tag), archivedCount, binnedCount };
  }

  pin(ids: readonly number[], pinned: boolean): void {
    this.#statements.pin.run({ ids: JSON.stringify(ids), pinned: pinned ? 1 : 0 });
  }

  archive(ids: readonly number[], archived: boolean): void {
    this.#statements.archive.run({ ids: JSON.stringify(ids), archived: archived ? 1 : 0 });
  }

  /** Null: into no folder. The folder must exist. */
  move(ids: readonly number[], folderId: number | null): void {
    this.#statements.move.run({ ids: JSON.stringify(ids), folderId });
  }

  tag(ids: readonly number[], add: readonly string[], remove: readonly string[]): void {
    this.#db.transaction(() => {
      for (const tag of remove) this.#statements.untag.run({ ids: JSON.stringify(ids), tag });
      for (const tag of add) this.#statements.tag.run({ ids: JSON.stringify(ids), tag });
    });
  }

  hasFolder(id: number): boolean {
    return this.#statements.hasFolder.get({ id }) !== undefined;
  }

  /** The folder of this name, made if there is none. */
  createFolder(name: string): Folder {
    return this.#db.transaction(() => {
      this.#statements.createFolder.run({ name });
      const folder = this.#statements.folderNamed.get({ name });
      if (!folder) throw new AppError('not-found', 'The folder was not made');
      return folder;
    });
  }

  /** Throws `not-found`. */
  renameFolder(id: number, name: string): void {
    if (this.#statements.renameFolder.run({ id, name }) === 0)
      throw new AppError('not-found', `There is no folder ${id}`);
  }

  /** Its conversations must have been moved out: doing it here would take long for a large one. */
  removeFolder(id: number): void {
    this.#statements.removeFolder.run({ id });
  }

  /** The conversations in a folder, also those in the bin and the archive. */
  inFolder(id: number): number[] {
    return this.#statements.inFolder.all({ id }).map((row) => row.id);
  }

  /** The conversations with a tag, also those in the bin and the archive. */
  withTag(tag: string): number[] {
    return this.#statements.withTag.all({ tag }).map((row) => row.id);
  }
}

const AMONG = 'IN (SELECT value FROM json_each(:ids))';

function prepare(db: WriteDatabase) {
  return {
    folders: db.query<Folder>('SELECT id, name FROM folders ORDER BY name'),
    tags: db.query<{ tag: string }>(`
      WITH RECURSIVE known(tag) AS (
        SELECT min(tag) FROM conversation_tags
        UNION ALL SELECT (SELECT min(tag) FROM conversation_tags WHERE tag > known.tag) FROM known WHERE tag IS NOT NULL
      )
      SELECT tag FROM known WHERE tag IS NOT NULL AND EXISTS (
        SELECT 1 FROM conversation_tags t JOIN conversations c ON c.id = t.conversation_id
        WHERE t.tag = known.tag AND c.deleted_at IS NULL AND c.archived = 0
      ) ORDER BY tag`),
    counts: db.query<Pick<Shelves, 'archivedCount' | 'binnedCount'>>(`
      SELECT (SELECT count(*) FROM conversations WHERE archived = 1 AND deleted_at IS NULL) AS archivedCount,
        (SELECT count(*) FROM conversations WHERE deleted_at > 0) AS binnedCount`),
    pin: db.command(`UPDATE conversations SET pinned = :pinned WHERE id ${AMONG}`),
    archive: db.command(`UPDATE conversations SET archived = :archived WHERE id ${AMONG}`),
    move: db.command(`UPDATE conversations SET folder_id = :folderId WHERE id ${AMONG}`),
    // A tag is written as it was the first time, whatever its capitals now.
    tag: db.command(`
      INSERT OR IGNORE INTO conversation_tags(conversation_id, tag)
      SELECT id, coalesce((SELECT tag FROM conversation_tags WHERE tag = :tag LIMIT 1), :tag)
      FROM conversations WHERE id ${AMONG}`),
    untag: db.command(`DELETE FROM conversation_tags WHERE tag = :tag AND conversation_id ${AMONG}`),
    hasFolder: db.query<{ id: number }>('SELECT id FROM folders WHERE id = :id'),
    folderNamed: db.query<Folder>('SELECT id, name FROM folders WHERE name = :name'),
    createFolder: db.command('INSERT OR IGNORE INTO folders(name) VALUES (:name)'),
    renameFolder: db.command('UPDATE OR IGNORE folders SET name = :name WHERE id = :id'),
    removeFolder: db.command('DELETE FROM folders WHERE id = :id'),
    inFolder: db.query<{ id: number }>('SELECT id FROM conversations WHERE folder_id = :id'),
    withTag: db.query<{ id: number }>('SELECT conversation_id AS id FROM conversation_tags WHERE tag = :tag'),
  };
}
