// Which messages of a long conversation are on the page, and how much room the others take. Counted from the end: there
// the list is laid out from, and there older messages that arrive change nothing.

/** What is known of a message before it was ever laid out. */
interface Measurable {
  id: number;
  role: 'user' | 'answer';
  text: string;
}

/** `skipped` messages at the end are not on the page, `count` before them are, and what is older is not. */
export interface MessageSpan {
  skipped: number;
  count: number;
}

/** Pixels beyond the edges of what is seen: what must be there, and what is put there when it is not. */
const NEEDED = 900;
const GIVEN = 2_200;
/** More than this is not kept for the sake of a selection. */
const LONGEST_SPAN = 120;

export class MessageWindow {
  readonly #heights = new Map<number, number>();
  #inserted = { beforeId: 0, height: 0 };

  /** A message's height in pixels: as it was measured, or guessed from its text. */
  heightOf({ id, role, text }: Measurable): number {
    const measured = this.#heights.get(id);
    if (measured !== undefined) return measured;
    return role === 'user' ? 100 + Math.min(text.length, 4_000) * 0.4 : 90 + text.length * 0.45;
  }

  measure(id: number, height: number): void {
    this.#heights.set(id, height);
  }

  /** Something else stands before this message, and goes away with it. */
  insert(beforeId: number, height: number): void {
    this.#inserted = { beforeId, height };
  }

  /** Room of the messages that are older than the span, and of those after it. */
  room(messages: readonly Measurable[], { skipped, count }: MessageSpan): { above: number; below: number } {
    const end = messages.length - skipped;
    return {
      above: this.#sum(messages.slice(0, Math.max(0, end - count))),
      below: this.#sum(messages.slice(end)),
    };
  }

  /**
   * The span for an eye that is `up` pixels above the end and sees `height` pixels: `now` while that is enough. With
   * `keep` nothing of `now` goes away, within reason.
   */
  spanFor(
    messages: readonly Measurable[],
    eye: { up: number; height: number },
    now: MessageSpan,
    keep = false,
  ): MessageSpan {
    const needed = this.#around(messages, eye, NEEDED);
    if (needed.skipped >= now.skipped && endOf(needed) <= endOf(now) && !tooLong(now, needed)) return now;
    const given = this.#around(messages, eye, GIVEN);
    if (!keep) return given;
    const skipped = Math.min(given.skipped, now.skipped);
    const union = { skipped, count: Math.max(endOf(given), endOf(now)) - skipped };
    return union.count <= LONGEST_SPAN ? union : given;
  }

  #around(
    messages: readonly Measurable[],
    { up, height }: { up: number; height: number },
    margin: number,
  ): MessageSpan {
    let skipped = 0;
    let below = 0;
    while (skipped < messages.length - 1) {
      const next = below + this.#roomOf(messages[messages.length - 1 - skipped]!);
      if (next > up - margin) break;
      below = next;
      skipped += 1;
    }
    let end = skipped;
    while (end < messages.length && below < up + height + margin) {
      below += this.#roomOf(messages[messages.length - 1 - end]!);
      end += 1;
    }
    return { skipped, count: end - skipped };
  }

  #roomOf(message: Measurable): number {
    const { beforeId, height } = this.#inserted;
    return this.heightOf(message) + (message.id === beforeId ? height : 0);
  }

  #sum(messages: readonly Measurable[]): number {
    return messages.reduce((sum, message) => sum + this.#roomOf(message), 0);
  }
}

function endOf({ skipped, count }: MessageSpan): number {
  return skipped + count;
}

/** Far more is on the page than is needed: after a jump, or a selection that is gone. */
function tooLong(now: MessageSpan, needed: MessageSpan): boolean {
  return now.count > 3 * needed.count + 24;
}
