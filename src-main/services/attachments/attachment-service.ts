// What goes along with questions: takes in pasted texts, files and other conversations, and keeps the drafts tidy.
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import {
  TEXT_LIMIT,
  type AttachmentOffer,
  type DraftPlace,
  type UploadEvent,
} from '#contract/attachments.ts';
import type { Attachment } from '#contract/attachment.ts';
import { AppError } from '#contract/errors.ts';
import { plainText } from '#contract/reader.ts';
import { createQueue } from '#rpc/queue.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { NewDocument } from '../../database/attachment-repository.ts';
import type { TalkDatabase } from '../../database/temporary-database.ts';
import type { Log } from '../../lib/log.ts';
import type { ReadingService } from '../reading/reading-service.ts';
import { cleanText, keepDocument } from './keep-document.ts';
import type { Uploads } from './uploads.ts';

const DAY_MS = 86_400_000;
/** How long something waits with a draft that is never sent, and how long it can be put back on one. */
const DRAFT_DAYS = 30;
const REST_DAYS = 1;
const FIRST_SWEEP_AFTER_MS = 20_000;
const SWEEP_EVERY_MS = 12 * 3_600_000;
const MOST_OFFERS = 6;

interface AttachmentOptions {
  database: AppDatabase;
  reading: Pick<ReadingService, 'read'>;
  uploads: Uploads;
  now: () => number;
  log: Log;
}

type Document = Omit<NewDocument, 'characters' | 'now'>;

export class AttachmentService {
  readonly #options: AttachmentOptions;
  readonly #closing = new AbortController();

  constructor(options: AttachmentOptions) {
    this.#options = options;
    if (!options.database.readOnly) void this.#sweepAgainAndAgain();
  }

  list(place: DraftPlace): Attachment[] {
    return this.#talk(place).attachments.ofDraft(place.conversationId);
  }

  /** @throws AppError attachment-too-long, file-empty, disk-full */
  async addText(place: DraftPlace, name: string, text: string): Promise<Attachment> {
    return this.#add(place, { kind: 'text', name, pages: null, notes: [] }, text);
  }

  /** The shown branch as it stands. @throws AppError not-found, attachment-too-long, file-empty */
  async addConversation(place: DraftPlace, sourceId: number): Promise<Attachment> {
    const { conversations, messages } = this.#options.database.holding(sourceId);
    const source = conversations.get(sourceId);
    if (!source) throw new AppError('not-found', `There is no conversation ${sourceId}`);
    const text = messages
      .activeBranch(sourceId)
      .filter((message) => message.text !== '')
      .map((message) => `${message.role === 'user' ? 'Question' : 'Answer'}:\n${message.text}`)
      .join('\n\n');
    const name = source.title.trim().slice(0, 300) || 'Conversation';
    return this.#add(place, { kind: 'conversation', name, pages: null, notes: [] }, text);
  }

  /** @throws AppError not-found */
  async addDocument(place: DraftPlace, attachmentId: number): Promise<Attachment> {
    const { database, now } = this.#options;
    const source = database.holding(attachmentId);
    const target = this.#talk(place);
    const kept = source.attachments.get(attachmentId);
    if (source === target) {
      return target.attachments.attach(kept.documentId, place.conversationId, now());
    }
    return this.#add(place, kept, source.attachments.text(kept.documentId));
  }

  /** Reads what was uploaded; its bytes go when that is done. @throws AppError those of the reader, not-found */
  async *read(
    place: DraftPlace,
    upload: { uploadId: string; password?: string | undefined },
    signal: AbortSignal,
  ): AsyncGenerator<UploadEvent, void, void> {
    const { reading, uploads } = this.#options;
    const { path, name } = uploads.find(upload.uploadId);
    const progress = createQueue<UploadEvent>();
    const file = { path, name, ...(upload.password !== undefined && { password: upload.password }) };
    const onProgress = (share: number): void => progress.push({ type: 'reading', progress: share });
    const document = reading.read(file, { signal, onProgress });
    document.then(
      () => progress.close(),
      (error: Error) => progress.fail(error),
    );
    yield* progress;
    const { pages, notes, ...read } = await document;
    const attachment = await this.#add(place, { kind: 'file', name, pages, notes }, plainText(read));
    await uploads.giveUp(upload.uploadId);
    yield { type: 'attached', attachment };
  }

