// Which note applies on a branch: the one that stands for most of it.
import type { Message } from '#contract/chat.ts';
import type { Note } from '#contract/notes.ts';

interface NotePlace {
  note: Note;
  /** How many messages it stands for. */
  covered: number;
}

/** The last message is what is asked now: a note that stands for that one too does not apply. */
export function noteOnBranch(
  notes: readonly Note[],
  branch: readonly Pick<Message, 'id'>[],
): NotePlace | null {
  const byPlace = new Map(notes.map((note) => [note.coversId, note]));
  for (let covered = branch.length - 1; covered > 0; covered--) {
    const note = byPlace.get(branch[covered - 1]?.id ?? 0);
    if (note) return { note, covered };
  }
  return null;
}

/** The message that each turn ends with; `firstIds` are those that the turns begin with. */
export function lastIdsOf(branch: readonly Pick<Message, 'id'>[], firstIds: readonly number[]): number[] {
  return firstIds.map((_, turn) => {
    const next = firstIds[turn + 1];
    const end = next === undefined ? branch.length : branch.findIndex(({ id }) => id === next);
    return branch[end - 1]?.id ?? 0;
  });
}
