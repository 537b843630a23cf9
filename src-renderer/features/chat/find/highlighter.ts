// Marks the places of a query in the messages that are on the page, and keeps the marks right while messages come,
// go and grow. Nothing in the page's elements changes for it: the browser paints highlights over ranges.
import type { FoundPlace } from './find-store.svelte.ts';
import { findRanges } from './find-ranges.ts';

const FOUND = 'lapidary-found';
const CHOSEN = 'lapidary-chosen';
/** Painting again waits for this long after a change: an answer that is being written changes all the time. */
const PAINT_AFTER_MS = 120;

/** The first message of the list that can be seen. */
export function firstInSight(): number | null {
  const messages = [...document.querySelectorAll<HTMLElement>('[data-message]')];
  const top = messages[0]?.closest('[role="region"]')?.getBoundingClientRect().top ?? 0;
  const first = messages.find((message) => message.getBoundingClientRect().bottom > top);
  return first ? Number(first.dataset['message']) : null;
}

export class Highlighter {
  readonly #tell: (messageId: number, count: number) => void;
  readonly #observer = new MutationObserver(() => this.#later());
  #query = '';
  #place: FoundPlace | null = null;
  #chosen: Range | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `tell` hears how often the words stand in a message on the page. */
  constructor(tell: (messageId: number, count: number) => void) {
    this.#tell = tell;
  }

  show(query: string, place: FoundPlace | null): void {
    this.#query = query;
    this.#place = place;
    const list = document.querySelector('[data-message]')?.closest('[role="region"]');
    if (list) this.#observer.observe(list, { childList: true, characterData: true, subtree: true });
    this.#paint();
  }

  /** Brings the chosen place into view, once its message is on the page. */
  reach(): void {
    this.#paint();
    this.#chosen?.startContainer.parentElement?.scrollIntoView({ block: 'center' });
  }

  stop(): void {
    this.#observer.disconnect();
    clearTimeout(this.#timer);
    CSS.highlights.delete(FOUND);
    CSS.highlights.delete(CHOSEN);
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#paint(), PAINT_AFTER_MS);
  }

  #paint(): void {
    const all: Range[] = [];
    this.#chosen = null;
    const messages =
      this.#query.trim() === '' ? [] : document.querySelectorAll<HTMLElement>('[data-message]');
    for (const message of messages) {
      const ranges = findRanges(message, this.#query);
      const id = Number(message.dataset['message']);
      this.#tell(id, ranges.length);
      if (id === this.#place?.messageId) {
        this.#chosen = ranges[Math.min(this.#place.index, ranges.length - 1)] ?? null;
      }
      all.push(...ranges);
    }
    CSS.highlights.set(FOUND, new Highlight(...all));
    const chosen = new Highlight(...(this.#chosen ? [this.#chosen] : []));
    chosen.priority = 1;
    CSS.highlights.set(CHOSEN, chosen);
  }
}
