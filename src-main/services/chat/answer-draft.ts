// The text of an answer while it grows, and its way to the disk: saved soon after it was shown, and tried again for
// as long as the disk refuses it.
import { AppError, toWireError } from '#contract/errors.ts';
import type { Failure } from '#contract/common.ts';
import type { Message } from '#contract/chat.ts';

/** Text reaches the database at most this long after it was shown. */
const SAVE_WITHIN_MS = 350;
/** Between attempts while the disk is full or read-only. */
const RETRY_MS = 1500;

export type AnswerOutcome = Pick<Message, 'status' | 'failure' | 'stats'>;

/** Where answers are kept. Both throw an AppError when they can't. */
export interface AnswerStore {
  saveProgress(id: number, progress: Pick<Message, 'text' | 'thought'>): void;
  finish(id: number, outcome: AnswerOutcome & Pick<Message, 'text' | 'thought'>): void;
}

export class AnswerDraft {
  readonly message: Message;
  readonly #store: AnswerStore;
  readonly #tellSaving: (failure: Failure | null) => void;
  #timer: NodeJS.Timeout | undefined;
  #refused = false;
  #finished = false;
  #abandoned = false;

  /** `tellSaving` hears when saving begins to fail, and with null when it works again. */
  constructor(answer: Message, store: AnswerStore, tellSaving: (failure: Failure | null) => void) {
    this.message = { ...answer };
    this.#store = store;
    this.#tellSaving = tellSaving;
  }

  append(part: 'text' | 'thought', text: string): void {
    if (this.#finished) return;
    this.message[part] += text;
    this.#timer ??= setTimeout(() => this.#saveProgress(), this.#refused ? RETRY_MS : SAVE_WITHIN_MS);
  }

  /** Saves the final state; resolves when it is committed, however long the disk refuses it. */
  async finish(outcome: AnswerOutcome): Promise<void> {
    while (!this.finishNow(outcome) && !this.#abandoned)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }

  /** No further attempt: the database is about to be closed. */
  abandon(): void {
    this.#abandoned = true;
    clearTimeout(this.#timer);
  }

  /** One attempt to save the final state; true when it is saved (or was before). */
  finishNow(outcome: AnswerOutcome): boolean {
    if (this.#finished) return true;
    clearTimeout(this.#timer);
    Object.assign(this.message, outcome);
    const { id, text, thought } = this.message;
    this.#finished = this.#attempt(() => this.#store.finish(id, { ...outcome, text, thought }));
    return this.#finished;
  }

  #saveProgress(): void {
    this.#timer = undefined;
    const { id, text, thought } = this.message;
    const saved = this.#attempt(() => this.#store.saveProgress(id, { text, thought }));
    if (!saved) this.#timer = setTimeout(() => this.#saveProgress(), RETRY_MS);
  }

  #attempt(save: () => void): boolean {
    try {
      save();
    } catch (error) {
      // Its conversation was deleted for ever meanwhile: there is nothing left to save it in.
      if (error instanceof AppError && error.code === 'not-found') return true;
      this.#refuse(error);
      return false;
    }
    if (this.#refused) this.#tellSaving(null);
    this.#refused = false;
    return true;
  }

  #refuse(error: unknown): void {
    const { code, details } = toWireError(error);
    if (!this.#refused) this.#tellSaving({ code, ...(details && { details }) });
    this.#refused = true;
  }
}
