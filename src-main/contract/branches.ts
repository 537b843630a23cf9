// Branches of a conversation. Nothing a person or the model wrote is ever overwritten: every change stands beside it
// as another version, and one branch of the tree is shown.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { conversation, generationEvent, message, messageText, openConversation } from './chat.ts';
import { rowId } from './common.ts';

/** A message in the tree; its text is cut. */
export const branchNode = message
  .pick({ id: true, parentId: true, role: true, status: true, createdAt: true })
  .extend({ excerpt: z.string() });
export type BranchNode = z.output<typeof branchNode>;

const byMessage = z.object({ messageId: rowId });

/** Those that answer with a conversation tell the end of the branch that is shown then, as `chat.open` with `newest`.
 * Errors of all: not-found, and conversation-busy while an answer is being written there. */
export const branchesContract = {
  'branches.tree': call(z.object({ conversationId: rowId }), z.array(branchNode)),
  /** Shows the branch through this message, as far as it was last written. */
  'branches.show': call(byMessage, openConversation),
  /** Another version of a question, and an answer to it. Errors: message-empty, message-too-long. */
  'branches.edit': stream(z.object({ messageId: rowId, text: messageText }), generationEvent),
  /** Another version of an answer, in the person's own words. Errors: message-empty, message-too-long. */
  'branches.rewrite': call(z.object({ messageId: rowId, text: messageText }), openConversation),
  /** Another version of an answer that begins with its words and goes on. */
  'branches.continue': stream(byMessage, generationEvent),
  /** Removes a message and everything after it; `branches.restore` brings all of it back. */
  'branches.remove': call(byMessage, openConversation),
  'branches.restore': call(byMessage, openConversation),
  /** A new conversation that begins with everything up to this message. */
  'branches.fork': call(byMessage, conversation),
};
