// What the model reads of attachments: for each as much as the person chose, laid out before the words of its question.
import type { Attachment } from '#contract/attachment.ts';
import type { Message } from '#contract/chat.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { AttachmentRepository, KeptAttachment, Passages } from '../../database/attachment-repository.ts';
import { beginningOf, joinPassages, layOut, type Given } from './lay-out.ts';
import { passagesAtOnce, passagesInSteps } from './passages.ts';

type Said = Pick<Message, 'id' | 'role' | 'text' | 'attachments'>;

export class AttachedTexts {
  readonly #database: AppDatabase;

  constructor(database: AppDatabase) {
    this.#database = database;
  }

  /** The branch as the model reads it. */
  inBranch<T extends Said>(branch: readonly T[]): T[] {
    return branch.map((message) => {
      if (!message.attachments?.length) return message;
      const { attachments } = this.#database.holding(message.id);
      const kept = attachments.ofMessage(message.id);
      return { ...message, text: this.#read(attachments, kept, message.text) };
    });
  }

  /** A question that is still being written. Ids of what is gone are passed over. */
  inDraft(ids: readonly number[], text: string): string {
    const kept = ids.flatMap((id) => {
      const found = this.#find(id);
      return found ? [found] : [];
    });
    const [first] = kept;
    if (!first) return text;
    return this.#read(this.#database.holding(first.id).attachments, kept, text);
  }

  /** Of those that are with a draft. */
  names(ids: readonly number[]): string[] {
    const kept = ids.map((id) => this.#find(id));
    return kept.flatMap((each) => (each?.messageId === null ? [each.name] : []));
  }

  /** Chooses the passages for a question of a draft; sent with it, they stay the same from then on. */
  async settle(ids: readonly number[], question: string): Promise<void> {
    for (const id of ids) {
      const kept = this.#find(id);
      if (kept?.use !== 'excerpts' || kept.limitCharacters === null || kept.messageId !== null) continue;
      const { attachments } = this.#database.holding(id);
      const text = attachments.text(kept.documentId);
      const passages = await passagesInSteps(text, question, kept.limitCharacters);
      // Sent meanwhile, it has its own: those of another wording would change what the model was given.
      if (attachments.find(id)?.messageId === null) attachments.keepPassages(id, passages);
    }
  }

  /** The passages for another wording of a question; null for an attachment that needs none. */
  async chooseAgain(questionId: number, text: string): Promise<(Passages | null)[]> {
    const { attachments } = this.#database.holding(questionId);
    const chosen: (Passages | null)[] = [];
    for (const { use, limitCharacters, documentId } of attachments.ofMessage(questionId)) {
      const needed = use === 'excerpts' && limitCharacters !== null;
      chosen.push(needed ? await passagesInSteps(attachments.text(documentId), text, limitCharacters) : null);
    }
    return chosen;
  }

  #find(id: number): KeptAttachment | null {
    return this.#database.holding(id).attachments.find(id);
  }

  #read(attachments: AttachmentRepository, kept: readonly KeptAttachment[], question: string): string {
    const given = kept.map((each): Given => {
      const text = attachments.text(each.documentId);
      const { passages, limitCharacters } = each;
      if (limitCharacters === null) return { ...each, text };
      const chosen = passages ?? passagesFor(text, question, { ...each, limitCharacters });
      if (each.messageId !== null && passages === null) attachments.keepPassages(each.id, chosen);
      return { ...each, text: joinPassages(text, chosen) };
    });
    return layOut(given, question);
  }
}

/** What of a text is given for a question, at most so much. */
function passagesFor(
  text: string,
  question: string,
  { use, limitCharacters }: { use: Attachment['use']; limitCharacters: number },
): Passages {
  if (use === 'beginning') return beginningOf(text, limitCharacters);
  return passagesAtOnce(text, question, limitCharacters);
}
