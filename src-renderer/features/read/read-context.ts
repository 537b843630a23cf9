// The stores of this place, made once at the start and shared by its list and its page.
import { getContext, setContext } from 'svelte';
import type { Stores } from '../../stores/stores.ts';
import { DocumentStore } from './document/document-store.svelte.ts';
import { PassageSearchStore } from './search/passage-search-store.svelte.ts';
import { SummaryStore } from './summary/summary-store.svelte.ts';
import { LibraryStore } from './library/library-store.svelte.ts';

export interface ReadStores {
  readonly library: LibraryStore;
  /** The document that is open. */
  readonly document: DocumentStore;
  /** Its summaries. */
  readonly summaries: SummaryStore;
  readonly search: PassageSearchStore;
}

const KEY = Symbol('read');

/** Gives the place's stores to every component below the calling one, and to this one. */
export function provideRead(stores: Stores): ReadStores {
  const library = new LibraryStore(stores);
  const document = new DocumentStore(stores.api);
  return setContext(KEY, {
    library,
    document,
    summaries: new SummaryStore(stores.api, document),
    search: new PassageSearchStore(stores.api),
  });
}

export function getRead(): ReadStores {
  return getContext<ReadStores>(KEY);
}
