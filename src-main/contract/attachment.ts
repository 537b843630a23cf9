// One thing that goes along with a question. The text of it is kept as it was read; what of it the model is given is the
// person's choice.
import { z } from 'zod';
import { rowId } from './common.ts';
import { readNote } from './reader.ts';

/** What the model is given: all of it, the passages that fit the question best, or as much of the beginning as fits. */
export const attachmentUse = z.enum(['whole', 'excerpts', 'beginning']);
export type AttachmentUse = z.output<typeof attachmentUse>;

export const attachment = z.object({
  id: rowId,
  kind: z.enum(['text', 'file', 'conversation']),
  name: z.string(),
  characters: z.number(),
  /** Null where it has none. */
  pages: z.number().nullable(),
  /** What reading it has left out. */
  notes: z.array(readNote),
  use: attachmentUse,
  /** Of all of it, as counted when what the model is given was chosen; null before. */
  tokens: z.number().nullable(),
  /** Of what the model is given; null where that is all. */
  givenTokens: z.number().nullable(),
  /** The last words of a beginning. */
  until: z.string().nullable(),
});
export type Attachment = z.output<typeof attachment>;
