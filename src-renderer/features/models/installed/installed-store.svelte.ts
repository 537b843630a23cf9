// The Models place: this machine, and what is open on the page. The models themselves live in the shared store.
import type { AppInfo } from '#contract/app.ts';
import type { Model } from '#contract/models.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import { machineSentence } from '../model-words.ts';

export class InstalledStore {
  readonly #stores: Stores;
  #info = $state.raw<AppInfo | null>(null);
  #detailsId = $state<number | null>(null);
  #removingId = $state<number | null>(null);
  adding = $state(false);

  constructor(stores: Stores) {
    this.#stores = stores;
    void this.#describe();
  }

  get info(): AppInfo | null {
    return this.#info;
  }

  /** One sentence about this machine; null until the host has told. */
  get machine(): string | null {
    return this.#info && machineSentence(this.#info, this.#stores.engine.status);
  }

  /** The model whose details are open. */
  get details(): Model | null {
    return this.#find(this.#detailsId);
  }

  /** The model that is asked about. */
  get removing(): Model | null {
    return this.#find(this.#removingId);
  }

  showDetails(id: number | null): void {
    this.#detailsId = id;
  }

  askToRemove(id: number | null): void {
    this.#removingId = id;
  }

  /** Copies are deleted; a person's own file stays where it is. */
  async remove(model: Model): Promise<void> {
    const copied = model.placement === 'copied';
    await this.#stores.models.remove(model.id, copied ? 'delete' : 'keep');
    const text = t(copied ? 'models.deleted' : 'models.removed', { name: model.name });
    this.#stores.toasts.show({
      text,
      ...(!copied && { action: { label: t('ui.undo'), run: () => void this.#addAgain(model) } }),
    });
  }

  async #addAgain(model: Model): Promise<void> {
    const { api, toasts } = this.#stores;
    try {
      const events = api.stream('models.add', { path: model.path, placement: 'in-place' });
      for await (const event of events) if (event.type === 'added') return;
    } catch {
      // Whatever the reason, the way back is the dialog, which names it.
      toasts.show({ text: t('models.undoFailed', { name: model.name }), tone: 'error' });
    }
  }

  async #describe(): Promise<void> {
    // Only the sentence about the machine needs it; the list stands without.
    this.#info = await this.#stores.api.call('app.describe', undefined).catch(() => null);
  }

  #find(id: number | null): Model | null {
    return this.#stores.models.list?.find((model) => model.id === id) ?? null;
  }
}
