// What an `@` in a message offers: documents that went along with other messages, and other conversations.
import type { AttachmentOffer } from '#contract/attachments.ts';
import { formatDate } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import type { ComposerStore } from '../compose/composer-store.svelte.ts';
import type { Offer } from '../compose/prompt-store.svelte.ts';
import type { ConversationStore } from '../conversation-store.svelte.ts';
import type { AttachStore } from './attach-store.svelte.ts';

const ASK_AFTER_MS = 80;
/** An `@` at the beginning of a word, and the beginning of a name, up to where one writes. */
const ASKED = /(?:^|\s)@([^\s@]{0,60})$/u;

interface ReferenceParts {
  composer: ComposerStore;
  conversations: ConversationStore;
  attach: AttachStore;
}

export class ReferenceStore {
  readonly #stores: Stores;
  readonly #parts: ReferenceParts;
  #offers = $state.raw<readonly Offer[] | null>(null);
  /** The text for which the person has closed the offers. */
  #closedAt = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = new AbortController();
  /** Which offer Enter takes. */
  position = $state(0);

  constructor(stores: Stores, parts: ReferenceParts) {
    this.#stores = stores;
    this.#parts = parts;
  }

  /** Null while there is nothing to offer. */
  get offers(): readonly Offer[] | null {
    return this.#offers;
  }

  /** Something was written, up to `caret`. */
  ask(text: string, caret: number): void {
    clearTimeout(this.#timer);
    this.#asking.abort();
    const asked = ASKED.exec(text.slice(Math.max(0, caret - 80), caret));
    if (!asked || text === this.#closedAt) {
      this.#offers = null;
      return;
    }
    this.#timer = setTimeout(() => void this.#fetch(asked[1] ?? '', caret), ASK_AFTER_MS);
  }

  close(): void {
    this.#closedAt = this.#parts.composer.text;
    this.#offers = null;
  }

  async #fetch(query: string, caret: number): Promise<void> {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const found = await this.#stores.api.call('attachments.offers', { query }, signal);
      if (signal.aborted) return;
      const { id } = this.#parts.conversations.current;
      const others = found.filter((offer) => offer.kind !== 'conversation' || offer.id !== id);
      this.position = 0;
      this.#offers = others.length > 0 ? others.map((each) => this.#offer(each, query, caret)) : null;
    } catch {
      this.#offers = null; // What is written is a message like any other then.
    }
  }

  #offer(found: AttachmentOffer, query: string, caret: number): Offer {
    const isDocument = found.kind === 'document';
    return {
      id: `${found.kind}-${found.id}`,
      label: found.name,
      note: isDocument
        ? t('attach.offerDocument', { count: found.characters })
        : t('attach.offerConversation', { date: formatDate(found.at) }),
      run: () => {
        const { composer, attach } = this.#parts;
        const { text } = composer;
        composer.text = text.slice(0, caret - query.length - 1) + text.slice(caret);
        this.#offers = null;
        void (isDocument ? attach.addDocument(found.id) : attach.addConversation(found.id));
      },
    };
  }
}
