// "Another model", step by step: an address or a name, what was found, one repository, one model with its verdict.
// Every step that asks Hugging Face follows a press of the person.
import type { FoundRepository, InspectedRemote, RemoteModel, RemoteRepository } from '#contract/catalogue.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';
import type { Stores } from '../../../stores/stores.ts';
import type { GettingStore } from '../getting/getting-store.svelte.ts';

export type Stage = 'ask' | 'results' | 'repository' | 'model';

export class OtherModelStore {
  readonly #stores: Stores;
  readonly #getting: GettingStore;
  #results = $state.raw<readonly FoundRepository[] | null>(null);
  #repository = $state.raw<RemoteRepository | null>(null);
  #model = $state.raw<RemoteModel | null>(null);
  #inspected = $state.raw<InspectedRemote | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #busy = $state(false);
  #abort = new AbortController();
  #retry: (() => void) | null = null;
  open = $state(false);
  query = $state('');

  readonly stage = $derived<Stage>(
    this.#model ? 'model' : this.#repository ? 'repository' : this.#results ? 'results' : 'ask',
  );

  constructor(stores: Stores, getting: GettingStore) {
    this.#stores = stores;
    this.#getting = getting;
  }

  get results(): readonly FoundRepository[] | null {
    return this.#results;
  }

  get repository(): RemoteRepository | null {
    return this.#repository;
  }

  /** The chosen one. */
  get model(): RemoteModel | null {
    return this.#model;
  }

  /** Its header and verdict; null until read. */
  get inspected(): InspectedRemote | null {
    return this.#inspected;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** Hugging Face was asked and has not answered yet. */
  get busy(): boolean {
    return this.#busy;
  }

  /** What is typed is the address of one place rather than words to search for. */
  get isAddress(): boolean {
    return looksLikeAddress(this.query);
  }

  /** Asks for what was typed. */
  submit(): Promise<void> {
    this.#model = null;
    this.#repository = null;
    this.#results = null;
    const query = this.query.trim();
    if (query === '') return Promise.resolve();
    return this.isAddress ? this.openRepository(query) : this.#search(query);
  }

  async openRepository(address: string): Promise<void> {
    this.#retry = () => void this.openRepository(address);
    await this.#ask(async (signal) => {
      this.#repository = await this.#stores.api.call('hub.open', { address }, signal);
    });
    const named = this.#repository?.models[this.#repository.named ?? -1];
    if (named && !this.#failure && !this.#model) await this.choose(named);
  }

  /** Reads the header of one model, for an honest verdict before the download. */
  async choose(model: RemoteModel): Promise<void> {
    this.#model = model;
    this.#inspected = null;
    this.#retry = () => void this.choose(model);
    await this.#ask(async (signal) => {
      this.#inspected = await this.#stores.api.call('hub.inspect', { source: model.source }, signal);
    });
  }

  back(): void {
    this.#stop();
    if (this.#model) this.#model = null;
    else if (this.#repository) this.#repository = null;
    else this.#results = null;
  }

  /** Closes, and begins the download of the chosen model. The next time starts afresh. */
  download(): void {
    const [model, repository] = [this.#model, this.#repository];
    if (!model || !repository) return;
    this.#begin('');
    this.open = false;
    const { licence, gated } = repository;
    void this.#getting.get({ name: model.name, source: model.source, catalogueId: null, licence, gated });
  }

  /** Tries again what failed. */
  retry(): void {
    this.#retry?.();
  }

  /** Another text was typed: a failure belongs to the old one. */
  edit(): void {
    this.#failure = null;
  }

  /** Stops what is being asked; what was found stays for the next time, but no model without its verdict. */
  close(): void {
    this.#stop();
    if (!this.#inspected) this.#model = null;
    this.open = false;
  }

  /** Opens with the words of a repository's name, ready to be searched for. */
  searchFor(repository: string): void {
    this.#begin((repository.split('/').at(-1) ?? repository).replaceAll(/[-_]+/g, ' '));
  }

  /** Opens and shows what is in a repository now. */
  show(repository: string): void {
    this.#begin(`hf:${repository}`);
    void this.submit();
  }

  #begin(query: string): void {
    this.#stop();
    this.query = query;
    this.#results = null;
    this.#repository = null;
    this.#model = null;
    this.open = true;
  }

  #search(query: string): Promise<void> {
    this.#retry = () => void this.#search(query);
    return this.#ask(async (signal) => {
      this.#results = await this.#stores.api.call('hub.search', { query }, signal);
    });
  }

  async #ask(request: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#stop();
    const { signal } = (this.#abort = new AbortController());
    this.#busy = true;
    try {
      await request(signal);
    } catch (error) {
      if (!signal.aborted) this.#failure = asFailure(error);
    } finally {
      if (this.#abort.signal === signal) this.#busy = false;
    }
  }

  #stop(): void {
    this.#abort.abort();
    this.#busy = false;
    this.#failure = null;
  }
}

/** An address has a slash, or says what it is: 'hf:user/model', 'https://…', 'user/model:Q4_K_M'. */
export function looksLikeAddress(text: string): boolean {
  const trimmed = text.trim();
  return /^(hf:|https?:)/i.test(trimmed) || /^\S+\/\S+$/.test(trimmed);
}
