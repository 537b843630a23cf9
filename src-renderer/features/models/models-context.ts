// The stores of this place, made when it opens and shared by its pages, so that a filter or a typed address outlives
// a look at another page.
import { getContext, setContext } from 'svelte';
import { getStores, type Stores } from '../../stores/stores.ts';
import { CatalogueStore } from './catalogue/catalogue-store.svelte.ts';
import { GettingStore } from './getting/getting-store.svelte.ts';
import { HubStore } from './getting/hub-store.svelte.ts';
import { OtherModelStore } from './other/other-model-store.svelte.ts';

export interface ModelsContext {
  readonly stores: Stores;
  readonly hub: HubStore;
  readonly getting: GettingStore;
  readonly catalogue: CatalogueStore;
  readonly other: OtherModelStore;
}

/** The place's stores over the shared ones; nothing is asked of the host yet. */
export function createModels(stores: Stores): ModelsContext {
  const hub = new HubStore(stores);
  const getting = new GettingStore(stores, hub);
  return {
    stores,
    hub,
    getting,
    catalogue: new CatalogueStore(stores),
    other: new OtherModelStore(stores, getting),
  };
}

const KEY = Symbol('models');

/** Gives the place's stores to every component below the calling one. */
export function provideModels(): ModelsContext {
  return setContext(KEY, createModels(getStores()));
}

export function getModels(): ModelsContext {
  return getContext<ModelsContext>(KEY);
}
