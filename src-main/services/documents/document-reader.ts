// Reads documents one after the other in the background: their file through the reader process, their text into the
// database. What was interrupted by a kill is begun again; what fails keeps its reason.
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, toWireError } from '#contract/errors.ts';
import type { Failure } from '#contract/common.ts';
import type { ReadDocument } from '#contract/reader.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { StoredDocument } from '../../database/document-repository.ts';
import type { Log } from '../../lib/log.ts';
import type { ReadingService } from '../reading/reading-service.ts';
import { factsOf } from './file-facts.ts';
import type { TextClient } from './text-client.ts';

interface ReaderParts {
  database: Pick<AppDatabase, 'documents' | 'flush'>;
  reading: Pick<ReadingService, 'read'>;
  texts: Pick<TextClient, 'write'>;
  log: Pick<Log, 'error'>;
  /** Something about a document is not as it was. */
  onChange: () => void;
  /** What is kept is what its file says now. */
  onRead: (id: number) => void;
}

/** Of reading the file; the rest is writing its text. */
const READING_SHARE = 0.8;

export class DocumentReader {
  readonly #parts: ReaderParts;
  readonly #waiting: { id: number; password: string | undefined }[] = [];
  #current: { id: number; stop: AbortController; progress: number } | null = null;
  #closed = false;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** From 0 to 1; null of one that is not being read. */
  progress(id: number): number | null {
    return this.#current?.id === id ? this.#current.progress : null;
  }

  /** In its turn. Asking twice changes the password alone. */
  add(id: number, password?: string): void {
    const waiting = this.#waiting.find((each) => each.id === id);
    if (waiting) waiting.password = password;
    else if (this.#current?.id !== id) this.#waiting.push({ id, password });
    void this.#run();
  }

  stop(id: number): void {
    const index = this.#waiting.findIndex((each) => each.id === id);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      this.#fail(id, { code: 'cancelled' });
    }
    if (this.#current?.id === id) this.#current.stop.abort();
  }

  /** What is being read is read again at the next start. */
  close(): void {
    this.#closed = true;
    this.#current?.stop.abort();
  }

  async #run(): Promise<void> {
    if (this.#current) return;
    for (let next = this.#waiting.shift(); next && !this.#closed; next = this.#waiting.shift()) {
      const document = this.#parts.database.documents.get(next.id);
      if (document) await this.#readOne(document, next.password);
    }
  }

  async #readOne(document: StoredDocument, password: string | undefined): Promise<void> {
    const { id } = document;
    const stop = new AbortController();
    this.#current = { id, stop, progress: 0 };
    try {
      this.#parts.database.documents.setState(id, 'reading');
      this.#parts.onChange();
      await this.#read(document, password, stop.signal);
    } catch (error) {
      if (!this.#closed) this.#fail(id, stop.signal.aborted ? { code: 'cancelled' } : this.#toFailure(error));
    } finally {
      this.#current = null;
      this.#parts.onChange();
    }
  }

  async #read(document: StoredDocument, password: string | undefined, signal: AbortSignal): Promise<void> {
    const { database, texts } = this.#parts;
    const path = document.upload ?? document.path;
    if (path === null) throw new AppError('file-missing', 'Nothing is left to read');
    const facts = await factsOf(path);
    const read = await this.#readFile(path, { name: document.name, password }, signal);
    const written = await texts.write(document.id, read.blocks, signal);
    const { title, format, pages, notes } = read;
    const modifiedAt = document.path === null ? null : facts.modifiedAt;
    const found = { title, format, pages, notes, sizeBytes: facts.sizeBytes, modifiedAt };
    database.documents.finish(document.id, { ...found, ...written });
    this.#parts.onRead(document.id);
    await database.flush();
    if (document.upload !== null) await rm(document.upload, { force: true });
  }

  #readFile(
    path: string,
    { name, password }: { name: string; password: string | undefined },
    signal: AbortSignal,
  ): Promise<ReadDocument> {
    const onProgress = (progress: number): void => {
      if (this.#current) this.#current.progress = progress * READING_SHARE;
      this.#parts.onChange();
    };
    const file = { path, name: name || basename(path), ...(password !== undefined && { password }) };
    return this.#parts.reading.read(file, { signal, onProgress });
  }

  #fail(id: number, reason: Failure): void {
    try {
      this.#parts.database.documents.setState(id, 'failed', reason);
    } catch (error) {
      // A full disk: it is read again at the next start.
      this.#parts.log.error('Keeping why a document was not read', error);
    }
    this.#parts.onChange();
  }

  #toFailure(error: unknown): Failure {
    const logId = error instanceof AppError ? undefined : this.#parts.log.error('Reading a document', error);
    const { code, details } = toWireError(error, logId);
    return { code, ...(details && { details }) };
  }
}
