// What a person is writing, per conversation. Nothing written is lost: a draft leaves only when the host has accepted
// it, and survives a reload of the window.
import { MESSAGE_LIMIT } from '#contract/errors.ts';
import type { ShownFailure } from '../../messages/error-message.ts';
import type { ConversationStore } from './conversation-store.svelte.ts';

const STORAGE_KEY = 'lapidary.drafts';
const STORE_AFTER_MS = 300;

export class ComposerStore {
  readonly #conversations: ConversationStore;
  #drafts = $state.raw<Readonly<Record<string, string>>>(readDrafts());
  #failure = $state.raw<ShownFailure | null>(null);
  /** On its way, not yet accepted; kept with the drafts in case the window goes. */
  readonly #underWay = new Map<string, string>();
  /** Drafts of conversations that are not stored, which are not either. */
  readonly #unstored = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(conversations: ConversationStore) {
    this.#conversations = conversations;
    window.addEventListener('pagehide', () => this.#store());
  }

  get text(): string {
    return this.#drafts[this.#key] ?? '';
  }

  set text(value: string) {
    this.#failure = null;
    this.#put(this.#key, value);
  }

  /** Why the last message was refused, until it is changed. */
  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** How many characters too many there are; 0 when it fits. */
  get excess(): number {
    return Math.max(0, this.text.length - MESSAGE_LIMIT);
  }

  get sendable(): boolean {
    return !this.#conversations.current.busy && this.excess === 0 && hasVisibleText(this.text);
  }

  /** Whether the next conversation is stored; what is written for it already goes along. */
  setTemporary(temporary: boolean): void {
    const { text } = this;
    this.#put(this.#key, '');
    this.#conversations.newTemporary = temporary;
    this.#put(this.#key, text);
    this.#store();
  }

  async send(): Promise<void> {
    if (!this.sendable) return;
    const key = this.#key;
    const text = this.text;
    this.#underWay.set(key, text);
    this.#put(key, '');
    const failure = await this.#conversations.send(text);
    this.#underWay.delete(key);
    if (!failure) return;
    this.#failure = failure;
    // Back to where it was written; what was begun meanwhile stays behind it.
    const begun = this.#drafts[key] ?? '';
    this.#put(key, begun === '' ? text : `${text}\n\n${begun}`);
  }

  get #key(): string {
    const { current, temporary } = this.#conversations;
    const key = String(current.id ?? (temporary ? 'temporary' : 'new'));
    if (temporary) this.#unstored.add(key);
    return key;
  }

  #put(key: string, text: string): void {
    const { [key]: _, ...others } = this.#drafts;
    this.#drafts = text === '' ? others : { ...others, [key]: text };
    this.#timer ??= setTimeout(() => this.#store(), STORE_AFTER_MS);
  }

  #store(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const drafts = Object.entries({ ...this.#drafts, ...Object.fromEntries(this.#underWay) });
      const stored = drafts.filter(([key]) => !this.#unstored.has(key));
      sessionStorage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(stored)));
    } catch {
      // Too long for the storage, or none: the draft still lives in this window.
    }
  }
}

/** False for what shows nothing: white space, control and zero-width characters. The host decides by the same rule. */
export function hasVisibleText(text: string): boolean {
  return !/^[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]*$/u.test(text);
}

function readDrafts(): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '{}');
    const entries = Object.entries(stored ?? {}).filter(([, text]) => typeof text === 'string');
    return Object.fromEntries(entries) as Record<string, string>;
  } catch {
    // Unreadable drafts are as good as none.
    return {};
  }
}
