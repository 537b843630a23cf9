// The conversations of the list pane: newest first, live, older ones fetched on demand, deletion with a way back. Of
// every part of the pane only as much is known as was looked at.
import type { Conversation, ConversationView } from '#contract/chat.ts';
import type { Shelves } from '#contract/order.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../messages/error-message.ts';
import { t } from '../../messages/translate.ts';
import type { Stores } from '../../stores/stores.ts';
import { paneGroups } from './order/pane-groups.ts';

const PAGE = 100;
const ALL_AT_ONCE = 500;
const RECENT: ConversationView = { kind: 'recent' };
const NOTHING: Shelves = { folders: [], tags: [], archivedCount: 0, binnedCount: 0 };

/** How far a part of the pane is fetched. */
interface Part {
  view: ConversationView;
  before: number | undefined;
  complete: boolean;
}

export class ConversationListStore {
  readonly #stores: Stores;
  #list = $state.raw<readonly Conversation[] | null>(null);
  #parts = $state.raw<ReadonlyMap<string, Part>>(new Map());
  /** One request at a time, in order. */
  #loading: Promise<void> = Promise.resolve();
  #failure = $state.raw<ShownFailure | null>(null);
  shelves = $state.raw<Shelves>(NOTHING);
  /** Only conversations with this tag are shown. */
  #tag = $state<string | null>(null);
  /** The one whose title is being edited. */
  renamingId = $state<number | null>(null);
  readonly groups = $derived(
    paneGroups(this.#list ?? [], { folders: this.shelves.folders, tag: this.tag, now: Date.now() }),
  );
  readonly archived = $derived((this.#list ?? []).filter((each) => each.archived));

  constructor(stores: Stores) {
    this.#stores = stores;
    stores.api.subscribe('chat.watch', undefined, (change) => {
      if (change.type === 'saved') this.#put(change.conversation);
      else if (change.type === 'removed') this.#remove(change.id);
      else void this.reload();
    });
    stores.api.subscribe('order.watch', undefined, (shelves) => (this.shelves = inOrder(shelves)));
    stores.api.onReconnect(() => void this.reload());
    void this.reload();
  }

  /** Null until the first ones are here. */
  get list(): readonly Conversation[] | null {
    return this.#list;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** The tag that is shown alone; null when nothing has it any more. */
  get tag(): string | null {
    return this.#tag !== null && this.shelves.tags.includes(this.#tag) ? this.#tag : null;
  }

  /** There are no older ones to fetch for what is shown. */
  get complete(): boolean {
    return this.isComplete(this.#shown);
  }

  isComplete(view: ConversationView): boolean {
    return this.#parts.get(keyOf(view))?.complete ?? false;
  }

  find(id: number): Conversation | undefined {
    return this.#list?.find((each) => each.id === id);
  }

  showTag(tag: string | null): void {
    this.#tag = tag;
    if (tag !== null) void this.look({ kind: 'tag', tag });
  }

  /** Fetches the newest ones of everything that was looked at again, and forgets the older ones. */
  reload(): Promise<void> {
    const start: ConversationView[] = [{ kind: 'temporary' }, { kind: 'pinned' }, RECENT];
    const looked = [...this.#parts.values()].map(({ view }) => view);
    const views = new Map([...start, ...looked].map((view) => [keyOf(view), view])).values();
    return this.#queue(async () => {
      const pages = await Promise.all([...views].map((view) => this.#page(view, undefined)));
      this.#parts = new Map();
      this.#list = [];
      for (const page of pages) this.#take(page);
      this.#failure = null;
    });
  }

  /** Fetches the newest ones of a part of the pane, unless it is known. */
  look(view: ConversationView): Promise<void> {
    return this.#queue(async () => {
      if (!this.#parts.has(keyOf(view))) this.#take(await this.#page(view, undefined));
    });
  }

  /** Fetches the next older ones. */
  more(view = this.#shown): Promise<void> {
    return this.#queue(async () => {
      const part = this.#parts.get(keyOf(view));
      if (!part?.complete) this.#take(await this.#page(view, part?.before));
    });
  }

  /** An empty title, or the same one, changes nothing. */
  async rename(id: number, title: string): Promise<void> {
    this.renamingId = null;
    const wanted = title.trim();
    if (wanted === '' || wanted === this.find(id)?.title) return;
    await this.#try(async () => this.#put(await this.#stores.api.call('chat.rename', { id, title: wanted })));
  }

  /** Into the bin, with a notice that takes it back. */
  async delete(conversation: Conversation): Promise<void> {
    const { id, title } = conversation;
    await this.#try(async () => {
      await this.#stores.api.call('chat.delete', { id });
      this.#remove(id);
      if (this.#stores.navigation.conversationId === id) this.#stores.navigation.openConversation(null);
      const action = { label: t('ui.undo'), run: () => void this.#restore(id) };
      this.#stores.toasts.show({ text: t('chat.deleted', { title }), action });
    });
  }

  get #shown(): ConversationView {
    return this.tag === null ? RECENT : { kind: 'tag', tag: this.tag };
  }

  async #restore(id: number): Promise<void> {
    await this.#try(async () => {
      this.#put(await this.#stores.api.call('chat.restore', { id }));
      this.#stores.navigation.openConversation(id);
    });
  }

  /** Never rejects: a failure is shown in place of the list. */
  #queue(work: () => Promise<void>): Promise<void> {
    this.#loading = this.#loading.then(work).catch((error: unknown) => {
      this.#failure = asFailure(error);
    });
    return this.#loading;
  }

  async #page(view: ConversationView, before: number | undefined): Promise<Page> {
    const whole = view.kind === 'pinned' || view.kind === 'temporary';
    const limit = whole ? ALL_AT_ONCE : PAGE;
    const range = { view, limit, ...(before !== undefined && { before }) };
    return { view, limit, conversations: await this.#stores.api.call('chat.list', range) };
  }

  #take({ view, limit, conversations }: Page): void {
    const fresh = new Set(conversations.map(({ id }) => id));
    const known = (this.#list ?? []).filter(({ id }) => !fresh.has(id));
    this.#list = [...known, ...conversations].toSorted(newestFirst);
    const before = conversations.at(-1)?.updatedAt;
    const part = { view, before, complete: conversations.length < limit };
    this.#parts = new Map(this.#parts).set(keyOf(view), part);
    this.#failure = null;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }

  #put(conversation: Conversation): void {
    if (!this.#list) return;
    const others = this.#list.filter(({ id }) => id !== conversation.id);
    this.#list = [...others, conversation].toSorted(newestFirst);
  }

  #remove(id: number): void {
    this.#list = this.#list?.filter((each) => each.id !== id) ?? null;
  }
}

interface Page {
  view: ConversationView;
  limit: number;
  conversations: Conversation[];
}

/** As the alphabet of the person's language has it. */
function inOrder({ folders, tags, ...counts }: Shelves): Shelves {
  const byName = (one: string, other: string): number => one.localeCompare(other);
  return {
    ...counts,
    folders: folders.toSorted((one, other) => byName(one.name, other.name)),
    tags: tags.toSorted(byName),
  };
}

function keyOf(view: ConversationView): string {
  return JSON.stringify(view);
}

function newestFirst(one: Conversation, other: Conversation): number {
  return other.updatedAt - one.updatedAt || other.id - one.id;
}
