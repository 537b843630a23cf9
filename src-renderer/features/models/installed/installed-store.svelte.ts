// Your models: what is open on the page, and how the list is sorted. The models themselves live in the shared store.
import type { Model } from '#contract/models.ts';
import { asFailure, errorMessage } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import { sortModels, type ModelOrder } from './installed-words.ts';

export type OpenDialog = 'details' | 'remove' | 'export' | 'move' | 'discover';

export class InstalledStore {
  readonly #stores: Stores;
  #dialog = $state<OpenDialog | null>(null);
  #modelId = $state<number | null>(null);
  #readingId = $state<number | null>(null);
  order = $state<ModelOrder>('used');

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** In the chosen order; null until the host has told. */
  get list(): Model[] | null {
    const { list } = this.#stores.models;
    return list && sortModels(list, this.order);
  }

  get dialog(): OpenDialog | null {
    return this.#dialog;
  }

  /** The model that the open dialog is about; null also when it has gone meanwhile. */
  get model(): Model | null {
    return this.#stores.models.list?.find((model) => model.id === this.#modelId) ?? null;
  }

  /** The model whose file is being read anew. */
  get readingId(): number | null {
    return this.#readingId;
  }

  show(dialog: OpenDialog, model: Model | null = null): void {
    this.#dialog = dialog;
    this.#modelId = model?.id ?? null;
  }

  close(): void {
    this.#dialog = null;
  }

  async showFile(model: Model): Promise<void> {
    try {
      await this.#stores.api.call('models.showInFolder', { id: model.id });
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Takes a changed file as it is now; what was set for the model stays. */
  async readAgain(model: Model): Promise<void> {
    if (this.#readingId !== null) return;
    this.#readingId = model.id;
    try {
      await this.#add(model);
    } catch (error) {
      this.#tell(error);
    } finally {
      this.#readingId = null;
    }
  }

  /** Forgets the model; rejects when its file can't go. */
  async remove(model: Model, file: 'keep' | 'bin' | 'delete'): Promise<void> {
    await this.#stores.models.remove(model.id, file);
    const done = { keep: 'models.removed', bin: 'models.binned', delete: 'models.deleted' } as const;
    const undo = file === 'keep' && model.placement === 'in-place' && model.fileState !== 'missing';
    this.#stores.toasts.show({
      text: t(done[file], { name: model.name }),
      ...(undo && { action: { label: t('ui.undo'), run: () => void this.#addAgain(model) } }),
    });
  }

  async #addAgain(model: Model): Promise<void> {
    try {
      await this.#add(model);
    } catch {
      // Whatever the reason, the way back is the dialog, which names it.
      this.#stores.toasts.show({ text: t('models.undoFailed', { name: model.name }), tone: 'error' });
    }
  }

  async #add({ path }: Model): Promise<void> {
    const events = this.#stores.api.stream('models.add', { path, placement: 'in-place' });
    for await (const event of events) if (event.type === 'added') return;
  }

  #tell(error: unknown): void {
    const { title, hint } = errorMessage(asFailure(error));
    this.#stores.toasts.show({ text: `${title}. ${hint}`, tone: 'error' });
  }
}
