// Documents that go along with questions, and where each is attached.
import { attachment, type Attachment, type AttachmentUse } from '#contract/attachment.ts';
import { AppError } from '#contract/errors.ts';
import type { WriteDatabase } from './connection.ts';
import { likePattern } from './like-pattern.ts';
import { readJson } from './json-column.ts';
import { prepareAttachmentStatements, type AttachmentRow } from './attachment-statements.ts';

/** Where the pieces that the model is given begin and end in the text. */
export type Passages = [from: number, to: number][];

export interface NewDocument {
  kind: Attachment['kind'];
  name: string;
  characters: number;
  pages: number | null;
  notes: Attachment['notes'];
  now: number;
}

/** An attachment with what only the host needs of it. */
export interface KeptAttachment extends Attachment {
  documentId: number;
  conversationId: number | null;
  /** Null: of a draft. */
  messageId: number | null;
  /** How much of it the model is given at most; null: all of it. */
  limitCharacters: number | null;
  /** Chosen for the question it was sent with; null before. */
  passages: Passages | null;
}

export interface ChosenUse {
  use: AttachmentUse;
  limitCharacters: number | null;
  tokens: number | null;
  givenTokens: number | null;
  until: string | null;
}

/** A message of a conversation. */
export interface Owner {
  messageId: number;
  conversationId: number;
}

export class AttachmentRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepareAttachmentStatements>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepareAttachmentStatements(db);
  }

  /** The whole document with this hash; null when there is none. */
  findDocument(sha256: string): number | null {
    return this.#statements.findDocument.get({ sha256 })?.id ?? null;
  }

  /** Empty, and not whole until `finishDocument`. */
  createDocument({ notes, ...values }: NewDocument): number {
    const added = this.#statements.createDocument.get({ ...values, notes: JSON.stringify(notes) });
    return added?.id ?? 0;
  }

  addPart(documentId: number, place: number, text: string): void {
    this.#statements.addPart.run({ documentId, place, text });
  }

  /** All parts are in. Returns the document to be used: one with this hash that came in meanwhile takes its place. */
  finishDocument(id: number, sha256: string): number {
    return this.#db.transaction(() => {
      const known = this.findDocument(sha256);
      if (known === null) this.#statements.finishDocument.run({ id, sha256 });
      else this.#statements.removeDocument.run({ id });
      return known ?? id;
    });
  }

  /** Attaches a document to the draft of a conversation; null: of the one that has not begun. */
  attach(documentId: number, conversationId: number | null, now: number): Attachment {
    const added = this.#statements.attach.get({ documentId, conversationId, now });
    return toAttachment(this.get(added?.id ?? 0));
  }

  /** Throws `not-found`, also for one that was taken off. */
  get(id: number): KeptAttachment {
    const found = this.find(id);
    if (!found) throw new AppError('not-found', `There is no attachment ${id}`);
    return found;
  }

  /** Null also when it was taken off. */
  find(id: number): KeptAttachment | null {
    const row = this.#statements.get.get({ id });
    return row ? toKept(row) : null;
  }

  /** Those of a draft, oldest first. */
  ofDraft(conversationId: number | null): Attachment[] {
    return this.#statements.ofDraft.all({ conversationId }).map((row) => toAttachment(toKept(row)));
  }

  ofMessage(messageId: number): KeptAttachment[] {
    return this.#statements.ofMessage.all({ messageId }).map(toKept);
  }

  /** By message, for all messages of a conversation that have some. */
  ofConversation(conversationId: number): Map<number, Attachment[]> {
    const found = new Map<number, Attachment[]>();
    for (const row of this.#statements.ofConversation.all({ conversationId })) {
      const messageId = row.messageId ?? 0;
      found.set(messageId, [...(found.get(messageId) ?? []), toAttachment(toKept(row))]);
    }
    return found;
  }

  /** Those of a draft go along with a message. Ids of others are passed over. */
  send(ids: readonly number[], { messageId, conversationId }: Owner): Attachment[] {
    this.#statements.send.run({ ids: JSON.stringify(ids), messageId, conversationId });
    return this.ofMessage(messageId).map(toAttachment);
  }

  /** What goes along with one message goes along with another one too. */
  copy(fromMessageId: number, { messageId, conversationId }: Owner, now: number): Attachment[] {
    this.#statements.copy.run({ fromMessageId, messageId, conversationId, now });
    return this.ofMessage(messageId).map(toAttachment);
  }

  /** The whole text. */
  text(documentId: number): string {
    return this.#statements.text.get({ documentId })?.text ?? '';
  }

  /** One part of the text, counted from 0; null where there is none. */
  part(documentId: number, place: number): string | null {
    return this.#statements.part.get({ documentId, place })?.text ?? null;
  }

  /** What was chosen before for a question is forgotten. */
  choose(id: number, { use, limitCharacters, tokens, givenTokens, until }: ChosenUse): void {
    this.#statements.choose.run({ id, use, limitCharacters, tokens, givenTokens, until });
  }

  keepPassages(id: number, passages: Passages): void {
    this.#statements.keepPassages.run({ id, passages: JSON.stringify(passages) });
  }

  /** Puts those of drafts with another draft. */
  move(ids: readonly number[], conversationId: number | null): void {
    this.#statements.move.run({ ids: JSON.stringify(ids), conversationId });
  }

  /** Takes one off a draft. */
  remove(id: number, now: number): void {
    this.#statements.remove.run({ id, now });
  }

  /** Throws `not-found`. */
  restore(id: number): Attachment {
    this.#statements.restore.run({ id });
    return toAttachment(this.get(id));
  }

  /** Erases one of a draft. */
  erase(id: number): void {
    this.#statements.erase.run({ id });
  }

  /** Documents whose names hold `query`, last attached first, each by one attachment of it. */
  named(query: string, limit: number): Pick<Attachment, 'id' | 'name' | 'characters'>[] {
    return this.#statements.named.all({ pattern: likePattern(query), limit });
  }

  /** Erases a part of a long document whose last attachment is gone. False when nothing is left of any. */
  eraseStep(): boolean {
    return this.#statements.eraseParts.run() > 0 || this.#statements.eraseDocument.run() > 0;
  }

  /** Erases one that no draft needs any more: begun before `draftsBefore`, or taken off or never finished before
   * `restBefore`. False when there is none left. */
  sweep(draftsBefore: number, restBefore: number): boolean {
    const { sweepDraft, sweepDocument } = this.#statements;
    return sweepDraft.run({ draftsBefore, restBefore }) > 0 || sweepDocument.run({ restBefore }) > 0;
  }
}

/** Without what only the host needs. */
export function toAttachment(kept: KeptAttachment): Attachment {
  const { id, kind, name, characters, pages, notes, use, tokens, givenTokens, until } = kept;
  return { id, kind, name, characters, pages, notes, use, tokens, givenTokens, until };
}

function toKept(row: AttachmentRow): KeptAttachment {
  const { kind, notes, use, passages, ...values } = row;
  return {
    ...values,
    kind: kind as Attachment['kind'],
    notes: readJson(attachment.shape.notes, notes) ?? [],
    use: use as AttachmentUse,
    passages: passages === null ? null : (JSON.parse(passages) as Passages),
  };
}
