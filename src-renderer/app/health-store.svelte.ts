// Whether the conversations can be used. After a restore the page starts afresh, so that nothing old stays in it.
import type { DataHealth } from '#contract/app.ts';
import type { Api } from '../bridge.ts';
import { asFailure, type ShownFailure } from '../messages/error-message.ts';

export class HealthStore {
  readonly #api: Api;
  #health = $state.raw<DataHealth | null>(null);
  #dataFolder = $state.raw<string | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);

  constructor(api: Api, reload: () => void = () => window.location.reload()) {
    this.#api = api;
    api.subscribe(
      'app.watchHealth',
      undefined,
      (health) => {
        const mended = this.#health?.usable === false && health.usable;
        this.#health = health;
        if (mended) reload();
        else if (!health.usable) void this.#findFolder();
      },
      (error) => (this.#failure = asFailure(error)),
    );
  }

  /** Null until the host has told. */
  get health(): DataHealth | null {
    return this.#health;
  }

  get dataFolder(): string | null {
    return this.#dataFolder;
  }

  /** The check itself failed. */
  get failure(): ShownFailure | null {
    return this.#failure;
  }

  restore(file: string): Promise<void> {
    return this.#api.call('app.restoreBackup', { file });
  }

  async #findFolder(): Promise<void> {
    // Only an addition to the page; without it the rest still helps.
    const info = await this.#api.call('app.describe', undefined).catch(() => null);
    this.#dataFolder = info?.dataFolder ?? null;
  }
}
