// The stores of this place, made once at the start and shared by its list and its page.
import { getContext, setContext } from 'svelte';
import type { Stores } from '../../stores/stores.ts';
import { SetupStore } from './setup/setup-store.svelte.ts';
import { BranchStore } from './branch-store.svelte.ts';
import { PromptStore } from './compose/prompt-store.svelte.ts';
import { ComposerStore } from './compose/composer-store.svelte.ts';
import { ConversationListStore } from './conversation-list-store.svelte.ts';
import { ConversationStore } from './conversation-store.svelte.ts';

export interface ChatStores {
  readonly list: ConversationListStore;
  readonly conversations: ConversationStore;
  readonly composer: ComposerStore;
  readonly prompts: PromptStore;
  readonly branches: BranchStore;
  readonly setup: SetupStore;
}

/** Starts the chat's stores over the shared ones. */
export function createChat(stores: Stores): ChatStores {
  const conversations = new ConversationStore(stores);
  const composer = new ComposerStore(stores.api, conversations);
  const setup = new SetupStore(stores, conversations);
  return {
    list: new ConversationListStore(stores),
    conversations,
    composer,
    prompts: new PromptStore(stores, composer, setup),
    branches: new BranchStore(stores, conversations),
    setup,
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
