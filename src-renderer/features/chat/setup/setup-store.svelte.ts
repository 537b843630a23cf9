// How the answers of the open conversation are to be: its preset, what it has of its own, and the presets there are.
// A conversation that has not begun keeps its setup here until its first message takes it along.
import type { ConversationSetup, ModelView } from '#contract/chat.ts';
import type { Model } from '#contract/models.ts';
import type { AnswerSettings, Preset } from '#contract/presets.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import type { ConversationStore } from '../conversation-store.svelte.ts';
import { NOTHING_SET, problemOf } from './setup-fields.ts';

export type SettingName = keyof AnswerSettings;

export class SetupStore {
  readonly #stores: Stores;
  readonly #conversations: ConversationStore;
  #presets = $state.raw<readonly Preset[]>([]);
  #errors = $state.raw<Partial<Record<SettingName, string>>>({});
  #view = $state.raw<ModelView | null>(null);
  #viewFailure = $state.raw<ShownFailure | null>(null);
  /** Which of the dialogs is open. */
  dialog = $state<'adjust' | 'presets' | 'view' | 'model' | null>(null);

  constructor(stores: Stores, conversations: ConversationStore) {
    this.#stores = stores;
    this.#conversations = conversations;
    stores.api.subscribe('presets.watch', undefined, (list) => (this.#presets = list));
  }

  readonly current: ConversationSetup = $derived.by(
    () => this.#conversations.current.conversation ?? this.#conversations.newSetup,
  );
  readonly preset: Preset | null = $derived(
    this.#presets.find(({ id }) => id === this.current.presetId) ?? null,
  );
  /** Something here differs from the preset. */
  readonly adjusted: boolean = $derived(Object.values(this.current.settings).some((value) => value !== null));

  /** The model that was chosen for this conversation; null: none was, or it is gone. */
  readonly model: Model | null = $derived.by(
    () => this.#stores.models.list?.find(({ id }) => id === this.current.modelId) ?? null,
  );
  /** It was removed: nothing answers here until another one is chosen. */
  readonly modelGone: boolean = $derived.by(
    () => this.current.modelId !== null && this.#stores.models.list !== null && this.model === null,
  );

  /** What becomes of the oldest messages when not all fit into what the model can see. */
  readonly overflow: 'slide' | 'note' = $derived.by(
    () => this.current.settings.overflow ?? this.inherited('overflow') ?? 'slide',
  );

  get presets(): readonly Preset[] {
    return this.#presets;
  }

  get view(): ModelView | null {
    return this.#view;
  }

  get viewFailure(): ShownFailure | null {
    return this.#viewFailure;
  }

  errorOf(name: SettingName): string | undefined {
    return this.#errors[name];
  }

  /** What applies where the conversation says nothing: the preset's value, or that of the Settings; null: the makers'. */
  inherited<K extends SettingName>(name: K): AnswerSettings[K] | null {
    const fromPreset = this.preset?.settings[name];
    if (fromPreset !== null && fromPreset !== undefined) return fromPreset;
    const global: Partial<AnswerSettings> | null = this.#stores.settings.values;
    return global?.[name] ?? null;
  }

  /** The conversation's own adjustments of its answers go: what is chosen is what applies. */
  async choose(presetId: number | null): Promise<void> {
    const { overflow } = this.current.settings;
    await this.#configure({ presetId, settings: { ...NOTHING_SET, overflow } });
  }

  async chooseOverflow(value: 'slide' | 'note'): Promise<void> {
    await this.set('overflow', value === (this.inherited('overflow') ?? 'slide') ? null : value);
  }

  /** From the next answer on; null: whichever is in use. Nothing is loaded before that. */
  async chooseModel(modelId: number | null): Promise<void> {
    await this.#configure({ modelId });
  }

  /** Null gives the choice back to the preset. A value out of range stays with its sentence and is not kept. */
  async set<K extends SettingName>(name: K, value: AnswerSettings[K]): Promise<void> {
    const problem = problemOf(name, value);
    this.#errors = { ...this.#errors, [name]: problem };
    if (problem) return;
    const { settings } = this.current;
    if (settings[name] !== value) await this.#configure({ settings: { ...settings, [name]: value } });
  }

  async reset(): Promise<void> {
    this.#errors = {};
    await this.#configure({ settings: NOTHING_SET });
  }

  /** What applies now becomes a preset, which the conversation then uses. */
  async saveAs(name: string): Promise<void> {
    const settings = { ...this.preset?.settings, ...ownValues(this.current.settings) } as AnswerSettings;
    await this.#try(async () => {
      const saved = await this.#save(null, name, { ...NOTHING_SET, ...settings });
      await this.#configure({ presetId: saved.id, settings: NOTHING_SET });
      this.#stores.toasts.show({ text: t('setup.saved', { name }) });
    });
  }

  async rename({ id, settings }: Preset, name: string): Promise<void> {
    await this.#try(() => this.#save(id, name, settings));
  }

  async remove({ id, name, settings }: Preset): Promise<void> {
    await this.#try(async () => {
      await this.#stores.api.call('presets.remove', { id });
      const action = {
        label: t('ui.undo'),
        run: () => void this.#try(() => this.#save(null, name, settings)),
      };
      this.#stores.toasts.show({ text: t('setup.removed', { name }), action });
    });
  }

  /** The text of a file with all of the person's own presets; null when it could not be had. */
  export(): Promise<string | null> {
    return this.#try(() => this.#stores.api.call('presets.export', undefined));
  }

  async import(text: string): Promise<void> {
    const count = await this.#try(() => this.#stores.api.call('presets.import', { text }));
    if (count !== null) this.#stores.toasts.show({ text: t('setup.imported', { count }) });
  }

  async openView(): Promise<void> {
    const { id } = this.#conversations.current;
    this.dialog = 'view';
    this.#view = null;
    this.#viewFailure = null;
    if (id === null) return;
    try {
      this.#view = await this.#stores.api.call('chat.view', { id });
    } catch (error) {
      this.#viewFailure = asFailure(error);
    }
  }

  async #configure(change: Partial<ConversationSetup>): Promise<void> {
    const { presetId, settings, modelId } = { ...this.current, ...change };
    const setup = { presetId, settings, modelId };
    const session = this.#conversations.current;
    if (session.id === null) {
      this.#conversations.newSetup = setup;
      return;
    }
    const { id } = session;
    await this.#try(async () => {
      session.conversation = await this.#stores.api.call('chat.configure', { id, ...setup });
    });
  }

  #save(id: number | null, name: string, settings: AnswerSettings): Promise<Preset> {
    return this.#stores.api.call('presets.save', { id, name, settings });
  }

  async #try<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
      return null;
    }
  }
}

function ownValues(settings: AnswerSettings): Partial<AnswerSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}
