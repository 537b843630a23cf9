// The search over everything in the list pane: what is typed, what narrows it, and what was found, by conversation.
import type { Conversation } from '#contract/chat.ts';
import type { SearchFilters, SearchHit } from '#contract/search.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';
import type { Stores } from '../../../stores/stores.ts';

const SEARCH_AFTER_MS = 80;
const LIMIT = 60;
const DAY_MS = 86_400_000;

/** How far back, in days. */
export const SPANS = { day: 1, week: 7, month: 31, year: 365 } as const;

export interface SearchChoice {
  span: keyof typeof SPANS | null;
  role: 'user' | 'answer' | null;
  modelName: string | null;
  presetId: number | null;
}

/** What was found in one conversation, best first. */
export interface FoundConversation {
  conversation: Conversation;
  /** The title with its found words marked, where it was found by its title. */
  title: string | null;
  hits: readonly (SearchHit & { messageId: number })[];
}

const NO_CHOICE: SearchChoice = { span: null, role: null, modelName: null, presetId: null };

export class SearchStore {
  readonly #stores: Stores;
  #query = $state('');
  #choice = $state.raw<SearchChoice>(NO_CHOICE);
  #hits = $state.raw<readonly SearchHit[] | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #seenModels = $state.raw<readonly string[]>([]);
  #open = $state(false);
  #indexedShare = $state(1);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = new AbortController();
  /** Grows whenever the search field should have the focus. */
  focusRequest = $state(0);

  constructor(stores: Stores) {
    this.#stores = stores;
    stores.api.subscribe('chat.watchSearchIndex', undefined, ({ share }) => {
      const complete = share === 1 && this.#indexedShare < 1;
      this.#indexedShare = share;
      if (complete && this.#query.trim() !== '') this.#ask(0);
    });
  }

  /** The search takes the place of the list. */
  readonly active: boolean = $derived.by(() => this.#open || this.#query !== '');
  /** Null: nothing is asked, or the first answer has not come. */
  readonly found: readonly FoundConversation[] | null = $derived(this.#hits && byConversation(this.#hits));
  readonly messageCount: number = $derived(
    this.#hits?.filter(({ messageId }) => messageId !== null).length ?? 0,
  );
  /** There may be more than is shown. */
  readonly full: boolean = $derived(this.#hits?.length === LIMIT);
  readonly narrowed: boolean = $derived(Object.values(this.#choice).some((value) => value !== null));
  /** Models that may have written answers: those there are, and those met so far. */
  readonly modelNames: readonly string[] = $derived.by(() => {
    const installed = this.#stores.models.list?.map(({ name }) => name) ?? [];
    return [...new Set([...installed, ...this.#seenModels])].toSorted((one, other) =>
      one.localeCompare(other),
    );
  });

  /** Less than 1 while older messages are still being made searchable. */
  get indexedShare(): number {
    return this.#indexedShare;
  }

  get query(): string {
    return this.#query;
  }

  set query(text: string) {
    this.#query = text;
    if (text !== '') this.#open = true;
    this.#ask(SEARCH_AFTER_MS);
  }

  get choice(): SearchChoice {
    return this.#choice;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** Opens it, with words where some are given, and puts the focus there. */
  show(query?: string): void {
    this.#open = true;
    if (query !== undefined) this.query = query;
    this.focusRequest += 1;
  }

  close(): void {
    this.query = '';
    this.#choice = NO_CHOICE;
    this.#open = false;
  }

  narrow(change: Partial<SearchChoice>): void {
    this.#choice = { ...this.#choice, ...change };
    this.#ask(0);
  }

  widen(): void {
    this.narrow(NO_CHOICE);
  }

  retry(): void {
    this.#ask(0);
  }

  openHit(conversationId: number, messageId: number | null): void {
    this.#stores.navigation.openConversation(conversationId, messageId);
  }

  #ask(afterMs: number): void {
    this.#running.abort();
    clearTimeout(this.#timer);
    this.#failure = null;
    if (this.#query.trim() === '') this.#hits = null;
    else this.#timer = setTimeout(() => void this.#search(), afterMs);
  }

  async #search(): Promise<void> {
    this.#running = new AbortController();
    const { signal } = this.#running;
    const asked = { query: this.#query.slice(0, 500), limit: LIMIT, filters: toFilters(this.#choice) };
    try {
      const hits = await this.#stores.api.call('chat.search', asked, signal);
      if (signal.aborted) return;
      this.#hits = hits;
      const models = hits.flatMap(({ modelName }) => modelName ?? []);
      this.#seenModels = [...new Set([...this.#seenModels, ...models])];
    } catch (error) {
      if (!signal.aborted) this.#failure = asFailure(error);
    }
  }
}

function toFilters({ span, role, modelName, presetId }: SearchChoice): SearchFilters {
  return {
    ...(span && { from: Date.now() - SPANS[span] * DAY_MS }),
    ...(role && { role }),
    ...(modelName !== null && { modelName }),
    ...(presetId !== null && { presetId }),
  };
}

/** In the order of the best hit of each. */
function byConversation(hits: readonly SearchHit[]): FoundConversation[] {
  const groups = Map.groupBy(hits, (hit) => hit.conversation.id);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const title = group.find(({ messageId }) => messageId === null)?.excerpt ?? null;
    const inMessages = group.flatMap((hit) =>
      hit.messageId === null ? [] : [{ ...hit, messageId: hit.messageId }],
    );
    return [{ conversation: first.conversation, title, hits: inMessages }];
  });
}
