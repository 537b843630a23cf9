// What a person is writing, per conversation, and what waits for the end of an answer. Nothing written is lost: a draft
// leaves only when the host has accepted it, and survives a reload of the window and a restart of the app.
import { MESSAGE_LIMIT } from '#contract/errors.ts';
import type { Attachment } from '#contract/attachment.ts';
import type { Api } from '../../../bridge.ts';
import type { ShownFailure } from '../../../messages/error-message.ts';
import type { AttachStore } from '../attach/attach-store.svelte.ts';
import type { ConversationSession } from '../conversation-session.svelte.ts';
import type { ConversationStore } from '../conversation-store.svelte.ts';
import { DraftStorage, type Drafts } from './draft-storage.ts';
import { nextPlaceholder, type Placeholder } from './placeholders.ts';
import { ReadAhead } from './read-ahead.ts';

const STORE_AFTER_MS = 300;

export class ComposerStore {
  readonly #conversations: ConversationStore;
  readonly #attach: AttachStore;
  readonly #storage: DraftStorage;
  readonly #readAhead: ReadAhead;
  #drafts = $state.raw<Drafts>({});
  #failure = $state.raw<ShownFailure | null>(null);
  /** The text came from a prompt. */
  #filling = false;
  /** Changes when the first place of a prompt is to be chosen in the field. */
  fillRequest = $state(0);
  /** On its way, not yet accepted; kept with the drafts in case the window goes. */
  readonly #underWay = new Map<string, string>();
  /** Drafts of conversations that are not stored, which are not either. */
  readonly #unstored = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, conversations: ConversationStore, attach: AttachStore) {
    this.#conversations = conversations;
    this.#attach = attach;
    this.#storage = new DraftStorage(api);
    this.#readAhead = new ReadAhead(api, conversations, attach);
    attach.whenChanged(() => this.#readAhead.changed(this.text));
    this.#drafts = this.#storage.here();
    void this.#storage.kept().then((kept) => (this.#drafts = { ...kept, ...this.#drafts }));
    window.addEventListener('pagehide', () => this.#store());
    conversations.whenEnded((session) => this.#sendQueued(session));
  }

  get text(): string {
    return this.#drafts[this.#key] ?? '';
  }

  set text(value: string) {
    this.#failure = null;
    this.#put(this.#key, value);
    this.#attach.textChanged(value);
    this.#readAhead.changed(value);
  }

  /** What is sent next by itself; '' when nothing is. */
  get queued(): string {
    const { queued, queuedAttached } = this.#conversations.current;
    return queued || queuedAttached.map(({ name }) => name).join(', ');
  }

  /** Why the last message was refused, until it is changed. */
  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** How many characters too many there are; 0 when it fits. */
  get excess(): number {
    return Math.max(0, this.text.length - MESSAGE_LIMIT);
  }

  /** Sent at once, or queued while an answer is being written; not before one of two answers is chosen. */
  get sendable(): boolean {
    if (this.#conversations.current.pair) return false;
    const { ids, waiting } = this.#attach;
    return this.excess === 0 && !waiting && (ids.length > 0 || hasVisibleText(this.text));
  }

  /** Puts a prompt into the field; its places are to be filled in before it is sent. */
  fillIn(text: string): void {
    this.text = text;
    this.#filling = true;
    this.fillRequest += 1;
  }

  /** The place of a prompt that still waits for words, from this position on; null when there is none. */
  unfilled(from: number): Placeholder | null {
    return this.#filling ? nextPlaceholder(this.text, from) : null;
  }

  /** Whether the next conversation is stored; what is written for it already goes along. */
  setTemporary(temporary: boolean): void {
    const { text } = this;
    const ids = [...this.#attach.ids];
    this.#put(this.#key, '');
    this.#attach.take(this.#conversations.current);
    this.#conversations.newTemporary = temporary;
    void this.#attach.moveTo({ conversationId: null, temporary }, ids);
    this.#put(this.#key, text);
    this.#store();
  }

  /** What is being written in a conversation that goes on under another id. */
  moveDraft(fromId: number, toId: number): void {
    const text = this.#drafts[String(fromId)] ?? '';
    if (text === '') return;
    this.#put(String(fromId), '');
    this.#putBefore(String(toId), text);
  }

  async send(): Promise<void> {
    if (!this.sendable) return;
    this.#readAhead.stop();
    const session = this.#conversations.current;
    const attached = this.#attach.take(session);
    if (session.busy) this.#queue(session, this.text, attached);
    else await this.#send(session, this.text, attached);
  }

  /** What waited is a draft again, before what was begun meanwhile. */
  takeBack(): void {
    this.#unqueue(this.#conversations.current);
  }

  async #send(session: ConversationSession, text: string, attached: readonly Attachment[]): Promise<void> {
    const key = this.#keyOf(session);
    this.#underWay.set(key, text);
    this.#put(key, '');
    this.#attach.textChanged('');
    const ids = attached.map(({ id }) => id);
    const failure = await this.#conversations.send(text, session, ids);
    this.#underWay.delete(key);
    if (!failure) return;
    this.#failure = failure;
    this.#attach.giveBack(session, attached);
    this.#putBefore(key, text);
  }

  #queue(session: ConversationSession, text: string, attached: readonly Attachment[]): void {
    session.queued = [session.queued, text].filter(Boolean).join('\n\n');
    session.queuedAttached = [...session.queuedAttached, ...attached];
    this.#put(this.#keyOf(session), '');
  }

  #unqueue(session: ConversationSession): void {
    this.#attach.giveBack(session, session.queuedAttached);
    if (session.queued !== '') this.#putBefore(this.#keyOf(session), session.queued);
    session.queued = '';
    session.queuedAttached = [];
  }

  /** An answer that broke off may want another question: what waited goes back to the person then. */
  #sendQueued(session: ConversationSession): void {
    const { queued, queuedAttached } = session;
    if (queued === '' && queuedAttached.length === 0) return;
    if (session.pair || session.messages?.at(-1)?.status !== 'complete') return this.#unqueue(session);
    session.queued = '';
    session.queuedAttached = [];
    const begun = this.#drafts[this.#keyOf(session)] ?? '';
    void this.#send(session, queued, queuedAttached);
    this.#put(this.#keyOf(session), begun);
  }

