// What the command palette offers for what is typed: the registered commands, then conversations found by text.
import Search from '@lucide/svelte/icons/search';
import type { Conversation } from '#contract/chat.ts';
import type { SearchHit } from '#contract/search.ts';
import type { Api } from '../bridge.ts';
import { t } from '../messages/translate.ts';
import type { Command } from '../stores/command-registry.svelte.ts';

const SEARCH_AFTER_MS = 120;
const SHOWN_RECENT = 6;

export interface PaletteActions {
  /** At a message, where one was found. */
  open: (conversationId: number, messageId: number | null) => void;
  /** Goes on in the search over everything. */
  search: (query: string) => void;
}

/** A line of the palette. */
export interface PaletteLine extends Command {
  /** Plain text with found words between U+E000 and U+E001. */
  excerpt?: string;
}

/** Commands that contain every typed word, in their own order; those that begin with the text come first. */
export function filterCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const matching = commands.filter((command) => {
    const text = `${command.label} ${command.words ?? ''}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
  const starts = (command: Command): boolean => command.label.toLocaleLowerCase().startsWith(words[0] ?? '');
  return [...matching.filter(starts), ...matching.filter((command) => !starts(command))];
}

export class PaletteStore {
  readonly #api: Api;
  readonly #commands: () => readonly Command[];
  readonly #actions: PaletteActions;
  #query = $state('');
  #recent = $state.raw<readonly Conversation[]>([]);
  #hits = $state.raw<readonly SearchHit[]>([]);
  #searching = $state(false);
  #active = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #search = new AbortController();

  readonly lines = $derived.by((): PaletteLine[] => {
    const commands = filterCommands(this.#commands(), this.#query);
    const typed = this.#query.trim() !== '';
    const found = typed
      ? onePerConversation(this.#hits)
      : this.#recent.map((conversation) => ({ conversation, messageId: null, excerpt: '' }));
    const conversations: PaletteLine[] = found.map(({ conversation, messageId, excerpt }) => ({
      id: `conversation-${conversation.id}`,
      label: conversation.title,
      group: 'conversations' as const,
      excerpt,
      run: () => this.#actions.open(conversation.id, messageId),
    }));
    return byGroup([...commands, ...conversations, ...(typed ? [this.#searchLine()] : [])]);
  });

  constructor(api: Api, commands: () => readonly Command[], actions: PaletteActions) {
    this.#api = api;
    this.#commands = commands;
    this.#actions = actions;
  }

  get query(): string {
    return this.#query;
  }

  set query(text: string) {
    this.#query = text;
    this.#active = 0;
    this.#search.abort();
    clearTimeout(this.#timer);
    const searching = text.trim().length > 1;
    this.#searching = searching;
    if (searching) this.#timer = setTimeout(() => void this.#find(text), SEARCH_AFTER_MS);
    else this.#hits = [];
  }

  get searching(): boolean {
    return this.#searching;
  }

  /** The chosen line; always one of `lines` when there are any. */
  get active(): number {
    return Math.min(this.#active, Math.max(0, this.lines.length - 1));
  }

  set active(index: number) {
    const count = this.lines.length;
    this.#active = count === 0 ? 0 : (index + count) % count;
  }

  /** Starts afresh each time it is opened. */
  async reset(): Promise<void> {
    this.query = '';
    // Without the host the commands still work.
    this.#recent = await this.#api.call('chat.list', { limit: SHOWN_RECENT }).catch(() => []);
  }

  #searchLine(): PaletteLine {
    const query = this.#query.trim();
    return {
      id: 'search-all',
      label: t('search.all', { query }),
      group: 'conversations',
      icon: Search,
      run: () => this.#actions.search(query),
    };
  }

  async #find(query: string): Promise<void> {
    this.#search = new AbortController();
    const { signal } = this.#search;
    // A failed search finds nothing; the commands above it still work.
    const hits = await this.#api.call('chat.search', { query, limit: 20 }, signal).catch(() => []);
    if (signal.aborted) return;
    this.#hits = hits;
    this.#searching = false;
  }
}

/** The best hit of each conversation: the first, but words of a message say more than the title that is shown anyway. */
function onePerConversation(hits: readonly SearchHit[]): SearchHit[] {
  const best = new Map<number, SearchHit>();
  for (const hit of hits) {
    const known = best.get(hit.conversation.id);
    if (!known || (known.messageId === null && hit.messageId !== null)) best.set(hit.conversation.id, hit);
  }
  return [...best.values()];
}

/** Lines of one group stand together, groups in the order of their first line. */
function byGroup(lines: PaletteLine[]): PaletteLine[] {
  return [...Map.groupBy(lines, (line) => line.group).values()].flat();
}
