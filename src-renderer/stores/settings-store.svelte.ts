// All settings, live. A change shows at once and goes back if the host refuses it.
import type { Settings, SettingKey } from '#contract/settings.ts';
import type { Api } from '../bridge.ts';
import { asFailure, errorMessage, type ShownFailure } from '../messages/error-message.ts';
import type { ToastStore } from './toast-store.svelte.ts';

export class SettingsStore {
  readonly #api: Api;
  readonly #toasts: ToastStore;
  /** What the host last told; it may not yet know of the newest changes here. */
  #told = $state.raw<Settings | null>(null);
  #underWay = $state.raw<Partial<Settings>>({});
  readonly #values = $derived(this.#told && { ...this.#told, ...this.#underWay });
  /** Which change of a value is the newest. */
  readonly #turns = new Map<SettingKey, number>();
  #lastTurn = 0;

  constructor(api: Api, toasts: ToastStore) {
    this.#api = api;
    this.#toasts = toasts;
    api.subscribe('settings.watch', undefined, (values) => (this.#told = values));
  }

  /** Null until the host has told. */
  get values(): Settings | null {
    return this.#values;
  }

  /** Saves one value. Resolves to null, or to why it was refused. */
  async save<K extends SettingKey>(key: K, value: Settings[K]): Promise<ShownFailure | null> {
    const turn = (this.#lastTurn += 1);
    this.#turns.set(key, turn);
    this.#underWay = { ...this.#underWay, [key]: value };
    try {
      this.#told = await this.#api.call('settings.change', { [key]: value });
      return null;
    } catch (error) {
      return asFailure(error);
    } finally {
      if (this.#turns.get(key) === turn) this.#settle(key);
    }
  }

  /** From now on the host's word counts. */
  #settle(key: SettingKey): void {
    const { [key]: _, ...others } = this.#underWay;
    this.#underWay = others;
  }

  /** Saves one value from where there is no room for an error: it becomes a notice. */
  async change<K extends SettingKey>(key: K, value: Settings[K]): Promise<void> {
    const failure = await this.save(key, value);
    if (failure) this.#toasts.show({ text: errorMessage(failure).title, tone: 'error' });
  }
}
