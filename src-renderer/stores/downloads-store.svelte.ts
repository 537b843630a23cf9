// The queue of downloads, live, for the rail, the catalogue and its own page. Says in a notice when one is done or has
// failed, wherever the person is; everything else stays quiet.
import type { Download, DownloadQueue } from '#contract/downloads.ts';
import type { InputOf } from '#rpc/define.ts';
import type { Contract } from '#contract/index.ts';
import type { Api } from '../bridge.ts';
import { asFailure, errorMessage } from '../messages/error-message.ts';
import { t } from '../messages/translate.ts';
import type { ModelsStore } from './models-store.svelte.ts';
import type { NavigationStore } from './navigation-store.svelte.ts';
import type { ToastStore } from './toast-store.svelte.ts';

/** Moving, or will move by itself. */
export function isActive({ state }: Download): boolean {
  return state === 'running' || state === 'verifying' || state === 'waiting';
}

interface Neighbours {
  readonly toasts: ToastStore;
  readonly models: ModelsStore;
  readonly navigation: NavigationStore;
}

export class DownloadsStore {
  readonly #api: Api;
  readonly #stores: Neighbours;
  #queue = $state.raw<DownloadQueue | null>(null);

  readonly list = $derived<readonly Download[]>(this.#queue?.list ?? []);
  readonly active = $derived(this.list.filter(isActive));

  constructor(api: Api, stores: Neighbours) {
    this.#api = api;
    this.#stores = stores;
    api.subscribe('downloads.watch', undefined, (queue) => {
      if (this.#queue) this.#tell(this.#queue, queue);
      this.#queue = queue;
    });
  }

  /** Null until the host has told. */
  get queue(): DownloadQueue | null {
    return this.#queue;
  }

  /** Of everything that moves or will move by itself, 0 to 1; null while nobody can know. */
  get progress(): number | null {
    const { totalBytes, doneBytes } = this.#queue ?? { totalBytes: null, doneBytes: 0 };
    return totalBytes ? Math.min(1, doneBytes / totalBytes) : null;
  }

  find(id: number | null): Download | null {
    return this.list.find((download) => download.id === id) ?? null;
  }

  /** Rejects with why it can't be added; the caller has the next step. */
  add(input: InputOf<Contract, 'downloads.add'>): Promise<Download> {
    return this.#api.call('downloads.add', input);
  }

  pause(id: number): Promise<void> {
    return this.#ask(() => this.#api.call('downloads.pause', { id }));
  }

  resume(id: number): Promise<void> {
    return this.#ask(() => this.#api.call('downloads.resume', { id }));
  }

  cancel(id: number): Promise<void> {
    return this.#ask(() => this.#api.call('downloads.cancel', { id }));
  }

  move(id: number, position: number): Promise<void> {
    return this.#ask(() => this.#api.call('downloads.move', { id, position }));
  }

  async #ask(request: () => Promise<void>): Promise<void> {
    try {
      await request();
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }

  #tell(before: DownloadQueue, now: DownloadQueue): void {
    const states = new Map(before.list.map(({ id, state }) => [id, state]));
    for (const download of now.list) {
      const was = states.get(download.id);
      if (was === undefined || was === download.state) continue;
      if (download.state === 'done') this.#tellDone(download);
      if (download.state === 'failed') this.#tellFailed(download);
    }
  }

  #tellDone({ name, modelId }: Download): void {
    const { toasts, models } = this.#stores;
    const load = modelId && { label: t('models.load'), run: () => void models.load(modelId) };
    toasts.show({ text: t('downloads.ready', { name }), ...(load && { action: load }) });
  }

  #tellFailed({ name, failure }: Download): void {
    const { toasts, navigation } = this.#stores;
    const reason = failure ? errorMessage(failure).title : '';
    const show = { label: t('downloads.show'), run: () => navigation.goToModels('downloads') };
    toasts.show({ text: t('downloads.failedNotice', { name, reason }), tone: 'error', action: show });
  }
}
