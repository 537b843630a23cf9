// Empties the bin: what has lain in it for its days, and what a person deletes for ever. In steps of a few
// milliseconds, so that windows are answered meanwhile; what a quit interrupts goes on after the next start.
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import type { AppDatabase } from '../../database/app-database.ts';
import type { TalkDatabase } from '../../database/temporary-database.ts';
import type { Log } from '../../lib/log.ts';

const FIRST_LOOK_AFTER_MS = 10_000;
/** More often than daily: a laptop that sleeps is seldom awake for a whole day. */
const LOOK_EVERY_MS = 3_600_000;
const STEP_BUDGET_MS = 3;
const MARKED_AT_ONCE = 100;
/** How long a temporary conversation can be brought back after it was deleted. */
const TEMPORARY_BACK_MS = 30_000;

interface BinOptions {
  database: AppDatabase;
  /** Deletes the saved context of a conversation. */
  forgetContext: (conversationId: number) => Promise<void>;
  now: () => number;
  log: Log;
}

export class BinService {
  readonly #options: BinOptions;
  readonly #closing = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(options: BinOptions) {
    this.#options = options;
    if (!options.database.readOnly) void this.#lookAgainAndAgain();
  }

  /** Erases what is over, and what was given up. Resolves when that is done; failures are logged. */
  look(): Promise<void> {
    return this.#queue(async () => {
      const { database, now } = this.#options;
      const time = now();
      database.bin.look(time);
      while (database.bin.expire(time, MARKED_AT_ONCE) > 0) await breathe();
      await this.#eraseGivenUp(database);
      while (!this.#closed && !database.bin.eraseBranches(time, STEP_BUDGET_MS)) await breathe();
      await this.#eraseDocuments(database);
    });
  }

  /** Marks conversations of the bin, and begins to erase them: they are gone for everybody from now on. */
  async giveUp(ids: readonly number[]): Promise<void> {
    for (let at = 0; at < ids.length; at += MARKED_AT_ONCE) {
      this.#options.database.bin.giveUp(ids.slice(at, at + MARKED_AT_ONCE));
      await breathe();
    }
    void this.#queue(() => this.#eraseGivenUp(this.#options.database));
  }

  /** A deleted temporary conversation is erased as soon as nobody can take that back any more. */
  eraseTemporary(ids: readonly number[], afterMs = TEMPORARY_BACK_MS): void {
    const erase = async (): Promise<void> => {
      const { temporary } = this.#options.database;
      temporary.bin.giveUp(ids);
      await this.#eraseGivenUp(temporary);
    };
    const later = afterMs === 0 ? Promise.resolve() : pause(afterMs, undefined, this.#unlessClosing);
    void later.then(() => this.#queue(erase)).catch(() => {}); // Closing erases everything temporary.
  }

  close(): void {
    this.#closing.abort();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  get #unlessClosing(): { signal: AbortSignal; ref: boolean } {
    return { signal: this.#closing.signal, ref: false };
  }

  async #lookAgainAndAgain(): Promise<void> {
    try {
      for (let wait = FIRST_LOOK_AFTER_MS; !this.#closed; wait = LOOK_EVERY_MS) {
        await pause(wait, undefined, this.#unlessClosing);
        await this.look();
      }
    } catch {
      // Closed while waiting.
    }
  }

  async #eraseGivenUp(talk: TalkDatabase): Promise<void> {
    const { bin } = talk;
    for (;;) {
      if (this.#closed) return;
      const id = bin.nextGivenUp();
      if (id === null) return;
      await this.#options.forgetContext(id);
      while (!this.#closed && !bin.erase(id, STEP_BUDGET_MS)) await breathe();
      await this.#eraseDocuments(talk);
      await breathe();
    }
  }

  /** Long ones, that nothing has any more. */
  async #eraseDocuments({ attachments }: TalkDatabase): Promise<void> {
    while (!this.#closed && attachments.eraseStep()) await breathe();
  }

  #queue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(async () => {
      try {
        if (!this.#closed) await work();
      } catch (error) {
        this.#options.log.error('Emptying the bin', error);
      }
    });
    return this.#work;
  }
}
