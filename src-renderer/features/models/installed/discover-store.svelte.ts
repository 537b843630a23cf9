// Models of other apps on this machine: looking for them, and taking them into the list where they lie.
import type { DiscoveredModel } from '#contract/models.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';

/** Where the host looks, in the order it lists them. */
export const APPS = [
  'lm-studio',
  'ollama',
  'jan',
  'gpt4all',
  'llama.cpp',
  'hugging-face',
] as const satisfies readonly DiscoveredModel['app'][];

export type FoundState = 'new' | 'adding' | 'known' | 'failed';

export interface FoundApp {
  app: DiscoveredModel['app'];
  models: readonly DiscoveredModel[];
}

export class DiscoverStore {
  readonly #stores: Stores;
  #found = $state.raw<readonly DiscoveredModel[] | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #adding = $state<string | null>(null);
  #added = $state.raw<ReadonlySet<string>>(new Set());
  #failures = $state.raw<ReadonlyMap<string, ShownFailure>>(new Map());
  #abort = new AbortController();

  readonly apps = $derived<FoundApp[]>(
    APPS.map((app) => ({ app, models: (this.#found ?? []).filter((model) => model.app === app) })).filter(
      ({ models }) => models.length > 0,
    ),
  );
  readonly #new = $derived((this.#found ?? []).filter((model) => this.stateOf(model) === 'new'));

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** True until the host has looked everywhere. */
  get looking(): boolean {
    return this.#found === null && this.#failure === null;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** How many of them could be added. */
  get newCount(): number {
    return this.#new.length;
  }

  get busy(): boolean {
    return this.#adding !== null;
  }

  stateOf({ path, known }: DiscoveredModel): FoundState {
    if (path === this.#adding) return 'adding';
    if (known || this.#added.has(path)) return 'known';
    return this.#failures.has(path) ? 'failed' : 'new';
  }

  failureOf({ path }: DiscoveredModel): ShownFailure | null {
    return this.#failures.get(path) ?? null;
  }

  async look(): Promise<void> {
    this.#found = null;
    this.#failure = null;
    this.#failures = new Map();
    try {
      this.#found = await this.#stores.api.call('models.discover', undefined);
    } catch (error) {
      this.#failure = asFailure(error);
    }
  }

  async add(model: DiscoveredModel): Promise<void> {
    await this.#addEach([model]);
  }

  /** Those that can't be added say why; the others are added all the same. */
  async addAll(): Promise<void> {
    await this.#addEach(this.#new);
  }

  /** What is being added now is left as it was. */
  stop(): void {
    this.#abort.abort();
  }

  async #addEach(models: readonly DiscoveredModel[]): Promise<void> {
    if (this.busy) return;
    this.#abort = new AbortController();
    let count = 0;
    for (const { path } of models) {
      if (this.#abort.signal.aborted) break;
      this.#adding = path;
      if (await this.#addOne(path)) count += 1;
    }
    this.#adding = null;
    if (count > 0) this.#stores.toasts.show({ text: t('models.discover.added', { count }) });
  }

  async #addOne(path: string): Promise<boolean> {
    const failures = new Map(this.#failures);
    failures.delete(path);
    try {
      const input = { path, placement: 'in-place' } as const;
      for await (const event of this.#stores.api.stream('models.add', input, this.#abort.signal)) {
        if (event.type !== 'added') continue;
        this.#added = new Set(this.#added).add(path);
        return true;
      }
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code !== 'cancelled') failures.set(path, failure);
    } finally {
      this.#failures = failures;
    }
    return false;
  }
}
