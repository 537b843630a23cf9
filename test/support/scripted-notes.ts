// Notes of conversations in memory: for tests of the interface that read, change and make them, and for looking at it.
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import type { Note } from '#contract/notes.ts';
import type { Handlers } from '#rpc/define.ts';
import { Watchable } from '../../src-main/lib/watchable.ts';

type NoteChannel = Extract<keyof Handlers<Contract>, `notes.${string}`>;

export interface ScriptedNotes {
  handlers: Pick<Handlers<Contract>, NoteChannel>;
  list: Watchable<readonly Note[]>;
  add(conversationId: number, coversId: number, text: string): Note;
  /** Conversations whose answers went on without a note. */
  skipped: number[];
}

/** `makeAgain` gives the words of another note, telling how far it is. */
export function createScriptedNotes(
  makeAgain: (signal: AbortSignal) => AsyncGenerator<{ progress: number }, string> = async function* () {
    yield { progress: 0.5 };
    return 'Made again.';
  },
): ScriptedNotes {
  const list = new Watchable<readonly Note[]>([]);
  const kept: Note[] = [];
  const skipped: number[] = [];
  /** One of each place, as the host tells them. */
  const tell = (): void => {
    const inOrder = kept.toSorted(
      (one, other) => Number(other.removed) - Number(one.removed) || one.id - other.id,
    );
    list.set([...new Map(inOrder.map((note) => [note.coversId, { ...note }])).values()]);
  };
  const find = (id: number): Note => {
    const found = kept.find((note) => note.id === id);
    if (!found) throw new AppError('not-found', `No note ${id}`);
    return found;
  };
  const removeAt = (coversId: number): void => {
    for (const note of kept) if (note.coversId === coversId) note.removed = true;
  };
  const change = (id: number, changes: Partial<Note>): Note => {
    const note = Object.assign(find(id), changes);
    tell();
    return { ...note };
  };
  const add: ScriptedNotes['add'] = (conversationId, coversId, text) => {
    const id = kept.length + 1;
    removeAt(coversId);
    kept.push({ id, conversationId, coversId, text, edited: false, removed: false, createdAt: 0 });
    tell();
    return { ...find(id) };
  };
  const handlers: ScriptedNotes['handlers'] = {
    async *'notes.watch'({ conversationId }, signal) {
      for await (const all of list.watch(signal)) {
        yield all.filter((note) => note.conversationId === conversationId);
      }
    },
    'notes.edit': ({ id, text }) => change(id, { text, edited: true }),
    'notes.remove': ({ id }) => change(id, { removed: true }),
    'notes.restore': ({ id }) => {
      removeAt(find(id).coversId);
      return change(id, { removed: false });
    },
    async *'notes.remake'({ id }, signal) {
      const { conversationId, coversId } = find(id);
      const text = yield* makeAgain(signal);
      if (!signal.aborted) add(conversationId, coversId, text);
    },
    'notes.skip': ({ conversationId }) => void skipped.push(conversationId),
  };
  return { handlers, list, add, skipped };
}
