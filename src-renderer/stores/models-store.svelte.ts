// The installed models and what can be done with one, from any place. A failure shows as a notice with its next
// step; only the person's own presses reach these methods.
import type { Model } from '#contract/models.ts';
import type { Api } from '../bridge.ts';
import { asFailure, errorMessage, type ShownFailure } from '../messages/error-message.ts';
import type { ToastStore } from './toast-store.svelte.ts';

export class ModelsStore {
  readonly #api: Api;
  readonly #toasts: ToastStore;
  #list = $state.raw<readonly Model[] | null>(null);
  #failures = $state.raw<ReadonlyMap<number, ShownFailure>>(new Map());

  constructor(api: Api, toasts: ToastStore) {
    this.#api = api;
    this.#toasts = toasts;
    api.subscribe('models.watch', undefined, (list) => (this.#list = list));
  }

  /** Null until the host has told. */
  get list(): readonly Model[] | null {
    return this.#list;
  }

  /** Why the last attempt to load this model failed, until the next attempt. */
  failureOf(id: number): ShownFailure | undefined {
    return this.#failures.get(id);
  }

  async load(id: number): Promise<void> {
    this.#note(id, null);
    try {
      await this.#api.call('models.load', { id });
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === 'cancelled') return;
      this.#note(id, failure);
      this.#toasts.show({ text: errorMessage(failure).title, tone: 'error' });
    }
  }

  async unload(): Promise<void> {
    try {
      await this.#api.call('models.unload', undefined);
    } catch (error) {
      this.#toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }

  /** Forgets a model; only files in the models folder can be put into the bin or deleted. */
  remove(id: number, file: 'keep' | 'bin' | 'delete'): Promise<void> {
    this.#note(id, null);
    return this.#api.call('models.remove', { id, file });
  }

  #note(id: number, failure: ShownFailure | null): void {
    const next = new Map(this.#failures);
    if (failure) next.set(id, failure);
    else next.delete(id);
    this.#failures = next;
  }
}
