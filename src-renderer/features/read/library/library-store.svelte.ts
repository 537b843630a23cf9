// The library as the window sees it: live, with everything a person does to a document. What is removed can be taken
// back.
import type { Collection, Document, Library } from '#contract/documents.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import { uploadFile } from '../../../stores/upload-file.ts';

export class LibraryStore {
  readonly #stores: Stores;
  #library = $state.raw<Library | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  /** Only documents of this collection are shown. */
  #collectionId = $state<number | null>(null);
  /** The one whose title is being edited. */
  renamingId = $state<number | null>(null);
  pasting = $state(false);
  /** A folder is being named. */
  namingFolder = $state(false);
  /** The collection being named: null for a new one, undefined for none. */
  naming = $state<Collection | null | undefined>(undefined);

  readonly shown = $derived(
    this.documents.filter(
      ({ collectionIds }) => this.collection === null || collectionIds.includes(this.collection.id),
    ),
  );

  constructor(stores: Stores) {
    this.#stores = stores;
    stores.api.subscribe(
      'documents.watch',
      undefined,
      (library) => {
        this.#library = library;
        this.#failure = null;
      },
      (error) => (this.#failure = asFailure(error)),
    );
  }

  /** False until the host has told. */
  get known(): boolean {
    return this.#library !== null;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  get documents(): readonly Document[] {
    return this.#library?.documents ?? [];
  }

  get collections(): readonly Collection[] {
    return this.#library?.collections ?? [];
  }

  /** The one that is shown alone; null when it is gone. */
  get collection(): Collection | null {
    return this.collections.find(({ id }) => id === this.#collectionId) ?? null;
  }

  find(id: number | null): Document | undefined {
    return this.documents.find((document) => document.id === id);
  }

  showCollection(id: number | null): void {
    this.#collectionId = id;
  }

  /** Opens it at once; it fills as it is read. */
  async addText(title: string, text: string): Promise<ShownFailure | null> {
    try {
      const { id } = await this.#stores.api.call('documents.addText', { title, text });
      await this.#intoShownCollection([id]);
      this.#stores.navigation.openDocument(id);
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  /** One after the other, into the collection that is shown; a single one is opened. */
  async addFiles(files: readonly File[]): Promise<void> {
    const added: number[] = [];
    for (const file of files) {
      await this.#try(async () => {
        const uploadId = await uploadFile(this.#stores.api, file);
        const asked = { uploadId, collectionId: this.collection?.id ?? null };
        added.push((await this.#stores.api.call('documents.addUpload', asked)).id);
      });
    }
    const [only] = added;
    if (files.length === 1 && only !== undefined) this.#stores.navigation.openDocument(only);
    else this.#tellAdded({ added: added.length, known: 0, skipped: [] });
  }

  /** Files and folders by their paths, into the collection that is shown. */
  async addPaths(paths: string[]): Promise<ShownFailure | null> {
    try {
      const asked = { paths, collectionId: this.collection?.id ?? null };
      const { added, known, skipped } = await this.#stores.api.call('documents.addPaths', asked);
      this.#tellAdded({ added: added.length, known: known.length, skipped });
      const [only] = added.length > 0 ? added : known;
      if (added.length + known.length === 1 && only !== undefined) this.#stores.navigation.openDocument(only);
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  readAgain(id: number, password?: string): Promise<void> {
    return this.#try(() =>
      this.#stores.api.call('documents.read', { id, ...(password !== undefined && { password }) }),
    );
  }

  stop(id: number): Promise<void> {
    return this.#try(() => this.#stores.api.call('documents.stop', { id }));
  }

  /** An empty title, or the same one, changes nothing. */
  async rename(id: number, title: string): Promise<void> {
    this.renamingId = null;
    const wanted = title.trim();
    if (wanted === '' || wanted === this.find(id)?.title) return;
    await this.#try(async () => {
      await this.#stores.api.call('documents.rename', { id, title: wanted });
    });
  }

  /** With a notice that takes it back. */
  async remove({ id, title }: Document): Promise<void> {
    await this.#try(async () => {
      await this.#stores.api.call('documents.remove', { ids: [id] });
      if (this.#stores.navigation.documentId === id) this.#stores.navigation.openDocument(null);
      const action = { label: t('ui.undo'), run: () => void this.#restore(id) };
      this.#stores.toasts.show({ text: t('read.removed', { title }), action });
    });
  }

  async saveCollection(id: number | null, name: string): Promise<ShownFailure | null> {
    try {
      const folder = this.collections.find((each) => each.id === id)?.folder ?? null;
      const saved = await this.#stores.api.call('collections.save', { id, name, folder });
      this.naming = undefined;
      this.#collectionId = saved.id;
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  removeCollection(id: number): Promise<void> {
    return this.#try(() => this.#stores.api.call('collections.remove', { id }));
  }

  put(collectionId: number, documentId: number, inside: boolean): Promise<void> {
    const asked = { id: collectionId, documentIds: [documentId], inside };
    return this.#try(() => this.#stores.api.call('collections.put', asked));
  }

  async #intoShownCollection(documentIds: number[]): Promise<void> {
    if (this.collection === null) return;
    await this.#stores.api.call('collections.put', { id: this.collection.id, documentIds, inside: true });
  }

  #tellAdded({ added, known, skipped }: { added: number; known: number; skipped: string[] }): void {
    const parts = [
      added > 0 && t('read.added', { count: added }),
      known > 0 && t('read.known', { count: known }),
      skipped.length > 0 && t('read.skipped', { count: skipped.length, name: skipped[0] ?? '' }),
    ].filter((part) => part !== false);
    if (parts.length > 0) this.#stores.toasts.show({ text: parts.join(' ') });
  }

  async #restore(id: number): Promise<void> {
    await this.#try(async () => {
      await this.#stores.api.call('documents.restore', { ids: [id] });
      this.#stores.navigation.openDocument(id);
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }
}
