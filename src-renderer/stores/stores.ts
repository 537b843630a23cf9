// What several places share, made once and given to the component tree by context. Places import from here and
// never from each other.
import { getContext, setContext } from 'svelte';
import type { Api } from '../bridge.ts';
import { AddingStore } from './adding-store.svelte.ts';
import { AppInfoStore } from './app-info-store.svelte.ts';
import { AttachingStore } from './attaching-store.svelte.ts';
import { CommandRegistry } from './command-registry.svelte.ts';
import { ConnectionStore } from './connection-store.svelte.ts';
import { DownloadsStore } from './downloads-store.svelte.ts';
import { EngineStore } from './engine-store.svelte.ts';
import { ExportStore } from './export-store.svelte.ts';
import { HardwareStore } from './hardware-store.svelte.ts';
import { ModelsFolderStore } from './models-folder-store.svelte.ts';
import { ModelsStore } from './models-store.svelte.ts';
import { NavigationStore } from './navigation-store.svelte.ts';
import { SettingsStore } from './settings-store.svelte.ts';
import { SpeedTestStore } from './speed-test-store.svelte.ts';
import { SpellingStore } from './spelling-store.svelte.ts';
import { ToastStore } from './toast-store.svelte.ts';
import { TransferStore } from './transfer-store.svelte.ts';

export interface Stores {
  readonly api: Api;
  readonly appInfo: AppInfoStore;
  readonly connection: ConnectionStore;
  readonly engine: EngineStore;
  readonly models: ModelsStore;
  readonly modelsFolder: ModelsFolderStore;
  readonly adding: AddingStore;
  readonly attaching: AttachingStore;
  readonly exporting: ExportStore;
  readonly hardware: HardwareStore;
  readonly downloads: DownloadsStore;
  readonly speedTest: SpeedTestStore;
  readonly settings: SettingsStore;
  readonly spelling: SpellingStore;
  readonly navigation: NavigationStore;
  readonly toasts: ToastStore;
  readonly transfer: TransferStore;
  readonly commands: CommandRegistry;
}

/** All shared stores over one Api; they start listening at once and for as long as the page lives. */
export function createStores(api: Api): Stores {
  const toasts = new ToastStore();
  const models = new ModelsStore(api, toasts);
  const navigation = new NavigationStore();
  const settings = new SettingsStore(api, toasts);
  return {
    api,
    appInfo: new AppInfoStore(api),
    connection: new ConnectionStore(api),
    engine: new EngineStore(api),
    models,
    modelsFolder: new ModelsFolderStore(api, toasts),
    adding: new AddingStore(),
    attaching: new AttachingStore(),
    exporting: new ExportStore(api, toasts),
    hardware: new HardwareStore(api),
    downloads: new DownloadsStore(api, { toasts, models, navigation }),
    speedTest: new SpeedTestStore(api),
    settings,
    spelling: new SpellingStore(settings, toasts),
    navigation,
    toasts,
    transfer: new TransferStore(api, toasts),
    commands: new CommandRegistry(),
  };
}

const KEY = Symbol('stores');

/** Gives the stores to every component below the calling one. */
export function setStores(stores: Stores): void {
  setContext(KEY, stores);
}

export function getStores(): Stores {
  return getContext<Stores>(KEY);
}
