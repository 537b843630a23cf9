// Where the note stands that the model reads in place of older messages.
import type { Message } from '#contract/chat.ts';
import type { Note } from '#contract/notes.ts';

export interface NotePlace {
  note: Note;
  /** The first message after those that it stands for; null: they are all there are. */
  beforeId: number | null;
}

/** The note that stands for most of the branch that is shown: that one applies. Null: none does, or its place is still
 * being fetched. */
export function placeOf(
  notes: readonly Note[],
  messages: readonly Pick<Message, 'id' | 'parentId'>[],
): NotePlace | null {
  const byPlace = new Map(notes.map((note) => [note.coversId, note]));
  if (byPlace.size === 0) return null;
  const last = byPlace.get(messages.at(-1)?.id ?? 0);
  if (last) return { note: last, beforeId: null };
  for (const { id, parentId } of messages.toReversed()) {
    const note = byPlace.get(parentId ?? 0);
    if (note) return { note, beforeId: id };
  }
  return null;
}
