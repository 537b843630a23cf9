// All settings, live. A change shows at once and goes back if the host refuses it.
import type { Settings, SettingKey } from '#contract/settings.ts';
import type { Api } from '../bridge.ts';
import { asFailure, errorMessage, type ShownFailure } from '../messages/error-message.ts';
import type { ToastStore } from './toast-store.svelte.ts';

export class SettingsStore {
  readonly #api: Api;
  readonly #toasts: ToastStore;
  #values = $state.raw<Settings | null>(null);

  constructor(api: Api, toasts: ToastStore) {
    this.#api = api;
    this.#toasts = toasts;
    api.subscribe('settings.watch', undefined, (values) => (this.#values = values));
  }

  /** Null until the host has told. */
  get values(): Settings | null {
    return this.#values;
  }

  /** Saves one value. Resolves to null, or to why it was refused. */
  async save<K extends SettingKey>(key: K, value: Settings[K]): Promise<ShownFailure | null> {
    const before = this.#values;
    if (before) this.#values = { ...before, [key]: value };
    try {
      this.#values = await this.#api.call('settings.change', { [key]: value });
      return null;
    } catch (error) {
      this.#values = before;
      return asFailure(error);
    }
  }

  /** Saves one value from where there is no room for an error: it becomes a notice. */
  async change<K extends SettingKey>(key: K, value: Settings[K]): Promise<void> {
    const failure = await this.save(key, value);
    if (failure) this.#toasts.show({ text: errorMessage(failure).title, tone: 'error' });
  }
}
