// Who may use the one engine now. People first: background work waits for all of them and is asked to leave when
// one arrives. Those who wait hear their place in the line, which changes with what people look at.
import { AppError } from '#contract/errors.ts';
import { inOrder, nextIndex, type Rank, type Waiter } from './turn-order.ts';
import { Watchable } from './watchable.ts';

export interface Wish {
  /** A person's conversation goes before others while someone looks at it. */
  readonly priority: Exclude<Rank, 'visible'>;
  /** Null: for no conversation. */
  readonly conversationId: number | null;
}

export interface Turn {
  /** Aborts when the holder should give up its turn (background work only) or its own signal aborts. */
  readonly signal: AbortSignal;
  release(): void;
}

/** A wish in the line. Whoever does not wait for the turn to its end must `leave`. */
interface InLine {
  /** Null when the signal aborted first. What it resolves to must be released. */
  readonly turn: Promise<Turn | null>;
  /** 1 is next; 0 once the turn has come. */
  readonly place: Watchable<number>;
  readonly leave: () => void;
}

/** The place in the line: 1 is next. */
export interface WaitingForTurn {
  type: 'waiting';
  for: 'turn';
  place: number;
}

interface Waiting extends Wish {
  overtaken: number;
  readonly place: Watchable<number>;
  /** Asks the holder to leave. */
  readonly giveWay: AbortController;
  start(came: boolean): void;
}

export class TurnQueue {
  /** In the order of arrival. */
  readonly #waiting: Waiting[] = [];
  /** How many look at a conversation. */
  readonly #lookers = new Map<number, number>();
  readonly #lastTurns = new Map<number | null, number>();
  #turns = 0;
  readonly #closing: AbortSignal;
  #holder: Waiting | null = null;

  /** Nobody gets a turn any more once `closing` has aborted. */
  constructor(closing: AbortSignal) {
    this.#closing = closing;
  }

  /** Tells the place in the line as it changes, then gives the turn, which must be released; null when the signal
   * came first. */
  async *come(wish: Wish, signal: AbortSignal): AsyncGenerator<WaitingForTurn, Turn | null, void> {
    const { turn: coming, place, leave } = this.#enter(wish, signal);
    const came = new AbortController();
    void coming.then(() => came.abort());
    let turn: Turn | null = null;
    try {
      for await (const at of place.watch(came.signal)) {
        if (at > 0) yield { type: 'waiting', for: 'turn', place: at };
      }
      return (turn = await coming);
    } finally {
      if (!turn) leave();
    }
  }

  /** Waits for a turn, which must be released; null when the signal came first. */
  take(wish: Wish, signal: AbortSignal): Promise<Turn | null> {
    return this.#enter(wish, signal).turn;
  }

  /** Works in a turn of its own. @throws AppError cancelled when the signal aborts before it comes. */
  async within<T>(wish: Wish, signal: AbortSignal, work: (turn: Turn) => Promise<T>): Promise<T> {
    const turn = await this.take(wish, signal);
    if (!turn) throw new AppError('cancelled', 'Cancelled while waiting for a turn');
    try {
      return await work(turn);
    } finally {
      turn.release();
    }
  }

  /** Someone looks at this conversation until the signal aborts. */
  async look(conversationId: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#countLookers(conversationId, 1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.#countLookers(conversationId, -1);
  }

  #countLookers(conversationId: number, by: 1 | -1): void {
    const count = (this.#lookers.get(conversationId) ?? 0) + by;
    if (count > 0) this.#lookers.set(conversationId, count);
    else this.#lookers.delete(conversationId);
    this.#tellPlaces();
  }

  #enter(wish: Wish, own: AbortSignal): InLine {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const signal = AbortSignal.any([own, this.#closing]);
    const place = new Watchable(0);
    const { priority, conversationId } = wish;
    const giveWay = new AbortController();
    const waiting: Waiting = { priority, conversationId, overtaken: 0, place, giveWay, start: resolve };
    const leave = (): void => this.#leave(waiting);
    // Who has got the turn releases it when its work has ended, not when that is asked to end.
    const giveUp = (): void => (this.#holder === waiting ? undefined : leave());
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) resolve(false);
    else this.#add(waiting);
    const turn = promise.then((came) => {
      signal.removeEventListener('abort', giveUp);
      return came ? { signal: AbortSignal.any([signal, giveWay.signal]), release: leave } : null;
    });
    return { turn, place, leave };
  }

  #add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (!this.#holder) return this.#next();
    if (waiting.priority !== 'background' && this.#holder.priority === 'background')
      this.#holder.giveWay.abort();
    this.#tellPlaces();
  }

  #leave(waiting: Waiting): void {
    if (this.#holder === waiting) return this.#next();
    const index = this.#waiting.indexOf(waiting);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    waiting.start(false);
    this.#tellPlaces();
  }

  #next(): void {
    const index = this.#waiting.length > 0 ? nextIndex(this.#ranked(), this.#lastTurns) : 0;
    const [next = null] = this.#waiting.splice(index, 1);
    this.#holder = next;
    if (!next) return this.#lastTurns.clear(); // Nobody waited: nobody has anything to make up for.
    for (const earlier of this.#waiting.slice(0, index)) earlier.overtaken += 1;
    this.#lastTurns.set(next.conversationId, ++this.#turns);
    next.place.set(0);
    next.start(true);
    this.#tellPlaces();
  }

  #ranked(): (Waiter & { of: Waiting })[] {
    return this.#waiting.map((of) => {
      const { priority, conversationId, overtaken } = of;
      const seen = conversationId !== null && this.#lookers.has(conversationId);
      return { rank: seen && priority === 'person' ? 'visible' : priority, conversationId, overtaken, of };
    });
  }

  #tellPlaces(): void {
    inOrder(this.#ranked(), this.#lastTurns).forEach(({ of }, index) => {
      if (of.place.value !== index + 1) of.place.set(index + 1);
    });
  }
}
