// Where models come from: its name, its pages, and whether it knows this person. The token itself is never here.
import type { HubStatus } from '#contract/catalogue.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../../messages/error-message.ts';
import type { Stores } from '../../../stores/stores.ts';

const USUAL_ENDPOINT = 'https://huggingface.co';

export class HubStore {
  readonly #stores: Stores;
  #status = $state.raw<HubStatus | null>(null);
  #secrets = $state<boolean | null>(null);

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Follows the status until the returned function is called. */
  follow(): () => void {
    void this.#describe();
    return this.#stores.api.subscribe('hub.watch', undefined, (status) => (this.#status = status));
  }

  /** Null until the host has told. */
  get status(): HubStatus | null {
    return this.#status;
  }

  /** A token would be kept in the system's secret store; otherwise only until Lapidary ends. */
  get keepsSecrets(): boolean {
    return this.#secrets ?? false;
  }

  /** 'huggingface.co', or the name of the mirror. */
  get host(): string {
    return new URL(this.#endpoint).host;
  }

  get signInPage(): string {
    return `${USUAL_ENDPOINT}/login`;
  }

  get tokensPage(): string {
    return `${USUAL_ENDPOINT}/settings/tokens`;
  }

  /** The page where people read about a model and accept its terms. */
  pageOf(repository: string): string {
    return `${this.#endpoint}/${repository}`;
  }

  /** Opens a page outside; its address was on the screen. */
  async open(url: string): Promise<void> {
    try {
      await this.#stores.api.call('app.openLink', { url });
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }

  /** Checks and keeps a token, or forgets it. Resolves to null, or to why it was refused. */
  async setToken(token: string | null): Promise<ShownFailure | null> {
    try {
      await this.#stores.api.call('hub.setToken', { token });
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  get #endpoint(): string {
    return (this.#status?.endpoint ?? USUAL_ENDPOINT).replace(/\/$/, '');
  }

  async #describe(): Promise<void> {
    // Only a sentence depends on it; the careful one is shown when it can't be known.
    const info = await this.#stores.api.call('app.describe', undefined).catch(() => null);
    this.#secrets = info !== null && info.unavailable.secrets === null;
  }
}
