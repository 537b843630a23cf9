// Two answers to one question, by two models or under two presets, until a person keeps one. Both are versions like any
// other: whatever happens to the pair, nothing that was written is lost.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { conversationSetup, generationEvent, messageText, openConversation } from './chat.ts';
import { rowId } from './common.ts';

/** What is asked of both: a new question, or one that stands there already. */
const compared = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('new'),
    /** Null: of a conversation that begins with it. */
    conversationId: rowId.nullable(),
    text: messageText,
    /** Of the draft; with these the text may be empty. */
    attachmentIds: z.array(rowId).max(200).optional(),
    /** A new conversation is kept in memory only. */
    temporary: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('asked'), messageId: rowId }),
]);

const compareInput = z.object({ question: compared, left: conversationSetup, right: conversationSetup });
export type CompareInput = z.output<typeof compareInput>;

/** Those that answer with a conversation tell the end of its branch, as `chat.open` with `newest`. */
export const compareContract = {
  /** Commits the question and two empty answers, which are then written one after the other. `chat.stop` ends both.
   * Errors: message-empty, message-too-long, conversation-busy, not-found, disk-full, database-*. */
  'compare.start': call(compareInput, openConversation),
  /** One of them while it is being written: a snapshot, then what follows. Ends at once when it is finished. */
  'compare.watch': stream(z.object({ answerId: rowId }), generationEvent),
  /** The conversation goes on with this answer, and with the model and preset that wrote it. The other one stays as a
   * version, as far as it is written. Errors: not-found, and conversation-busy while this answer is being written. */
  'compare.keep': call(z.object({ answerId: rowId }), openConversation),
};
