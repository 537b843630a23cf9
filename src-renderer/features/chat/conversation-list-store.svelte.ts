// The list of conversations: newest first, live, older ones fetched on demand, deletion with a way back.
import type { Conversation } from '#contract/chat.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../messages/error-message.ts';
import { t } from '../../messages/translate.ts';
import type { Stores } from '../../stores/stores.ts';
import { groupByAge } from './conversation-groups.ts';

const PAGE = 100;

export class ConversationListStore {
  readonly #stores: Stores;
  #list = $state.raw<readonly Conversation[] | null>(null);
  #complete = $state(false);
  /** One request at a time, in order. */
  #loading: Promise<void> = Promise.resolve();
  #failure = $state.raw<ShownFailure | null>(null);
  /** The one whose title is being edited. */
  renamingId = $state<number | null>(null);
  readonly groups = $derived(groupByAge(this.#list ?? [], Date.now()));

  constructor(stores: Stores) {
    this.#stores = stores;
    stores.api.subscribe('chat.watch', undefined, (change) => {
      if (change.type === 'saved') this.#put(change.conversation);
      else if (change.type === 'removed') this.#remove(change.id);
      else void this.reload();
    });
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

  /** There are no older ones to fetch. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Fetches the newest ones again, and forgets the older ones until they are asked for. */
  reload(): Promise<void> {
    this.#loading = this.#loading.then(() => this.#fetch(undefined));
    return this.#loading;
  }

  /** Fetches the next older ones. */
  more(): Promise<void> {
    this.#loading = this.#loading.then(async () => {
      if (!this.#complete) await this.#fetch(this.#list?.at(-1)?.updatedAt);
    });
    return this.#loading;
  }

  /** Never rejects: a failure is shown in place of the list. */
  async #fetch(before: number | undefined): Promise<void> {
    try {
      const range = { limit: PAGE, ...(before !== undefined && { before }) };
      const page = await this.#stores.api.call('chat.list', range);
      const known = before === undefined ? [] : (this.#list ?? []);
      const fresh = page.filter(({ id }) => !known.some((each) => each.id === id));
      this.#list = [...known, ...fresh].toSorted(newestFirst);
      this.#complete = page.length < PAGE;
      this.#failure = null;
    } catch (error) {
      this.#failure = asFailure(error);
    }
  }

  /** An empty title, or the same one, changes nothing. */
  async rename(id: number, title: string): Promise<void> {
    this.renamingId = null;
    const wanted = title.trim();
    const present = this.#list?.find((each) => each.id === id);
    if (wanted === '' || wanted === present?.title) return;
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

  async #restore(id: number): Promise<void> {
    await this.#try(async () => {
      this.#put(await this.#stores.api.call('chat.restore', { id }));
      this.#stores.navigation.openConversation(id);
    });
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

function newestFirst(one: Conversation, other: Conversation): number {
  return other.updatedAt - one.updatedAt || other.id - one.id;
}
