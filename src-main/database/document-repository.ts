// The documents of the library and their collections; their texts are in text-repository.ts.
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { failure, type Failure } from '#contract/common.ts';
import type { Collection, Document } from '#contract/documents.ts';
import { readNote, type ReadNote } from '#contract/reader.ts';
import type { WriteDatabase } from './connection.ts';
import { readJson, writeJson } from './json-column.ts';

/** What the library keeps of a document; how far reading is and whether its file changed is not kept. */
export interface StoredDocument extends Omit<Document, 'progress' | 'fileState'> {
  /** A file in the data folder that is not read yet. */
  upload: string | null;
  /** Of the file when it was read; null for one without a path. */
  modifiedAt: number | null;
}

export interface NewDocument {
  title: string;
  titled: boolean;
  name: string;
  sizeBytes: number;
  path: string | null;
  upload: string | null;
  collectionId: number | null;
  addedAt: number;
}

/** What reading a file found out. */
export interface ReadResult {
  /** The document's own. */
  title: string | null;
  format: NonNullable<Document['format']>;
  sizeBytes: number;
  pages: number | null;
  characters: number;
  words: number;
  language: string | null;
  notes: ReadNote[];
  modifiedAt: number | null;
}

export class DocumentRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** Newest first. */
  list(): StoredDocument[] {
    return this.#statements.list.all().map(toDocument);
  }

  /** Null also when it was removed. */
  get(id: number): StoredDocument | null {
    const row = this.#statements.get.get({ id });
    return row ? toDocument(row) : null;
  }

  add({ collectionId, titled, ...values }: NewDocument): StoredDocument {
    return this.#db.transaction(() => {
      const { id = 0 } = this.#statements.add.get({ ...values, titled: titled ? 1 : 0 }) ?? {};
      if (collectionId !== null) this.put(collectionId, [id], true);
      return this.#require(id);
    });
  }

  /** Those that were read from this path. */
  withPath(path: string): number | null {
    return this.#statements.withPath.get({ path })?.id ?? null;
  }

  setState(id: number, state: Document['state'], reason: Failure | null = null): void {
    this.#statements.setState.run({ id, state, failure: writeJson(reason) });
  }

  /** Its text is in. */
  finish(id: number, { title, notes, ...values }: ReadResult): void {
    this.#statements.finish.run({ id, ...values, ownTitle: title, notes: JSON.stringify(notes) });
  }

  /** @throws AppError not-found */
  rename(id: number, title: string): StoredDocument {
    this.#statements.rename.run({ id, title });
    return this.#require(id);
  }

  /** In no list any more; `at` null brings them back. */
  remove(ids: readonly number[], at: number | null): void {
    this.#statements.remove.run({ ids: JSON.stringify(ids), at });
  }

  /** Those that were removed, to be erased for good. */
  removed(): number[] {
    return this.#statements.removed.all().map(({ id }) => id);
  }

  collections(): Collection[] {
    return this.#statements.collections.all();
  }

  /** Adds one, or changes one. @throws AppError not-found, name-taken */
  saveCollection(id: number | null, name: string, folder: string | null): Collection {
    const taken = this.#statements.collectionNamed.get({ name });
    if (taken && taken.id !== id) throw new AppError('name-taken', 'Another collection has this name');
    const saved =
      id === null
        ? this.#statements.addCollection.get({ name, folder })
        : this.#statements.changeCollection.get({ id, name, folder });
    if (!saved) throw new AppError('not-found', `There is no collection ${id}`);
    return saved;
  }

  removeCollection(id: number): void {
    this.#statements.removeCollection.run({ id });
  }

  put(collectionId: number, documentIds: readonly number[], inside: boolean): void {
    const ids = JSON.stringify(documentIds);
    const { putIn, takeOut } = this.#statements;
    (inside ? putIn : takeOut).run({ collectionId, ids });
  }

  #require(id: number): StoredDocument {
    const document = this.get(id);
    if (!document) throw new AppError('not-found', `There is no document ${id}`);
    return document;
  }
}

