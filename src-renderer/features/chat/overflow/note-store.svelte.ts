// The notes of the open conversation that stand for what its model no longer sees: which one applies, changing it in
// one's own words, having it made again, taking it away, each with a way back.
import type { Note } from '#contract/notes.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import type { ConversationStore } from '../conversation-store.svelte.ts';
import type { SetupStore } from '../setup/setup-store.svelte.ts';
import { placeOf, type NotePlace } from './note-place.ts';

interface Making {
  noteId: number;
  /** 0 to 1; null while it waits. */
  progress: number | null;
  cancel: AbortController;
}

export class NoteStore {
  readonly #stores: Stores;
  readonly #conversations: ConversationStore;
  readonly #setup: SetupStore;
  #list = $state.raw<readonly Note[]>([]);
  #making = $state.raw<Making | null>(null);
  #failed = $state.raw<{ noteId: number; failure: ShownFailure } | null>(null);
  /** The note whose words are being changed, with the words as they are now. */
  editing = $state<{ id: number; text: string } | null>(null);

  constructor(stores: Stores, conversations: ConversationStore, setup: SetupStore) {
    this.#stores = stores;
    this.#conversations = conversations;
    this.#setup = setup;
  }

  /** The note that applies on the branch that is shown, also one that was taken away. */
  readonly place: NotePlace | null = $derived.by(() => {
    if (this.#setup.overflow !== 'note') return null;
    return placeOf(this.#list, this.#conversations.current.messages ?? []);
  });

  /** How far the making of another note is; undefined while there is none. */
  makingOf({ id }: Note): number | null | undefined {
    return this.#making?.noteId === id ? this.#making.progress : undefined;
  }

  /** Why the last change of a note was refused, or making it again failed. */
  failureOf({ id }: Note): ShownFailure | null {
    return this.#failed?.noteId === id ? this.#failed.failure : null;
  }

  /** Keeps the notes of a conversation here until what is returned is called. */
  follow(conversationId: number): () => void {
    const stop = this.#stores.api.subscribe(
      'notes.watch',
      { conversationId },
      (list) => (this.#list = list),
      (error) => this.#tell(error),
    );
    return () => {
      stop();
      this.#list = [];
      this.editing = null;
    };
  }

  /** The answer that waits for a note begins without it. */
  async skip(): Promise<void> {
    const { id } = this.#conversations.current;
    if (id === null) return;
    await this.#stores.api
      .call('notes.skip', { conversationId: id })
      .catch((error: unknown) => this.#tell(error));
  }

  edit({ id, text }: Note): void {
    this.#failed = null;
    this.editing = { id, text };
  }

  cancelEdit(): void {
    this.editing = null;
  }

  /** The words stay where they are refused. */
  async saveEdit(): Promise<void> {
    const { editing } = this;
    if (!editing) return;
    this.#failed = null;
    try {
      const input = { id: editing.id, text: editing.text.trim() };
      this.#put(await this.#stores.api.call('notes.edit', input));
      if (this.editing?.id === editing.id) this.editing = null;
    } catch (error) {
      this.#failed = { noteId: editing.id, failure: asFailure(error) };
    }
  }

  /** With a notice that takes it back. */
  async remove(note: Note): Promise<void> {
    if (!(await this.#change('notes.remove', note.id))) return;
    const action = { label: t('ui.undo'), run: () => void this.restore(note) };
    this.#stores.toasts.show({ text: t('overflow.removed'), action });
  }

  async restore({ id }: Note): Promise<void> {
    await this.#change('notes.restore', id);
  }

  /** Another note of the same messages, with a notice that brings this one back. */
  async remake(note: Note): Promise<void> {
    const cancel = new AbortController();
    const making = { noteId: note.id, cancel };
    this.#failed = null;
    this.#making = { ...making, progress: null };
    try {
      const events = this.#stores.api.stream('notes.remake', { id: note.id }, cancel.signal);
      for await (const { progress } of events) this.#making = { ...making, progress };
      if (cancel.signal.aborted) return;
      const action = { label: t('ui.undo'), run: () => void this.restore(note) };
      this.#stores.toasts.show({ text: t('overflow.remade'), ...(!note.removed && { action }) });
    } catch (error) {
      if (!cancel.signal.aborted) this.#failed = { noteId: note.id, failure: asFailure(error) };
    } finally {
      this.#making = null;
    }
  }

  cancelRemake(): void {
    this.#making?.cancel.abort();
  }

  async #change(channel: 'notes.remove' | 'notes.restore', id: number): Promise<boolean> {
    try {
      this.#put(await this.#stores.api.call(channel, { id }));
      return true;
    } catch (error) {
      this.#tell(error);
      return false;
    }
  }

  /** At once: where the focus goes next is in what is shown then. */
  #put(note: Note): void {
    this.#list = this.#list.map((each) => (each.coversId === note.coversId ? note : each));
  }

  #tell(error: unknown): void {
    this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
  }
}
