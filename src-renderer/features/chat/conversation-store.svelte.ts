// Which conversation is open, and every one in which an answer is being written. Switching to another conversation
// never stops an answer: its session stays and goes on listening.
import type { ConversationSetup, GenerationEvent, OpenConversation } from '#contract/chat.ts';
import type { Stores } from '../../stores/stores.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../messages/error-message.ts';
import { NOTHING_SET } from './setup/setup-fields.ts';
import { pairOf, unfinished } from './compare/answer-pair.ts';
import { ConversationSession, type PairSide } from './conversation-session.svelte.ts';

/** Between two parts of a long conversation, so that fetching them is not felt. */
const PAGES_EVERY_MS = 30;

export class ConversationStore {
  readonly #stores: Stores;
  readonly #running = new Map<number, ConversationSession>();
  #current = $state.raw(new ConversationSession());
  #ended: (session: ConversationSession) => void = () => {};
  /** For the next conversation that begins. */
  newSetup = $state.raw<ConversationSetup>({ presetId: null, settings: NOTHING_SET, modelId: null });

  /** The next conversation that begins is kept in memory only. */
  newTemporary = $state(false);

  constructor(stores: Stores) {
    this.#stores = stores;
    stores.api.onReconnect(() => void this.reload());
    stores.api.subscribe('chat.watch', undefined, (change) => {
      if (change.type === 'saved' && change.conversation.id === this.#current.id) {
        this.#current.conversation = change.conversation;
      } else if (change.type === 'removed' && change.id === this.#current.id) {
        stores.navigation.openConversation(null);
      } else if (change.type === 'many') {
        void this.reload();
      }
    });
  }

  /** The conversation on the screen. */
  get current(): ConversationSession {
    return this.#current;
  }

  /** What is written here is not stored, also before the conversation has begun. */
  get temporary(): boolean {
    return this.#current.conversation?.temporary ?? this.newTemporary;
  }

  /** Shows a conversation, or the empty page of a new one. */
  open(id: number | null): void {
    if (id === this.#current.id && (id !== null || !this.#current.busy)) return;
    const running = id === null ? undefined : this.#running.get(id);
    this.#current = running ?? new ConversationSession();
    this.newTemporary = false;
    if (id !== null && !running) void this.#load(this.#current, id);
  }

  /** Tells that someone looks at a conversation, until what is returned is called: its answers come first. */
  look(id: number): () => void {
    return this.#stores.api.subscribe('chat.look', { id }, () => {});
  }

  /** Fetches what is open again, and joins the answer that is being written in it. */
  async reload(): Promise<void> {
    const { conversationId } = this.#stores.navigation;
    if (conversationId !== null) await this.#load(this.#current, conversationId);
  }

  /** Shows what the host told of a conversation, and fetches what comes before that. */
  show(session: ConversationSession, opened: OpenConversation): void {
    session.show(opened);
    session.pair = pairOf(opened, session.pair);
    if (opened.more && session.lacksEarlier) void this.#fetchEarlier(session, opened.conversation.id);
  }

  /** Every conversation in which something may be under way. */
  get sessions(): Set<ConversationSession> {
    return new Set([this.#current, ...this.#running.values()]);
  }

  /** Hears when an answer that this window followed has ended. */
  whenEnded(listener: (session: ConversationSession) => void): void {
    this.#ended = listener;
  }

  /** Sends a message. Resolves to null once the host has it, or to why it was refused. */
  send(
    text: string,
    session: ConversationSession,
    attachmentIds: readonly number[] = [],
  ): Promise<ShownFailure | null> {
    const { id: conversationId } = session;
    const begin = conversationId === null ? { setup: this.newSetup, temporary: this.newTemporary } : {};
    return this.#run(
      session,
      this.#stores.api.stream('chat.send', {
        conversationId,
        text,
        attachmentIds: [...attachmentIds],
        ...begin,
      }),
    );
  }

