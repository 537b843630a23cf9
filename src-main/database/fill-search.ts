// Fills a search index that was made anew, newest first, in transactions so short that whoever writes meanwhile hardly
// waits. How far it came is part of each of them: a kill loses nothing and brings nothing in twice.
import type { ReadDatabase, WriteDatabase } from './connection.ts';
import type { WriteGate } from './write-gate.ts';

/** One transaction. */
const STEP_MESSAGES = 8;
const STEP_CHARACTERS = 5_000;
const STEP_TITLES = 50;

interface Place {
  below: number;
  last: number;
}

type Part = 'titles' | 'messages';

/** The share of what was there that can be found; 1: all. Titles come first. */
export function indexedShareOf(db: ReadDatabase): number {
  const places = db.query<Place & { part: Part }>('SELECT part, below, last FROM search_filling').all();
  if (places.some(({ part }) => part === 'titles')) return 0;
  const [messages] = places;
  return messages ? (messages.last + 1 - messages.below) / (messages.last + 1) : 1;
}

export class SearchFiller {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** Ends after `budgetMs`, or as soon as somebody else wants to write. Returns the indexed share. */
  turn(gate: WriteGate, budgetMs: number): number {
    const end = performance.now() + budgetMs;
    while (!gate.taken && performance.now() < end && this.#step());
    return indexedShareOf(this.#db);
  }

  /** False when nothing is left. */
  #step(): boolean {
    return this.#db.transaction(() => {
      const part = this.#place('titles') ? 'titles' : 'messages';
      const place = this.#place(part);
      if (!place) return false;
      const from = part === 'titles' ? this.#titlesFrom(place.below) : this.#messagesFrom(place.below);
      if (from === null) this.#statements.done.run({ part });
      else {
        this.#statements[part].run({ from, below: place.below });
        this.#statements.reached.run({ part, below: from });
      }
      return true;
    });
  }

  #place(part: Part): Place | undefined {
    return this.#statements.place.get({ part });
  }

  /** The first id of the next step; null: nothing is left. */
  #titlesFrom(below: number): number | null {
    return this.#statements.nextTitles.all({ below, most: STEP_TITLES }).at(-1)?.id ?? null;
  }

  #messagesFrom(below: number): number | null {
    let from: number | null = null;
    let characters = 0;
    for (const { id, length } of this.#statements.nextMessages.all({ below, most: STEP_MESSAGES })) {
      characters += length;
      if (from !== null && characters > STEP_CHARACTERS) break;
      from = id;
    }
    return from;
  }
}

function prepare(db: WriteDatabase) {
  return {
    place: db.query<Place>('SELECT below, last FROM search_filling WHERE part = :part'),
    reached: db.command('UPDATE search_filling SET below = :below WHERE part = :part'),
    done: db.command('DELETE FROM search_filling WHERE part = :part'),
    nextTitles: db.query<{ id: number }>(
      'SELECT id FROM conversations WHERE id < :below ORDER BY id DESC LIMIT :most',
    ),
    nextMessages: db.query<{ id: number; length: number }>(`
      SELECT id, length(text) AS length FROM messages
      WHERE id < :below AND status <> 'generating' ORDER BY id DESC LIMIT :most`),
    // Those that were written anew meanwhile are in already.
    titles: db.command(`
      INSERT INTO titles_fts(rowid, title) SELECT id, search_text(title) FROM conversations
      WHERE id >= :from AND id < :below AND id NOT IN (SELECT id FROM titles_fts_docsize)`),
    messages: db.command(`
      INSERT INTO messages_fts(rowid, text) SELECT id, search_text(text) FROM messages
      WHERE id >= :from AND id < :below AND status <> 'generating'
        AND id NOT IN (SELECT id FROM messages_fts_docsize)`),
  };
}
