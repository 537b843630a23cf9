// Versions of messages and the branches they make: showing, editing, removing with a way back, forking. Every change
// is made by the host, which answers with the branch that is shown then.
import type { BranchNode } from '#contract/branches.ts';
import type { OpenConversation } from '#contract/chat.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../messages/error-message.ts';
import { t } from '../../messages/translate.ts';
import type { Stores } from '../../stores/stores.ts';
import { foldTree, type Branch } from './branch-tree.ts';
import type { ConversationStore } from './conversation-store.svelte.ts';

const LOOK_AGAIN_MS = 20;

export class BranchStore {
  readonly #stores: Stores;
  readonly #conversations: ConversationStore;
  #tree = $state.raw<readonly BranchNode[] | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  treeOpen = $state(false);
  /** The message whose text is being edited, with the text as it is now. */
  editing = $state<{ id: number; text: string } | null>(null);

  constructor(stores: Stores, conversations: ConversationStore) {
    this.#stores = stores;
    this.#conversations = conversations;
  }

  /** The branches of the open conversation; null while they are being fetched. */
  readonly branches: readonly Branch[] | null = $derived.by(() => {
    const shown = new Set(this.#session.messages?.map(({ id }) => id));
    return this.#tree && foldTree(this.#tree, shown);
  });

  /** Why the tree could not be fetched, or an edit was refused. */
  get failure(): ShownFailure | null {
    return this.#failure;
  }

  async openTree(): Promise<void> {
    const { id } = this.#session;
    this.treeOpen = true;
    this.#tree = null;
    this.#failure = null;
    if (id === null) return;
    try {
      this.#tree = await this.#stores.api.call('branches.tree', { conversationId: id });
    } catch (error) {
      this.#failure = asFailure(error);
    }
  }

  /** Shows the branch through this message and brings it into view. */
  async show(messageId: number, direction?: 'previous' | 'next'): Promise<void> {
    const session = this.#session;
    const shown = await this.#change(() => this.#stores.api.call('branches.show', { messageId }));
    this.treeOpen = false;
    if (!shown || !(await this.#comes(session, messageId))) return;
    session.target = { id: messageId, ...(direction && { direction }) };
  }

  /** Brings a message of the open conversation into view, in whichever branch it is; false where it is gone. */
  async reach(messageId: number): Promise<boolean> {
    const session = this.#session;
    if (!(await this.#comes(session, messageId))) {
      if (session !== this.#session) return false;
      const shown = await this.#change(() => this.#stores.api.call('branches.show', { messageId }));
      if (!shown || !(await this.#comes(session, messageId))) return false;
    }
    session.target = { id: messageId };
    return true;
  }

  edit(id: number, text: string): void {
    this.#failure = null;
    this.editing = { id, text };
  }

  cancelEdit(): void {
    this.editing = null;
    this.#failure = null;
  }

  /** Asks the edited question, or keeps the edited answer, as another version. The text stays where it is refused. */
  async saveEdit(role: 'user' | 'answer'): Promise<void> {
    const { editing } = this;
    if (!editing) return;
    const input = { messageId: editing.id, text: editing.text };
    const { api } = this.#stores;
    if (role === 'user') this.#failure = await this.#conversations.write(api.stream('branches.edit', input));
    else await this.#rewrite(input);
    if (!this.#failure && this.editing?.id === editing.id) this.editing = null;
  }

  async continue(messageId: number): Promise<void> {
    await this.#conversations.write(this.#stores.api.stream('branches.continue', { messageId }));
  }

  /** With everything after it, and a notice that takes it back. */
  async remove(messageId: number): Promise<void> {
    const removed = await this.#change(() => this.#stores.api.call('branches.remove', { messageId }));
    if (!removed) return;
    const restore = (): Promise<unknown> =>
      this.#change(() => this.#stores.api.call('branches.restore', { messageId }));
    const action = { label: t('ui.undo'), run: () => void restore() };
    this.#stores.toasts.show({ text: t('branches.removed'), action });
  }

  /** Goes on in a new conversation with everything up to this message. */
  async fork(messageId: number): Promise<void> {
    try {
      const { id } = await this.#stores.api.call('branches.fork', { messageId });
      this.#stores.navigation.openConversation(id);
      this.#stores.toasts.show({ text: t('branches.forked') });
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Whether a message is in the branch that is shown: it may stand further up, in what is still being fetched. */
  async #comes(session: ConversationStore['current'], messageId: number): Promise<boolean> {
    const there = (): boolean => session.messages?.some(({ id }) => id === messageId) ?? false;
    const mayCome = (first = session.messages?.[0]): boolean =>
      session === this.#session && !session.failure && session.lacksEarlier && messageId < (first?.id ?? 0);
    while (!there() && mayCome()) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    return there() && session === this.#session;
  }

  get #session() {
    return this.#conversations.current;
  }

  async #rewrite(input: { messageId: number; text: string }): Promise<void> {
    const session = this.#session;
    try {
      this.#show(session, await this.#stores.api.call('branches.rewrite', input));
    } catch (error) {
      this.#failure = asFailure(error);
    }
  }

  async #change(change: () => Promise<OpenConversation>): Promise<boolean> {
    const session = this.#session;
    try {
      this.#show(session, await change());
      return true;
    } catch (error) {
      this.#tell(error);
      return false;
    }
  }

  /** The person may have gone to another conversation meanwhile. */
  #show(session: ConversationStore['current'], opened: OpenConversation): void {
    if (session.id === opened.conversation.id) this.#conversations.show(session, opened);
  }

  #tell(error: unknown): void {
    this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
  }
}
