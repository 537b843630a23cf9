// The stores of this place, made once at the start and shared by its list and its page.
import { getContext, setContext } from 'svelte';
import type { Stores } from '../../stores/stores.ts';
import { SetupStore } from './setup/setup-store.svelte.ts';
import { BranchStore } from './branch-store.svelte.ts';
import { ComposerStore } from './composer-store.svelte.ts';
import { ConversationListStore } from './conversation-list-store.svelte.ts';
import { ConversationStore } from './conversation-store.svelte.ts';

export interface ChatStores {
  readonly list: ConversationListStore;
  readonly conversations: ConversationStore;
  readonly composer: ComposerStore;
  readonly branches: BranchStore;
  readonly setup: SetupStore;
}

/** Starts the chat's stores over the shared ones. */
export function createChat(stores: Stores): ChatStores {
  const conversations = new ConversationStore(stores);
  return {
    list: new ConversationListStore(stores),
    conversations,
    composer: new ComposerStore(conversations),
    branches: new BranchStore(stores, conversations),
    setup: new SetupStore(stores, conversations),
  };
}

const KEY = Symbol('chat');

/** Gives the chat to every component below the calling one. */
export function provideChat(stores: Stores): void {
  setContext(KEY, createChat(stores));
}

export function getChat(): ChatStores {
  return getContext<ChatStores>(KEY);
}
