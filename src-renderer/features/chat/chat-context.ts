// The stores of this place, made once at the start and shared by its list and its page.
import { getContext, setContext } from 'svelte';
import type { Stores } from '../../stores/stores.ts';
import { AttachStore } from './attach/attach-store.svelte.ts';
import { ReferenceStore } from './attach/reference-store.svelte.ts';
import { FindStore } from './find/find-store.svelte.ts';
import { SearchStore } from './search/search-store.svelte.ts';
import { SetupStore } from './setup/setup-store.svelte.ts';
import { ReadAloudStore } from './reading/read-aloud-store.svelte.ts';
import { NoteStore } from './overflow/note-store.svelte.ts';
import { BranchStore } from './branch-store.svelte.ts';
import { CompareStore } from './compare/compare-store.svelte.ts';
import { PromptStore } from './compose/prompt-store.svelte.ts';
import { ComposerStore } from './compose/composer-store.svelte.ts';
import { ConversationListStore } from './conversation-list-store.svelte.ts';
import { ConversationStore } from './conversation-store.svelte.ts';
import { FoldersStore } from './order/folders-store.svelte.ts';
import { OrderStore } from './order/order-store.svelte.ts';
import { SelectionStore } from './order/selection-store.svelte.ts';

export interface ChatStores {
  readonly list: ConversationListStore;
  readonly conversations: ConversationStore;
  readonly composer: ComposerStore;
  readonly attach: AttachStore;
  readonly references: ReferenceStore;
  readonly prompts: PromptStore;
  readonly branches: BranchStore;
  readonly setup: SetupStore;
  readonly notes: NoteStore;
  readonly compare: CompareStore;
  readonly search: SearchStore;
  readonly find: FindStore;
  readonly order: OrderStore;
  readonly selection: SelectionStore;
  readonly folders: FoldersStore;
  readonly readAloud: ReadAloudStore;
}

/** Starts the chat's stores over the shared ones. */
export function createChat(stores: Stores): ChatStores {
  const conversations = new ConversationStore(stores);
  const attach = new AttachStore(stores, conversations);
  const composer = new ComposerStore(stores.api, conversations, attach);
  const setup = new SetupStore(stores, conversations);
  const list = new ConversationListStore(stores);
  const selection = new SelectionStore();
  return {
    list,
    conversations,
    composer,
    attach,
    references: new ReferenceStore(stores, { composer, conversations, attach }),
    prompts: new PromptStore(stores, composer, setup),
    branches: new BranchStore(stores, conversations),
    setup,
    notes: new NoteStore(stores, conversations, setup),
    compare: new CompareStore(stores, { conversations, composer, attach, setup }),
    search: new SearchStore(stores),
    find: new FindStore(conversations),
    order: new OrderStore(stores, list, selection, composer),
    selection,
    folders: new FoldersStore(),
    readAloud: new ReadAloudStore(),
  };
}

const KEY = Symbol('chat');

/** Gives the chat to every component below the calling one, and to this one. */
export function provideChat(stores: Stores): ChatStores {
  return setContext(KEY, createChat(stores));
}

export function getChat(): ChatStores {
  return getContext<ChatStores>(KEY);
}
