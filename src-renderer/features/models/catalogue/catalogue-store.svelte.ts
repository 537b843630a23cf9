// The catalogue as one person looks at it: for which purpose, in which order, with which filters.
import type { Catalogue, CatalogueEntry, Purpose } from '#contract/catalogue.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';
import type { Stores } from '../../../stores/stores.ts';
import {
  filterEntries,
  groupEntries,
  NO_FILTERS,
  PURPOSES,
  sortGroups,
  type Filters,
  type ModelGroup,
  type SortKey,
} from './catalogue-view.ts';

const KEY = 'lapidary.purpose';

export class CatalogueStore {
  readonly #stores: Stores;
  #purpose = $state<Purpose>(recallPurpose());
  #catalogue = $state.raw<Catalogue | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #attempt = $state(0);
  #sort = $state.raw<{ key: SortKey; reversed: boolean }>({ key: 'newest', reversed: false });
  #openKey = $state<string | null>(null);
  filters = $state<Filters>({ ...NO_FILTERS });

  readonly entries = $derived<readonly CatalogueEntry[]>(this.#catalogue?.entries ?? []);
  /** All models for the purpose, before any filter. */
  readonly #all = $derived(groupEntries(filterEntries(this.entries, this.#purpose, NO_FILTERS)));
  readonly #matching = $derived(filterEntries(this.entries, this.#purpose, this.filters));
  readonly groups = $derived<readonly ModelGroup[]>(
    sortGroups(
      groupEntries(this.#matching, this.#catalogue?.recommended?.id ?? null),
      this.#sort.key,
      this.#sort.reversed,
    ),
  );
  /** Of the models for the purpose, newest first. */
  readonly families = $derived([
    ...new Set(sortGroups(this.#all, 'newest').map(({ shown }) => shown.family)),
  ]);
  /** Those that some entry names; one that speaks more than 100 names none. */
  readonly languages = $derived(
    [...new Set([...this.entries.flatMap((entry) => entry.languages), ...ownLanguages()])].filter(
      (code) => code !== 'multilingual',
    ),
  );
  readonly filtered = $derived(
    Object.entries(NO_FILTERS).some(([key, none]) => this.filters[key as keyof Filters] !== none),
  );

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Follows the catalogue for the present purpose until the returned function is called. */
  follow(): () => void {
    void this.#attempt;
    this.#failure = null;
    return this.#stores.api.subscribe(
      'catalogue.watch',
      { purpose: this.#purpose },
      (catalogue) => (this.#catalogue = catalogue),
      (error) => (this.#failure = asFailure(error)),
    );
  }

  retry(): void {
    this.#attempt += 1;
  }

  /** Null until the host has told. */
  get catalogue(): Catalogue | null {
    return this.#catalogue;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  get purpose(): Purpose {
    return this.#purpose;
  }

  set purpose(purpose: Purpose) {
    this.#purpose = purpose;
    localStorage.setItem(KEY, purpose);
  }

  /** How many models there are for the purpose. */
  get total(): number {
    return this.#all.length;
  }

  /** The machine is not known yet, or its verdicts have not come yet. */
  get judging(): boolean {
    const machine = this.#stores.hardware.machine;
    const known = machine !== null && machine.detectedAt !== null;
    return !known || this.entries.every(({ fit }) => fit.verdict === 'unknown');
  }

  get recommended(): CatalogueEntry | null {
    const id = this.#catalogue?.recommended?.id;
    return this.entries.find((entry) => entry.id === id) ?? null;
  }

  get sort(): { key: SortKey; reversed: boolean } {
    return this.#sort;
  }

  /** Orders by a column; the same one again turns it round, a third time gives it up. */
  sortBy(key: SortKey): void {
    const { key: present, reversed } = this.#sort;
    if (key !== present) this.#sort = { key, reversed: false };
    else this.#sort = reversed ? { key: 'newest', reversed: false } : { key, reversed: true };
  }

  /** Orders as chosen from a list. */
  order(key: SortKey): void {
    this.#sort = { key, reversed: false };
  }

  clearFilters(): void {
    this.filters = { ...NO_FILTERS };
  }

  /** The model whose details are open. */
  get openKey(): string | null {
    return this.#openKey;
  }

  toggle(key: string): void {
    this.#openKey = this.#openKey === key ? null : key;
  }
}

function recallPurpose(): Purpose {
  const kept = localStorage.getItem(KEY);
  return PURPOSES.find((each) => each === kept) ?? 'chat';
}

/** The languages that the person's system names. */
function ownLanguages(): string[] {
  return navigator.languages.map((tag) => new Intl.Locale(tag).language);
}
