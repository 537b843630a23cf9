// What is compared with what, and keeping one of two answers. Both sides begin as the conversation is; the right one is
// asked of another model where there is one, otherwise under another preset.
import type { ConversationSetup, Message } from '#contract/chat.ts';
import type { CompareInput } from '#contract/compare.ts';
import type { Model } from '#contract/models.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../../messages/error-message.ts';
import type { Stores } from '../../../stores/stores.ts';
import type { AttachStore } from '../attach/attach-store.svelte.ts';
import type { ComposerStore } from '../compose/composer-store.svelte.ts';
import type { ConversationStore } from '../conversation-store.svelte.ts';
import { NOTHING_SET } from '../setup/setup-fields.ts';
import type { SetupStore } from '../setup/setup-store.svelte.ts';

/** A model is null for the one in use; `own` is how the conversation is set up now. */
export interface SideChoice {
  modelId: number | null;
  preset: number | 'own' | 'standard';
}

interface CompareParts {
  conversations: ConversationStore;
  composer: ComposerStore;
  attach: AttachStore;
  setup: SetupStore;
}

export class CompareStore {
  readonly #stores: Stores;
  readonly #parts: CompareParts;
  #question = $state.raw<Message | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #starting = $state(false);
  open = $state(false);
  left = $state<SideChoice>({ modelId: null, preset: 'own' });
  right = $state<SideChoice>({ modelId: null, preset: 'own' });

  constructor(stores: Stores, parts: CompareParts) {
    this.#stores = stores;
    this.#parts = parts;
  }

  /** The question that is asked again; null: what is in the field for messages. */
  get question(): Message | null {
    return this.#question;
  }

  /** Why they could not be begun, until that is tried again. */
  get failure(): ShownFailure | null {
    return this.#failure;
  }

  get starting(): boolean {
    return this.#starting;
  }

  /** Models that can answer. */
  readonly models: readonly Model[] = $derived.by(() =>
    (this.#stores.models.list ?? []).filter(({ fileState }) => fileState !== 'missing'),
  );
  /** The two sides ask different models: one has to make room for the other. */
  readonly twoModels: boolean = $derived.by(() => this.#modelIdOf(this.left) !== this.#modelIdOf(this.right));
  /** Only chance would make a difference. */
  readonly alike: boolean = $derived.by(() => !this.twoModels && this.left.preset === this.right.preset);
  /** There is something to ask, and nothing else is being written or compared here. */
  readonly ready: boolean = $derived.by(() => {
    const { conversations, composer } = this.#parts;
    if (this.#starting || conversations.current.busy) return false;
    return this.#question !== null || composer.sendable;
  });

  /** Asks what to compare. Without a question that stands there already, it is the one being written. */
  choose(question: Message | null): void {
    this.#question = question;
    this.#failure = null;
    this.left = { modelId: this.#parts.setup.model?.id ?? null, preset: 'own' };
    this.right = this.#otherThan(this.left);
    this.open = true;
  }

  async start(): Promise<void> {
    if (!this.ready) return;
    const { conversations, composer, attach } = this.#parts;
    const session = conversations.current;
    const sides = { left: this.#setupOf(this.left), right: this.#setupOf(this.right) };
    this.#starting = true;
    this.#failure = null;
    try {
      const opened = await this.#stores.api.call('compare.start', { question: this.#asked(), ...sides });
      if (this.#question === null) {
        composer.text = '';
        attach.take(session);
      }
      this.open = false;
      conversations.compare(session, opened);
    } catch (error) {
      this.#failure = asFailure(error);
    } finally {
      this.#starting = false;
    }
  }

  /** Goes on with this answer; the other one stays as a version. */
  async keep(answerId: number): Promise<void> {
    const { conversations } = this.#parts;
    const session = conversations.current;
    try {
      const opened = await this.#stores.api.call('compare.keep', { answerId });
      conversations.show(session, opened);
      this.#stores.navigation.focusRequest += 1;
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }

  #asked(): CompareInput['question'] {
    if (this.#question) return { kind: 'asked', messageId: this.#question.id };
    const { conversations, composer, attach } = this.#parts;
    const { id: conversationId } = conversations.current;
    const begin = conversationId === null ? { temporary: conversations.newTemporary } : {};
    return { kind: 'new', conversationId, text: composer.text, attachmentIds: [...attach.ids], ...begin };
  }

  #setupOf({ modelId, preset }: SideChoice): ConversationSetup {
    const { presetId, settings } = this.#parts.setup.current;
    if (preset === 'own') return { presetId, settings, modelId };
    const { overflow } = settings;
    return {
      presetId: preset === 'standard' ? null : preset,
      settings: { ...NOTHING_SET, overflow },
      modelId,
    };
  }

  #modelIdOf({ modelId }: SideChoice): number | null {
    return modelId ?? this.#stores.engine.status?.modelId ?? null;
  }

  #otherThan(side: SideChoice): SideChoice {
    const used = this.#modelIdOf(side);
    const other = this.models.find(({ id }) => id !== used);
    if (other && used !== null) return { modelId: other.id, preset: 'own' };
    const { presets, current } = this.#parts.setup;
    const preset = presets.find(({ id }) => id !== current.presetId)?.id ?? 'standard';
    return { ...side, preset };
  }
}
