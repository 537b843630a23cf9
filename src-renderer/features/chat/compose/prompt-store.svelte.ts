// The prompt library, and what a slash at the beginning of a message offers: prompts to fill in and presets to use.
import type { Prompt } from '#contract/compose.ts';
import type { Preset } from '#contract/presets.ts';
import { asFailure, errorMessage } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import { presetName, presetNote } from '../setup/setup-fields.ts';
import type { SetupStore } from '../setup/setup-store.svelte.ts';
import type { ComposerStore } from './composer-store.svelte.ts';

export interface Offer {
  id: string;
  label: string;
  note: string | undefined;
  run: () => void;
}

const MOST_OFFERS = 7;
/** A slash and the beginning of a name, and nothing else. */
const ASKED = /^\/([^\s/][^\n/]{0,39})?$/u;

export class PromptStore {
  readonly #stores: Stores;
  readonly #composer: ComposerStore;
  readonly #setup: SetupStore;
  #prompts = $state.raw<readonly Prompt[]>([]);
  /** The text for which the person has closed the offers. */
  #closedAt = $state('');
  /** Which offer Enter takes. */
  position = $state(0);
  managing = $state(false);

  constructor(stores: Stores, composer: ComposerStore, setup: SetupStore) {
    this.#stores = stores;
    this.#composer = composer;
    this.#setup = setup;
    stores.api.subscribe('prompts.watch', undefined, (list) => (this.#prompts = list));
  }

  /** Null while there is nothing to offer. */
  readonly offers: readonly Offer[] | null = $derived.by(() => {
    const { text } = this.#composer;
    const asked = ASKED.exec(text);
    if (!asked || text === this.#closedAt) return null;
    const words = (asked[1] ?? '').toLocaleLowerCase().trim();
    const fits = ({ label }: Offer): boolean => label.toLocaleLowerCase().includes(words);
    const offers = [...this.#promptOffers(), ...this.#presetOffers()].filter(fits).slice(0, MOST_OFFERS);
    return [
      ...offers,
      { id: 'manage', label: t('compose.manage'), note: undefined, run: () => this.#manage() },
    ];
  });

  /** The person's own. */
  readonly own: readonly Prompt[] = $derived(this.#prompts.filter(({ builtIn }) => builtIn === null));

  close(): void {
    this.#closedAt = this.#composer.text;
  }

  /** Resolves to whether it was kept. */
  async save(id: number | null, name: string, text: string): Promise<boolean> {
    return this.#try(() => this.#stores.api.call('prompts.save', { id, name, text }));
  }

  async remove({ id, name, text }: Prompt): Promise<void> {
    const removed = await this.#try(() => this.#stores.api.call('prompts.remove', { id }));
    if (!removed) return;
    const action = { label: t('ui.undo'), run: () => void this.save(null, name, text) };
    this.#stores.toasts.show({ text: t('compose.removed', { name }), action });
  }

  #promptOffers(): Offer[] {
    return this.#prompts.map((prompt) => ({
      id: `prompt-${prompt.id}`,
      label: prompt.builtIn ? t(`compose.builtIn.${prompt.builtIn}`) : prompt.name,
      note: prompt.text.replace(/\s+/gu, ' ').slice(0, 80),
      run: () => this.#composer.fillIn(prompt.text),
    }));
  }

  #presetOffers(): Offer[] {
    return this.#setup.presets.map((preset: Preset) => ({
      id: `preset-${preset.id}`,
      label: t('compose.usePreset', { name: presetName(preset) }),
      note: presetNote(preset),
      run: () => {
        this.#composer.text = '';
        void this.#setup.choose(preset.id);
      },
    }));
  }

  #manage(): void {
    this.#composer.text = '';
    this.managing = true;
  }

  async #try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
      return false;
    }
  }
}