type Kept =
  'id' | 'title' | 'name' | 'format' | 'sizeBytes' | 'pages' | 'characters' | 'words' | 'language' | 'state';
interface Row extends Pick<StoredDocument, Kept | 'path' | 'upload' | 'modifiedAt' | 'addedAt'> {
  failure: string | null;
  notes: string;
  collectionIds: string;
}

function toDocument({ failure: reason, notes, collectionIds, ...row }: Row): StoredDocument {
  return {
    ...row,
    failure: readJson(failure, reason),
    notes: readJson(z.array(readNote), notes) ?? [],
    collectionIds: readJson(z.array(z.number()), collectionIds) ?? [],
  };
}

const COLUMNS = `
  d.id, d.title, d.name, d.format, d.size_bytes AS sizeBytes, d.pages, d.characters, d.words, d.language, d.state,
  d.failure, d.notes, d.path, d.upload, d.modified_at AS modifiedAt, d.added_at AS addedAt,
  (SELECT json_group_array(collection_id) FROM collection_documents WHERE document_id = d.id) AS collectionIds`;

function prepare(db: WriteDatabase) {
  const among = 'IN (SELECT value FROM json_each(:ids))';
  return {
    list: db.query<Row>(
      `SELECT ${COLUMNS} FROM library_documents d WHERE removed_at IS NULL ORDER BY added_at DESC, id DESC`,
    ),
    get: db.query<Row>(`SELECT ${COLUMNS} FROM library_documents d WHERE id = :id AND removed_at IS NULL`),
    add: db.command<{ id: number }>(`
      INSERT INTO library_documents(title, titled, name, size_bytes, path, upload, state, added_at)
      VALUES (:title, :titled, :name, :sizeBytes, :path, :upload, 'waiting', :addedAt) RETURNING id`),
    withPath: db.query<{ id: number }>(
      'SELECT id FROM library_documents WHERE path = :path AND removed_at IS NULL',
    ),
    setState: db.command('UPDATE library_documents SET state = :state, failure = :failure WHERE id = :id'),
    finish: db.command(`
      UPDATE library_documents SET state = 'ready', failure = NULL, upload = NULL, format = :format, size_bytes = :sizeBytes,
        pages = :pages, characters = :characters, words = :words, language = :language, notes = :notes,
        modified_at = :modifiedAt, title = iif(titled = 1 OR :ownTitle IS NULL, title, :ownTitle)
      WHERE id = :id`),
    rename: db.command(
      'UPDATE library_documents SET title = :title, titled = 1 WHERE id = :id AND removed_at IS NULL',
    ),
    remove: db.command(`UPDATE library_documents SET removed_at = :at WHERE id ${among}`),
    removed: db.query<{ id: number }>('SELECT id FROM library_documents WHERE removed_at IS NOT NULL'),
    collections: db.query<Collection>('SELECT id, name, folder FROM collections ORDER BY name'),
    collectionNamed: db.query<{ id: number }>('SELECT id FROM collections WHERE name = :name'),
    addCollection: db.command<Collection>(
      'INSERT INTO collections(name, folder) VALUES (:name, :folder) RETURNING id, name, folder',
    ),
    changeCollection: db.command<Collection>(
      'UPDATE collections SET name = :name, folder = :folder WHERE id = :id RETURNING id, name, folder',
    ),
    removeCollection: db.command('DELETE FROM collections WHERE id = :id'),
    putIn: db.command(`
      INSERT OR IGNORE INTO collection_documents(collection_id, document_id)
      SELECT :collectionId, id FROM library_documents WHERE id ${among}`),
    takeOut: db.command(
      `DELETE FROM collection_documents WHERE collection_id = :collectionId AND document_id ${among}`,
    ),
  };
}
