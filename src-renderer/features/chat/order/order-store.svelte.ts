// What a person does with one or many conversations: pin, file, tag, archive, delete; each with a way back.
import type { Conversation } from '#contract/chat.ts';
import type { BinnedConversation, Folder } from '#contract/order.ts';
import { asFailure, errorMessage } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import type { ComposerStore } from '../compose/composer-store.svelte.ts';
import type { ConversationListStore } from '../conversation-list-store.svelte.ts';
import type { SelectionStore } from './selection-store.svelte.ts';

const BIN_PAGE = 100;

export type PaneView = 'list' | 'archive' | 'bin';

export class OrderStore {
  readonly #stores: Stores;
  readonly #list: ConversationListStore;
  readonly #selection: SelectionStore;
  readonly #composer: Pick<ComposerStore, 'moveDraft'>;
  #view = $state<PaneView>('list');
  /** What a dialog is open for. */
  dialog = $state.raw<{ kind: 'move' | 'tag'; ids: readonly number[] } | null>(null);
  /** The folder or tag whose name is being changed. */
  renaming = $state.raw<Folder | string | null>(null);
  #bin = $state.raw<readonly BinnedConversation[] | null>(null);
  #binComplete = $state(false);

  constructor(
    stores: Stores,
    list: ConversationListStore,
    selection: SelectionStore,
    composer: Pick<ComposerStore, 'moveDraft'>,
  ) {
    this.#stores = stores;
    this.#list = list;
    this.#selection = selection;
    this.#composer = composer;
    stores.api.subscribe('chat.watch', undefined, (change) => {
      if (change.type === 'removed') selection.forget(change.id);
      if (this.#view === 'bin') void this.#fetchBin();
    });
  }

  get view(): PaneView {
    return this.#view;
  }

  /** Null while it is being fetched. */
  get bin(): readonly BinnedConversation[] | null {
    return this.#bin;
  }

  /** Nothing else lies in the bin. */
  get binComplete(): boolean {
    return this.#binComplete;
  }

  show(view: PaneView): void {
    this.#view = view;
    this.#selection.clear();
    if (view === 'archive') void this.#list.look({ kind: 'archive' });
    if (view === 'bin') void this.#fetchBin();
  }

  async pin(ids: readonly number[], pinned: boolean): Promise<void> {
    await this.#do(() => this.#stores.api.call('order.pin', { ids: [...ids], pinned }));
  }

  async archive(ids: readonly number[], archived: boolean): Promise<void> {
    const set = (to: boolean): Promise<void> =>
      this.#stores.api.call('order.archive', { ids: [...ids], archived: to });
    const words = archived
      ? t('order.archived', { count: ids.length })
      : t('order.unarchived', { count: ids.length });
    await this.#do(
      () => set(archived),
      words,
      () => set(!archived),
    );
  }

