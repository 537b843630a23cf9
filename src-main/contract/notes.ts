// Notes that stand for the older part of a conversation, where that does not fit into what the model can see. A person
// reads and changes them; the messages themselves stay.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { nothing, rowId } from './common.ts';

/** Longest note that a person can write, in UTF-16 units. */
const NOTE_LIMIT = 20_000;

export const note = z.object({
  id: rowId,
  conversationId: rowId,
  /** The last message that it stands for; it applies to branches through that one. */
  coversId: rowId,
  text: z.string(),
  /** By the person. */
  edited: z.boolean(),
  /** Taken away by the person: the model knows nothing of those messages. */
  removed: z.boolean(),
  createdAt: z.number(),
});
export type Note = z.output<typeof note>;

const byId = z.object({ id: rowId });

/** Errors of those with an id: not-found. */
export const notesContract = {
  /** All of a conversation, one for each place of its tree, now and after every change. The last on a branch applies. */
  'notes.watch': stream(z.object({ conversationId: rowId }), z.array(note)),
  /** Takes effect with the next answer. */
  'notes.edit': call(byId.extend({ text: z.string().trim().min(1).max(NOTE_LIMIT) }), note),
  'notes.remove': call(byId, note),
  /** What was taken away or made again applies again. */
  'notes.restore': call(byId, note),
  /** Lets the model write another note of the same messages; tells how far it is, 0 to 1. Errors: note-failed. */
  'notes.remake': stream(byId, z.object({ progress: z.number() })),
  /** The answer that waits for a note begins without it. */
  'notes.skip': call(z.object({ conversationId: rowId }), nothing),
};