  /** Asks for an answer to a question, or for another one beside an answer. */
  async retry(messageId: number, varied = false): Promise<void> {
    await this.write(this.#stores.api.stream('chat.retry', { messageId, varied }));
  }

  /** Follows an answer in the open conversation. Resolves to null once the host has begun, or to why it refused. */
  write(events: AsyncIterable<GenerationEvent>): Promise<ShownFailure | null> {
    return this.#run(this.#current, events);
  }

  /** Shows two answers that were begun in a session, and follows both. */
  compare(session: ConversationSession, opened: OpenConversation): void {
    this.show(session, opened);
    if (session === this.#current) {
      this.newTemporary = false;
      if (this.#stores.navigation.conversationId === null)
        this.#stores.navigation.openConversation(session.id);
    }
    void this.#followPair(session, opened.conversation.id);
  }

  /** Ends the answer that is being written; its text stays. */
  async stop(): Promise<void> {
    const session = this.#current;
    if (session.id === null || !session.busy || session.phase?.kind === 'stopping') return;
    session.phase = { kind: 'stopping' };
    try {
      await this.#stores.api.call('chat.stop', { conversationId: session.id });
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }

  async openLink(url: string): Promise<void> {
    try {
      await this.#stores.api.call('app.openLink', { url });
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }

  #run(session: ConversationSession, events: AsyncIterable<GenerationEvent>): Promise<ShownFailure | null> {
    return new Promise((resolve) => {
      const accepted = (): void => {
        if (session.id !== null) this.#running.set(session.id, session);
        if (session === this.#current) this.newTemporary = false;
        if (session === this.#current && this.#stores.navigation.conversationId === null) {
          this.#stores.navigation.openConversation(session.id);
        }
        resolve(null);
      };
      void session.follow(events, accepted).then((failure) => {
        if (session.id !== null) this.#running.delete(session.id);
        resolve(failure);
        this.#ended(session);
      });
    });
  }

  async #load(session: ConversationSession, id: number): Promise<void> {
    try {
      const opened = await this.#stores.api.call('chat.open', { id, newest: true });
      this.show(session, opened);
      if (!opened.conversation.generating || session.busy) return;
      await (session.pair ? this.#followPair(session, id) : this.#attach(session, id));
    } catch (error) {
      session.failure = asFailure(error);
    }
  }

  /** Page by page, for as long as nothing else took their place; what a person sees comes first. */
  async #fetchEarlier(session: ConversationSession, id: number): Promise<void> {
    try {
      for (let more = true; more;) {
        await new Promise((resolve) => setTimeout(resolve, PAGES_EVERY_MS));
        const before = session.messages?.[0]?.id;
        if (before === undefined || (session !== this.#current && !this.#running.has(id))) return;
        const earlier = await this.#stores.api.call('chat.earlier', { id, before });
        more = session.prepend(earlier.messages, before) && earlier.more && session.lacksEarlier;
      }
    } catch (error) {
      session.failure = asFailure(error);
    }
  }

  async #followPair(session: ConversationSession, id: number): Promise<void> {
    const { pair } = session;
    const { api } = this.#stores;
    if (!pair) return;
    this.#running.set(id, session);
    session.phase = { kind: 'writing' };
    const follow = async ({ answerId, session: side }: PairSide): Promise<boolean> =>
      (await side.follow(api.stream('compare.watch', { answerId }))) === null;
    const reached = await Promise.all(unfinished(pair).map(follow));
    session.phase = null;
    this.#running.delete(id);
    this.#ended(session);
    // The branch has the answers too; and they may have ended between opening and joining.
    if (reached.every(Boolean)) await this.#load(session, id);
  }

  async #attach(session: ConversationSession, id: number): Promise<void> {
    this.#running.set(id, session);
    await session.follow(this.#stores.api.stream('chat.attach', { conversationId: id }));
    this.#running.delete(id);
    this.#ended(session);
    const left = session.messages?.some((message) => message.status === 'generating');
    // It ended between opening and joining.
    if (left && !session.failure) await this.#load(session, id);
  }
}