  get #key(): string {
    return this.#keyOf(this.#conversations.current);
  }

  #keyOf(session: ConversationSession): string {
    const { current, temporary } = this.#conversations;
    const unstored = session === current && temporary;
    const key = String(session.id ?? (unstored ? 'temporary' : 'new'));
    if (unstored) this.#unstored.add(key);
    return key;
  }

  /** Back to where it was written; what was begun meanwhile stays behind it. */
  #putBefore(key: string, text: string): void {
    const begun = this.#drafts[key] ?? '';
    this.#put(key, begun === '' ? text : `${text}\n\n${begun}`);
  }

  #put(key: string, text: string): void {
    const { [key]: _, ...others } = this.#drafts;
    this.#drafts = text === '' ? others : { ...others, [key]: text };
    if (text === '') this.#filling = false;
    this.#timer ??= setTimeout(() => this.#store(), STORE_AFTER_MS);
  }

  #store(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = { ...this.#drafts };
    const queued = [...this.#conversations.sessions].map(
      (session) => [this.#keyOf(session), session.queued] as const,
    );
    for (const [key, text] of [...queued, ...this.#underWay].filter(([, each]) => each !== ''))
      all[key] = all[key] ? `${text}\n\n${all[key]}` : text;
    this.#storage.keep(Object.fromEntries(Object.entries(all).filter(([key]) => !this.#unstored.has(key))));
  }
}

/** False for what shows nothing: white space, control and zero-width characters. The host decides by the same rule. */
export function hasVisibleText(text: string): boolean {
  return !/^[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]*$/u.test(text);
}
