// What runs the app and what it can do here.
import type { AppInfo, Capability, UnavailableReason } from '#contract/app.ts';
import type { Api } from '../bridge.ts';

export class AppInfoStore {
  readonly #api: Api;
  #value = $state.raw<AppInfo | null>(null);

  constructor(api: Api) {
    this.#api = api;
    void this.#describe();
    api.onReconnect(() => void this.#describe());
  }

  /** Null until the host has told. */
  get value(): AppInfo | null {
    return this.#value;
  }

  /** Why something can't be done here; null where it can, and while nobody knows. */
  lacks(capability: Capability): UnavailableReason | null {
    return this.#value?.unavailable[capability] ?? null;
  }

  async #describe(): Promise<void> {
    // Everything works without: dialogs that are not there say so when they are asked for.
    this.#value = await this.#api.call('app.describe', undefined).catch(() => this.#value);
  }
}
