// The way from "Download" to a row in the queue: terms where the family has them, an account where the place asks for
// one, then the download. Nothing is asked of anyone before the person has been through what applies.
import type { DownloadSource } from '#contract/downloads.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import type { HubStore } from './hub-store.svelte.ts';

export const GEMMA_TERMS = 'gemma-terms';

/** A model that was asked for. */
export interface Wanted {
  name: string;
  source: DownloadSource;
  catalogueId: string | null;
  /** As the catalogue or the repository names it. */
  licence: string | null;
  gated: boolean;
}

/** What the access dialog is about: a model that needs an account, or only the token. */
export interface Account {
  name: string | null;
  repository: string | null;
  /** What goes on once a token is there. */
  proceed: (() => void) | null;
}

export class GettingStore {
  readonly #stores: Stores;
  readonly #hub: HubStore;
  #wanted: Wanted | null = null;
  #accepted: string | null = null;
  #terms = $state.raw<Wanted | null>(null);
  #account = $state.raw<Account | null>(null);
  #problem = $state.raw<{ failure: ShownFailure; wanted: Wanted } | null>(null);
  #adding = $state(false);

  constructor(stores: Stores, hub: HubStore) {
    this.#stores = stores;
    this.#hub = hub;
  }

  /** The model whose terms are to be accepted now. */
  get terms(): Wanted | null {
    return this.#terms;
  }

  get account(): Account | null {
    return this.#account;
  }

  /** Why the last one could not be added. */
  get problem(): { failure: ShownFailure; wanted: Wanted } | null {
    return this.#problem;
  }

  get adding(): boolean {
    return this.#adding;
  }

  /** Begins with whatever comes first for this model. */
  async get(wanted: Wanted): Promise<void> {
    if (this.#adding) return;
    this.close();
    this.#wanted = wanted;
    await this.#next();
  }

  /** The person accepted the terms that were shown. */
  async acceptTerms(): Promise<void> {
    if (!this.#terms) return;
    this.#accepted = GEMMA_TERMS;
    this.#terms = null;
    await this.#next();
  }

  /** Opens the access dialog; `proceed` runs when a token was saved there. */
  askForAccount(account: Account): void {
    this.close();
    this.#account = account;
  }

  /** A token is there, or the person says that the account is in order: on with what it was for. */
  accountReady(): void {
    const proceed = this.#account?.proceed;
    this.#account = null;
    proceed?.();
  }

  close(): void {
    this.#wanted = null;
    this.#accepted = null;
    this.#terms = null;
    this.#account = null;
    this.#problem = null;
  }

  async #next(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted) return;
    if (hasGemmaTerms(wanted.licence) && this.#accepted === null) {
      this.#terms = wanted;
    } else if (wanted.gated && this.#hub.status?.token === 'none') {
      const { name, source } = wanted;
      const proceed = (): void => void this.#add(wanted);
      this.#account = { name, repository: source.repository, proceed };
    } else {
      await this.#add(wanted);
    }
  }

  async #add(wanted: Wanted): Promise<void> {
    const { name, source, catalogueId } = wanted;
    const { downloads, toasts, navigation } = this.#stores;
    this.#adding = true;
    try {
      await downloads.add({ name, source, catalogueId, acceptedLicence: this.#accepted });
      this.close();
      const show = { label: t('downloads.show'), run: () => navigation.goToModels('downloads') };
      toasts.show({ text: t('hub.added', { name }), action: show });
    } catch (error) {
      this.#refused(wanted, asFailure(error));
    } finally {
      this.#adding = false;
    }
  }

  #refused(wanted: Wanted, failure: ShownFailure): void {
    // The host knows of terms that the page did not know of.
    if (failure.code === 'licence-not-accepted' && this.#accepted === null) this.#terms = wanted;
    else this.#problem = { failure, wanted };
  }
}

/** Repositories on the hub call the Gemma Terms of Use 'gemma'. */
export function hasGemmaTerms(licence: string | null): boolean {
  return licence === GEMMA_TERMS || licence === 'gemma';
}
