// The bin: what lies in it, how long, and deleting for ever in steps. Deleted conversations and removed branches both
// bear the time of it. That time alone is not trusted, because clocks go wrong: a count of the time that passed while
// the app was looking stands beside it (`bin_times`), and both must say that the days are over.
import type { BinnedConversation } from '#contract/order.ts';
import { BIN_DAYS } from '#contract/order.ts';
import type { WriteDatabase } from './connection.ts';
import { CONVERSATION_COLUMNS, toConversation, type ConversationRow } from './conversation-repository.ts';

const DAY_MS = 86_400_000;
const KEPT_MS = BIN_DAYS * DAY_MS;
/** What a single look adds to the count at most, however far the clock has gone since the one before. */
const MOST_PER_LOOK_MS = 7 * DAY_MS;

interface BinRange {
  limit: number;
  before?: Pick<BinnedConversation, 'id' | 'deletedAt'> | undefined;
}

export class BinRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** Last deleted first; `before` is the last one already known. */
  list({ limit, before }: BinRange): BinnedConversation[] {
    const { id, deletedAt } = before ?? { id: 0, deletedAt: Number.MAX_SAFE_INTEGER };
    return this.#statements.list
      .all({ limit, id, deletedAt })
      .map((row) => ({ ...toConversation(row), deletedAt: row.deletedAt }));
  }

  /** Counts on to `now`, and takes down what is new in the bin. */
  look(now: number): void {
    this.#db.transaction(() => {
      const { seenAt, countedMs } = this.#statements.clock.get() ?? { seenAt: now, countedMs: 0 };
      const passed = Math.min(Math.max(0, now - seenAt), MOST_PER_LOOK_MS);
      this.#statements.setClock.run({ seenAt: now, countedMs: countedMs + passed });
      this.#statements.takeDown.run();
      this.#statements.forget.run();
    });
  }

  /** Marks conversations whose days are over as to be deleted for ever. Returns how many, at most `limit`. */
  expire(now: number, limit: number): number {
    return this.#statements.expire.run({ ...this.#overSince(now), limit });
  }

  /** Marks conversations of the bin as to be deleted for ever. */
  giveUp(ids: readonly number[]): void {
    this.#statements.giveUp.run({ ids: JSON.stringify(ids) });
  }

  /** Takes conversations out of the bin, with the places in the list they had. */
  restore(ids: readonly number[]): void {
    this.#statements.restore.run({ ids: JSON.stringify(ids) });
  }

  /** All that lie in the bin. */
  ids(): number[] {
    return this.#statements.ids.all().map(({ id }) => id);
  }

  /** One that is to be deleted for ever, or null. */
  nextGivenUp(): number | null {
    return this.#statements.nextGivenUp.get()?.id ?? null;
  }

  /** Deletes its messages, newest first, then itself. Ends after `budgetMs`; true when nothing is left. */
  erase(id: number, budgetMs: number): boolean {
    return this.#within(budgetMs, () => {
      if (this.#statements.eraseNewest.run({ id }) > 0) return true;
      this.#statements.erase.run({ id });
      return false;
    });
  }

  /** Deletes messages of branches that were removed long enough ago. True when none is left. */
  eraseBranches(now: number, budgetMs: number): boolean {
    const times = this.#statements.overTimes.all(this.#overSince(now));
    return this.#within(budgetMs, () => {
      while (times[0] && this.#statements.eraseRemoved.run({ ...times[0] }) === 0) times.shift();
      return times.length > 0;
    });
  }

  #overSince(now: number): { now: number; before: number; counted: number } {
    const counted = (this.#statements.clock.get()?.countedMs ?? 0) - KEPT_MS;
    return { now, before: now - KEPT_MS, counted };
  }

  /** Repeats in one transaction until there is nothing to do (true) or the time is over (false). */
  #within(budgetMs: number, step: () => boolean): boolean {
    const end = performance.now() + budgetMs;
    return this.#db.transaction(() => {
      do if (!step()) return true;
      while (performance.now() < end);
      return false;
    });
  }
}

/** A time that lies ahead was written by a clock that went wrong: then the count alone decides. */
const OVER = `SELECT thrown_at FROM bin_times
  WHERE counted_ms <= :counted AND (thrown_at <= :before OR thrown_at > :now)`;

function prepare(db: WriteDatabase) {
  return {
    list: db.query<ConversationRow & { deletedAt: number }>(`
      SELECT ${CONVERSATION_COLUMNS}, c.deleted_at AS deletedAt FROM conversations c
      WHERE c.deleted_at > 0 AND (c.deleted_at, c.id) < (:deletedAt, :id)
      ORDER BY c.deleted_at DESC, c.id DESC LIMIT :limit`),
    ids: db.query<{ id: number }>('SELECT id FROM conversations WHERE deleted_at > 0'),
    clock: db.query<{ seenAt: number; countedMs: number }>(
      'SELECT seen_at AS seenAt, counted_ms AS countedMs FROM bin_clock',
    ),
    setClock: db.command(
      'INSERT OR REPLACE INTO bin_clock(id, seen_at, counted_ms) VALUES (1, :seenAt, :countedMs)',
    ),
    takeDown: db.command(`
      INSERT OR IGNORE INTO bin_times(thrown_at, counted_ms)
      SELECT DISTINCT thrown, (SELECT counted_ms FROM bin_clock) FROM (
        SELECT deleted_at AS thrown FROM conversations WHERE deleted_at > 0
        UNION SELECT removed_at FROM messages WHERE removed_at IS NOT NULL
      )`),
    forget: db.command(`
      DELETE FROM bin_times WHERE NOT EXISTS (SELECT 1 FROM conversations WHERE deleted_at = thrown_at)
        AND NOT EXISTS (SELECT 1 FROM messages WHERE removed_at = thrown_at)`),
    expire: db.command(`
      UPDATE conversations SET deleted_at = 0
      WHERE id IN (SELECT id FROM conversations WHERE deleted_at > 0 AND deleted_at IN (${OVER}) LIMIT :limit)`),
    giveUp: db.command(
      'UPDATE conversations SET deleted_at = 0 WHERE deleted_at > 0 AND id IN (SELECT value FROM json_each(:ids))',
    ),
    restore: db.command(
      'UPDATE conversations SET deleted_at = NULL WHERE deleted_at > 0 AND id IN (SELECT value FROM json_each(:ids))',
    ),
    nextGivenUp: db.query<{ id: number }>('SELECT id FROM conversations WHERE deleted_at = 0 LIMIT 1'),
    // Children are younger than their parents: the newest one has none.
    eraseNewest: db.command(
      'DELETE FROM messages WHERE id = (SELECT max(id) FROM messages WHERE conversation_id = :id)',
    ),
    erase: db.command('DELETE FROM conversations WHERE id = :id AND deleted_at = 0'),
    overTimes: db.query<{ thrownAt: number }>(`
      SELECT thrown_at AS thrownAt FROM bin_times
      WHERE thrown_at IN (${OVER}) AND EXISTS (SELECT 1 FROM messages WHERE removed_at = thrown_at)`),
    // Never one with something below it: what was brought back from a removed branch stays, with what leads to it.
    eraseRemoved: db.command(`
      DELETE FROM messages WHERE id = (
        SELECT m.id FROM messages m WHERE m.removed_at = :thrownAt
          AND NOT EXISTS (SELECT 1 FROM messages child WHERE child.parent_id = m.id)
        ORDER BY m.id DESC LIMIT 1
      )`),
  };
}