  /** Null: into no folder. */
  async move(ids: readonly number[], folder: Folder | null): Promise<void> {
    const before = Map.groupBy(this.#known(ids), ({ folderId }) => folderId);
    const words = folder
      ? t('order.moved', { count: ids.length, folder: folder.name })
      : t('order.movedOut', { count: ids.length });
    const back = async (): Promise<void> => {
      for (const [folderId, moved] of before)
        await this.#stores.api.call('order.move', { ids: moved.map(({ id }) => id), folderId });
    };
    const target = { ids: [...ids], folderId: folder?.id ?? null };
    await this.#do(() => this.#stores.api.call('order.move', target), words, back);
  }

  /** Into the folder of this name, which is made if there is none. */
  async moveToNew(ids: readonly number[], name: string): Promise<void> {
    await this.#do(async () => {
      const folder = await this.#stores.api.call('order.createFolder', { name });
      if (ids.length > 0) await this.move(ids, folder);
    });
  }

  async tag(ids: readonly number[], tag: string, tagged: boolean): Promise<void> {
    const change = tagged ? { add: [tag], remove: [] } : { add: [], remove: [tag] };
    await this.#do(() => this.#stores.api.call('order.tag', { ids: [...ids], ...change }));
  }

  async rename(name: string): Promise<void> {
    const renamed = this.renaming;
    this.renaming = null;
    const wanted = name.trim();
    if (renamed === null || wanted === '') return;
    if (typeof renamed === 'string') {
      await this.#do(() => this.#stores.api.call('order.renameTag', { from: renamed, to: wanted }));
      this.#list.showTag(wanted);
    } else {
      await this.#do(() => this.#stores.api.call('order.renameFolder', { id: renamed.id, name: wanted }));
    }
  }

  /** What was in it stays, in no folder. */
  async removeFolder({ id, name }: Folder): Promise<void> {
    let ids: number[] = [];
    const remove = async (): Promise<void> =>
      void (ids = await this.#stores.api.call('order.removeFolder', { id }));
    await this.#do(remove, t('order.folderRemoved', { name }), async () => {
      const folder = await this.#stores.api.call('order.createFolder', { name });
      await this.#stores.api.call('order.move', { ids, folderId: folder.id });
    });
  }

  async removeTag(name: string): Promise<void> {
    const ids = this.#known(null)
      .filter(({ tags }) => tags.includes(name))
      .map(({ id }) => id);
    const back = (): Promise<void> => this.#stores.api.call('order.tag', { ids, add: [name], remove: [] });
    await this.#do(
      () => this.#stores.api.call('order.removeTag', { name }),
      t('order.tagRemoved', { name }),
      back,
    );
  }

  /** Into the bin. */
  async delete(ids: readonly number[]): Promise<void> {
    const [only] = this.#known(ids);
    if (ids.length === 1 && only) return this.#list.delete(only);
    const all = { ids: [...ids] };
    const { navigation, api } = this.#stores;
    const remove = async (): Promise<void> => {
      await api.call('order.delete', all);
      if (navigation.conversationId !== null && ids.includes(navigation.conversationId))
        navigation.openConversation(null);
    };
    await this.#do(remove, t('order.deleted', { count: ids.length }), () => api.call('order.restore', all));
  }

  async restore(ids: readonly number[]): Promise<void> {
    const words = t('order.restored', { count: ids.length });
    await this.#do(() => this.#stores.api.call('order.restore', { ids: [...ids] }), words);
    await this.#fetchBin();
  }

  /** Throws when it could not be done: whoever asked for the confirmation shows that. */
  async deleteForEver(ids: readonly number[]): Promise<void> {
    await this.#stores.api.call('order.deleteForEver', { ids: [...ids] });
    this.#selection.clear();
    await this.#fetchBin();
  }

  /** Throws as `deleteForEver`. */
  async emptyBin(): Promise<void> {
    await this.#stores.api.call('order.emptyBin', undefined);
    await this.#fetchBin();
  }

  /** Stores a temporary conversation and opens what it has become. */
  async keep(id: number): Promise<void> {
    await this.#do(async () => {
      const kept = await this.#stores.api.call('order.keep', { id });
      this.#composer.moveDraft(id, kept.id);
      this.#stores.navigation.openConversation(kept.id);
    }, t('order.kept'));
  }

  /** Those of them that this window knows; all for null. */
  #known(ids: readonly number[] | null): Conversation[] {
    const wanted = ids && new Set(ids);
    return (this.#list.list ?? []).filter(({ id }) => wanted?.has(id) ?? true);
  }

  /** Fetches what was deleted before that. */
  async moreOfBin(): Promise<void> {
    await this.#do(async () => {
      const known = this.#bin ?? [];
      const last = known.at(-1);
      const before = last && { id: last.id, deletedAt: last.deletedAt };
      this.#takeBin(known, await this.#stores.api.call('order.bin', { limit: BIN_PAGE, before }));
    });
  }

  async #fetchBin(): Promise<void> {
    try {
      this.#takeBin([], await this.#stores.api.call('order.bin', { limit: BIN_PAGE }));
    } catch (error) {
      this.#fail(error);
    }
  }

  #takeBin(known: readonly BinnedConversation[], page: readonly BinnedConversation[]): void {
    this.#bin = [...known, ...page];
    this.#binComplete = page.length < BIN_PAGE;
  }

  /** Says what was done, with the way back if there is one, or why it could not be done. */
  async #do(work: () => Promise<void>, text?: string, back?: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#selection.clear();
      const action = back && { label: t('ui.undo'), run: () => void this.#do(back) };
      if (text !== undefined) this.#stores.toasts.show({ text, ...(action && { action }) });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
  }
}
