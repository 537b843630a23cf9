// Find in the open conversation. Only some messages are on the page, so the data is searched; what is on the page then
// says exactly how often the words stand in a message as it is shown.
import type { Message } from '#contract/chat.ts';
import { visibleText } from '../../../ui/markdown/visible-text.ts';
import type { ConversationStore } from '../conversation-store.svelte.ts';
import { countInMarkdown, findSpans } from './find-text.ts';

/** Messages counted between two looks at the clock, and how long a turn may take. */
const SLICE = 20;
const TURN_MS = 8;

/** One of the places where the words stand: the `index`-th within its message. */
export interface FoundPlace {
  messageId: number;
  index: number;
}

export class FindStore {
  readonly #conversations: ConversationStore;
  #query = $state('');
  #counts = $state.raw<ReadonlyMap<number, number>>(new Map());
  #place = $state.raw<FoundPlace | null>(null);
  #round = 0;
  /** Where to begin: the message that was chosen or in sight as the text changed; null: at the end. */
  #from: number | null = null;
  /** The first message in sight, where there is a list. */
  seen: () => number | null = () => null;
  open = $state(false);
  /** Grows whenever the field should have the focus. */
  focusRequest = $state(0);

  constructor(conversations: ConversationStore) {
    this.#conversations = conversations;
  }

  readonly count: number = $derived.by(() =>
    [...this.#counts.values()].reduce((sum, count) => sum + count, 0),
  );
  /** Which one is chosen, from 1; 0 for none. */
  readonly at: number = $derived.by(() => {
    if (!this.#place) return 0;
    let before = 0;
    for (const [messageId, count] of this.#counts) {
      if (messageId === this.#place.messageId) return before + Math.min(this.#place.index + 1, count);
      before += count;
    }
    return 0;
  });

  get query(): string {
    return this.#query;
  }

  /** Chooses the first place from where one reads. */
  set query(text: string) {
    this.#from = this.#place?.messageId ?? this.seen();
    this.#query = text;
    this.#place = null;
    void this.recount();
  }

  get place(): FoundPlace | null {
    return this.#place;
  }

  show(): void {
    this.open = true;
    this.focusRequest += 1;
  }

  close(): void {
    this.open = false;
    this.query = '';
  }

  /** To the next place or the one before, around the ends. */
  step(by: 1 | -1): void {
    if (this.count === 0) return;
    this.#choose((this.at - 1 + by + this.count) % this.count);
  }

  /** Counts again, as messages come and go. The chosen place stays while there is one. */
  async recount(): Promise<void> {
    const round = ++this.#round;
    const query = this.#query;
    const counts = new Map<number, number>();
    let began = performance.now();
    const messages = query.trim() === '' ? [] : (this.#conversations.current.messages ?? []);
    for (const [index, message] of messages.entries()) {
      const count = countIn(message, query);
      if (count > 0) counts.set(message.id, count);
      if (index % SLICE > 0 || performance.now() - began < TURN_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (round !== this.#round) return;
      began = performance.now();
    }
    this.#counts = counts;
    this.#begin();
  }

  /** A message on the page has the words this often. */
  correct(messageId: number, count: number): void {
    if ((this.#counts.get(messageId) ?? 0) === count || !this.#counts.has(messageId)) return;
    const counts = new Map(this.#counts);
    if (count > 0) counts.set(messageId, count);
    else counts.delete(messageId);
    this.#counts = counts;
    this.#begin();
  }

  /** Where nothing is chosen: the first place from where one reads, or the last of all. */
  #begin(): void {
    if (this.at > 0 || this.count === 0) return;
    let before = 0;
    for (const [messageId, count] of this.#counts) {
      // Later messages have higher numbers.
      if (this.#from !== null && messageId >= this.#from) return this.#choose(before);
      before += count;
    }
    this.#choose(this.count - 1);
  }

  #choose(index: number): void {
    let left = index;
    for (const [messageId, count] of this.#counts) {
      if (left < count) {
        this.#place = { messageId, index: left };
        return;
      }
      left -= count;
    }
  }
}

function countIn({ role, text }: Message, query: string): number {
  const visible = visibleText(text);
  return role === 'user' ? findSpans(visible, query).length : countInMarkdown(visible, query);
}
