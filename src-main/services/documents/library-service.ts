// The library: brings documents in, keeps them in order, and tells the window of every change.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type {
  Collection,
  Document,
  DocumentBlock,
  Library,
  Section,
  TextRange,
} from '#contract/documents.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { StoredDocument } from '../../database/document-repository.ts';
import type { Log } from '../../lib/log.ts';
import { Watchable } from '../../lib/watchable.ts';
import type { ReadingService } from '../reading/reading-service.ts';
import { DocumentReader } from './document-reader.ts';
import { factsOf, fileState } from './file-facts.ts';
import { findFiles } from './find-files.ts';
import { TextClient } from './text-client.ts';

/** Of a pasted text without a title, so many characters of its first line are one. */
const TITLE_CHARACTERS = 80;
/** While one is read its progress changes all the time. */
const TELL_EVERY_MS = 100;

interface LibraryOptions {
  database: AppDatabase;
  reading: Pick<ReadingService, 'read'>;
  /** For files that are not read yet. */
  uploadsFolder: string;
  now: () => number;
  log: Log;
}

interface AddedPaths {
  added: number[];
  known: number[];
  skipped: string[];
}

export class LibraryService {
  readonly library: Watchable<Library>;
  readonly #options: LibraryOptions;
  readonly #texts: TextClient;
  readonly #reader: DocumentReader;
  readonly #fileStates = new Map<number, Document['fileState']>();
  #telling: NodeJS.Timeout | null = null;