  /** A part of the text. @throws AppError not-found */
  text(id: number, place: number): { text: string; nextPart: number | null } {
    const { attachments } = this.#options.database.holding(id);
    const { documentId } = attachments.get(id);
    const text = attachments.part(documentId, place);
    const more = attachments.part(documentId, place + 1) !== null;
    return { text: text ?? '', nextPart: more ? place + 1 : null };
  }

  remove(id: number): void {
    this.#options.database.holding(id).attachments.remove(id, this.#options.now());
  }

  /** @throws AppError not-found */
  restore(id: number): Attachment {
    return this.#options.database.holding(id).attachments.restore(id);
  }

  /** Puts them with another draft, also from those that are stored to those that are not. */
  async move(place: DraftPlace, ids: readonly number[]): Promise<Attachment[]> {
    const { database } = this.#options;
    const target = this.#talk(place);
    for (const id of ids) {
      const source = database.holding(id);
      if (source === target) target.attachments.move([id], place.conversationId);
      else if (source.attachments.find(id)?.messageId === null) {
        await this.addDocument(place, id);
        source.attachments.erase(id);
        while (source.attachments.eraseStep()) await breathe();
      }
    }
    return this.list(place);
  }

  /** Documents, then conversations, that have `query` in their names. */
  offers(query: string): AttachmentOffer[] {
    const { attachments, conversations } = this.#options.database;
    const documents = attachments
      .named(query, MOST_OFFERS)
      .map((each) => ({ ...each, kind: 'document' as const }));
    const named = conversations.named(query, MOST_OFFERS).map(({ id, title, updatedAt }) => ({
      kind: 'conversation' as const,
      id,
      name: title,
      at: updatedAt,
    }));
    return [...documents, ...named];
  }

  /** Erases what no draft needs any more. */
  async sweep(): Promise<void> {
    const { database, now, log } = this.#options;
    try {
      const time = now();
      const over = [time - DRAFT_DAYS * DAY_MS, time - REST_DAYS * DAY_MS] as const;
      const { attachments } = database;
      while (!this.#closing.signal.aborted && (attachments.eraseStep() || attachments.sweep(...over)))
        await breathe();
    } catch (error) {
      log.error('Sweeping drafts', error);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#options.uploads.clear().catch(() => {}); // Cleared at the next start.
  }

  async #add(place: DraftPlace, document: Document, raw: string): Promise<Attachment> {
    const { kind, name, pages, notes } = document;
    const text = cleanText(raw);
    if (text.length > TEXT_LIMIT) {
      const details = { length: text.length, limit: TEXT_LIMIT };
      throw new AppError('attachment-too-long', 'Too long to attach', { details });
    }
    if (text.trim() === '') throw new AppError('file-empty', 'Nothing to attach');
    const { now } = this.#options;
    const talk = this.#talk(place);
    const id = await keepDocument(talk, { kind, name, pages, notes, now: now() }, text);
    return talk.attachments.attach(id, place.conversationId, now());
  }

  #talk({ conversationId, temporary }: DraftPlace): TalkDatabase {
    const { database } = this.#options;
    if (conversationId !== null) return database.holding(conversationId);
    return temporary ? database.temporary : database;
  }

  async #sweepAgainAndAgain(): Promise<void> {
    const unlessClosing = { signal: this.#closing.signal, ref: false };
    try {
      await this.#options.uploads.clear();
      for (let wait = FIRST_SWEEP_AFTER_MS; ; wait = SWEEP_EVERY_MS) {
        await pause(wait, undefined, unlessClosing);
        await this.sweep();
      }
    } catch {
      // Closed while waiting.
    }
  }
}
