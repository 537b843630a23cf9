// Notes of a conversation that is copied: they go along with the messages that they stand for.
import type { TalkDatabase } from '../../database/temporary-database.ts';

interface Place {
  talk: TalkDatabase;
  conversationId: number;
}

/** `messageIds`: for messages there, their copies here; notes of other messages stay behind. */
export function copyNotes(
  from: Place,
  to: Place,
  messageIds: ReadonlyMap<number | null, number | null>,
): void {
  for (const note of from.talk.notes.list(from.conversationId)) {
    const coversId = messageIds.get(note.coversId);
    if (coversId) to.talk.notes.copy(note, to.conversationId, coversId);
  }
}