  constructor(options: LibraryOptions) {
    this.#options = options;
    const { database } = options;
    this.#texts = new TextClient(database);
    this.#reader = new DocumentReader({
      ...options,
      texts: this.#texts,
      onChange: () => this.#changed(),
      onRead: (id) => this.#fileStates.delete(id),
    });
    this.library = new Watchable<Library>(this.#look());
  }

  /** Goes on with what the last run of the app left behind. */
  async resume(): Promise<void> {
    const { database, uploadsFolder } = this.#options;
    if (database.readOnly) return;
    const removed = database.documents.removed();
    if (removed.length > 0) await this.#texts.erase(removed);
    const kept = new Set(database.documents.list().map(({ upload }) => upload));
    const uploads = await readdir(uploadsFolder).catch(() => []);
    const left = uploads.map((name) => join(uploadsFolder, name)).filter((path) => !kept.has(path));
    await Promise.all(left.map((path) => rm(path, { force: true })));
    const unread = ['waiting', 'reading'] as const;
    for (const { id, state } of database.documents.list().toReversed())
      if (unread.some((each) => each === state)) this.#reader.add(id);
    await this.lookAtFiles();
  }

  /** A file in the data folder that becomes the library's. */
  async addUpload(
    { path, name }: { path: string; name: string },
    collectionId: number | null,
  ): Promise<Document> {
    const { sizeBytes } = await factsOf(path);
    const upload = join(this.#options.uploadsFolder, randomUUID());
    await mkdir(this.#options.uploadsFolder, { recursive: true });
    await rename(path, upload);
    return this.#add({ title: name, titled: false, name, sizeBytes, path: null, upload, collectionId });
  }

  /** @throws AppError message-empty, disk-full */
  async addText(title: string, text: string): Promise<Document> {
    const { uploadsFolder } = this.#options;
    const firstLine = /\S[^\n]*/.exec(text)?.[0] ?? '';
    if (firstLine === '') throw new AppError('message-empty', 'Nothing visible in this text');
    const path = join(uploadsFolder, `${randomUUID()}.md`);
    await mkdir(uploadsFolder, { recursive: true });
    await writeFile(path, text);
    const name = (title.trim() || firstLine).slice(0, TITLE_CHARACTERS);
    const sizeBytes = Buffer.byteLength(text);
    const titled = title.trim() !== '';
    return this.#add({
      title: name,
      titled,
      name: 'text.md',
      sizeBytes,
      path: null,
      upload: path,
      collectionId: null,
    });
  }

  /** Files, and all that can be read in folders. @throws AppError file-missing when nothing is there. */
  async addPaths(paths: readonly string[], collectionId: number | null): Promise<AddedPaths> {
    const { documents } = this.#options.database;
    const { files, skipped } = await findFiles(paths);
    const result: AddedPaths = { added: [], known: [], skipped };
    for (const path of files) {
      const known = documents.withPath(path);
      if (known !== null && collectionId !== null) documents.put(collectionId, [known], true);
      if (known !== null) result.known.push(known);
      else result.added.push((await this.#addPath(path, collectionId)).id);
    }
    this.#changed();
    return result;
  }

  /** @throws AppError not-found */
  read(id: number, password?: string): void {
    this.#require(id);
    this.#options.database.documents.setState(id, 'waiting');
    this.#reader.add(id, password);
    this.#changed();
  }

  stop(id: number): void {
    this.#reader.stop(id);
  }

  /** @throws AppError not-found */
  rename(id: number, title: string): Document {
    const renamed = this.#options.database.documents.rename(id, title);
    this.#changed();
    return this.#toDocument(renamed);
  }

  remove(ids: readonly number[]): void {
    for (const id of ids) this.#reader.stop(id);
    this.#options.database.documents.remove(ids, this.#options.now());
    this.#changed();
  }

  restore(ids: readonly number[]): void {
    this.#options.database.documents.remove(ids, null);
    this.#changed();
  }

  /** @throws AppError not-found */
  outline(id: number): Section[] {
    this.#require(id);
    return this.#options.database.texts.outline(id);
  }

  /** @throws AppError not-found */
  blocks(id: number, from: number, limit: number): { blocks: DocumentBlock[]; characters: number } {
    const { characters } = this.#require(id);
    return { blocks: this.#options.database.texts.blocks(id, from, limit), characters };
  }

  /** The text between two positions. @throws AppError not-found, document-not-ready */
  text(id: number, range: TextRange): string {
    const { state } = this.#require(id);
    if (state !== 'ready') throw new AppError('document-not-ready', `Document ${id} is ${state}`);
    return this.#options.database.texts.text(id, range);
  }

  /** @throws AppError not-found, name-taken */
  saveCollection(id: number | null, name: string, folder: string | null): Collection {
    const saved = this.#options.database.documents.saveCollection(id, name, folder);
    this.#changed();
    return saved;
  }

  removeCollection(id: number): void {
    this.#options.database.documents.removeCollection(id);
    this.#changed();
  }

  put(collectionId: number, documentIds: readonly number[], inside: boolean): void {
    this.#options.database.documents.put(collectionId, documentIds, inside);
    this.#changed();
  }

  /** Compares the files with what was read of them. */
  async lookAtFiles(): Promise<void> {
    for (const { id, path, ...read } of this.#options.database.documents.list()) {
      if (path !== null && read.state === 'ready')
        this.#fileStates.set(id, await fileState({ ...read, path }));
    }
    this.#changed();
  }

  async close(): Promise<void> {
    if (this.#telling) clearTimeout(this.#telling);
    this.#reader.close();
    await this.#texts.close();
  }

  async #addPath(path: string, collectionId: number | null): Promise<Document> {
    const { sizeBytes } = await factsOf(path);
    const name = basename(path);
    return this.#add({ title: name, titled: false, name, sizeBytes, path, upload: null, collectionId });
  }

  #add(values: Omit<Parameters<AppDatabase['documents']['add']>[0], 'addedAt'>): Document {
    const { database, now } = this.#options;
    const document = database.documents.add({ ...values, addedAt: now() });
    this.#reader.add(document.id);
    this.#changed();
    return this.#toDocument(document);
  }

  #require(id: number): StoredDocument {
    const document = this.#options.database.documents.get(id);
    if (!document) throw new AppError('not-found', `There is no document ${id}`);
    return document;
  }

  #changed(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = null;
      this.library.set(this.#look());
    }, TELL_EVERY_MS);
  }

  #look(): Library {
    const { documents } = this.#options.database;
    return {
      documents: documents.list().map((document) => this.#toDocument(document)),
      collections: documents.collections(),
    };
  }

  #toDocument(stored: StoredDocument): Document {
    const { upload: _upload, modifiedAt: _modifiedAt, ...document } = stored;
    const progress = this.#reader.progress(document.id);
    return { ...document, progress, fileState: this.#fileStates.get(document.id) ?? 'same' };
  }
}
