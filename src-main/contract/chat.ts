// Conversations, messages and the events of a generation.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { attachment } from './attachment.ts';
import { failure, nothing, rowId } from './common.ts';
import { MESSAGE_LIMIT } from './errors.ts';
import { answerSettings } from './presets.ts';

export { MESSAGE_LIMIT };

export const messageStatus = z.enum(['complete', 'generating', 'stopped', 'interrupted', 'failed']);

/** What an answer cost; kept with the answer and shown on demand. */
export const answerStats = z.object({
  modelName: z.string(),
  backend: z.string(),
  promptTokens: z.number(),
  /** Part of promptTokens that was still evaluated from before. */
  reusedTokens: z.number(),
  answerTokens: z.number(),
  timeToFirstTokenMs: z.number(),
  tokensPerSecond: z.number(),
});
export type AnswerStats = z.output<typeof answerStats>;

export const message = z.object({
  id: rowId,
  conversationId: rowId,
  parentId: rowId.nullable(),
  role: z.enum(['user', 'answer']),
  text: z.string(),
  /** Thoughts of the model, kept apart from the text; '' when there are none. */
  thought: z.string(),
  status: messageStatus,
  failure: failure.nullable(),
  stats: answerStats.nullable(),
  /** An answer whose words the person has changed. */
  edited: z.boolean(),
  /** All messages that stand at this place of the tree, oldest first; this one is among them. */
  versions: z.array(rowId),
  createdAt: z.number(),
  /** What goes along with a question; absent where nothing does. */
  attachments: z.array(attachment).optional(),
});
export type Message = z.output<typeof message>;

export const conversation = z.object({
  id: rowId,
  title: z.string(),
  /** Who named it: nobody yet (first words of the question), the model, or the person. */
  titleSource: z.enum(['first-words', 'model', 'person']),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** The preset it uses, if any; what its own settings say comes first. */
  presetId: rowId.nullable(),
  settings: answerSettings,
  /** The model it asks, also when that is no longer installed; null: the one in use. */
  modelId: rowId.nullable(),
  /** An answer is being written or waits for its turn. */
  generating: z.boolean(),
  pinned: z.boolean(),
  archived: z.boolean(),
  folderId: rowId.nullable(),
  /** In the order of the alphabet. */
  tags: z.array(z.string()),
  /** Kept in memory only, until it is deleted or Lapidary quits. */
  temporary: z.boolean(),
});
export type Conversation = z.output<typeof conversation>;

/** How full the model's context is, and from which message on the model still sees the conversation. */
export const contextUse = z.object({
  usedTokens: z.number(),
  sizeTokens: z.number(),
  /** Null: it sees everything. */
  visibleFromId: rowId.nullable(),
  /** Why it has no note of all that it no longer sees, where the conversation wants one. */
  withoutNote: z.enum(['failed', 'skipped', 'no-room']).optional(),
});
export type ContextUse = z.output<typeof contextUse>;

/** How the answers of a conversation are to be. */
export const conversationSetup = conversation
  .pick({ presetId: true, settings: true })
  .extend({ modelId: conversation.shape.modelId.default(null) });
export type ConversationSetup = z.output<typeof conversationSetup>;

const compared = z.object({ answer: message, setup: conversationSetup });

/** Two answers to the last question, as long as none of them is chosen. */
export const comparison = z.object({ questionId: rowId, left: compared, right: compared });
export type Comparison = z.output<typeof comparison>;

export const openConversation = z.object({
  conversation,
  /** The active branch, oldest first. */
  messages: z.array(message),
  /** There are older ones, which `chat.earlier` tells. */
  more: z.boolean().optional(),
  context: contextUse.nullable(),
  /** While the branch ends in one of two answers that are compared. */
  comparison: comparison.nullable().optional(),
});
export type OpenConversation = z.output<typeof openConversation>;

/** A part of a branch, oldest first, and whether there are older ones. */
export const branchPage = z.object({ messages: z.array(message), more: z.boolean() });
export type BranchPage = z.output<typeof branchPage>;

/** What the model gets to read for the next answer, after the template, as far as it fits. */
export const modelView = z.object({
  text: z.string(),
  tokens: z.number(),
  sizeTokens: z.number(),
  /** Null: it sees everything. */
  visibleFromId: rowId.nullable(),
  /** A note stands for what it does not see. */
  noted: z.boolean().optional(),
});
export type ModelView = z.output<typeof modelView>;

export const generationEvent = z.discriminatedUnion('type', [
  /** First event of a send: what was committed before anything else happened. */
  z.object({ type: z.literal('accepted'), conversation, question: message, answer: message }),
  /** First event of an attach: the answer as far as it is written. */
  z.object({ type: z.literal('snapshot'), answer: message }),
  /** `place` in the line for its turn: 1 is next. */
  z.object({ type: z.literal('waiting'), for: z.literal('turn'), place: z.int().positive() }),
  z.object({ type: z.literal('waiting'), for: z.enum(['engine', 'model']) }),
  z.object({ type: z.literal('reading'), doneTokens: z.number(), totalTokens: z.number() }),
  /** A note of what leaves the model's view is being made first; 0 to 1. */
  z.object({ type: z.literal('noting'), progress: z.number() }),
  z.object({ type: z.literal('context'), context: contextUse }),
  z.object({ type: z.literal('thought'), text: z.string() }),
  z.object({ type: z.literal('text'), text: z.string() }),
  /** The text is safe in memory but could not be written to disk (again: could, when failure is null). */
  z.object({ type: z.literal('saving'), failure: failure.nullable() }),
  z.object({ type: z.literal('done'), answer: message }),
]);
export type GenerationEvent = z.output<typeof generationEvent>;

export const conversationChange = z.discriminatedUnion('type', [
  z.object({ type: z.literal('saved'), conversation }),
  z.object({ type: z.literal('removed'), id: rowId }),
  /** Many changed at once: what is shown of lists has to be fetched again. */
  z.object({ type: z.literal('many') }),
]);
export type ConversationChange = z.output<typeof conversationChange>;

/** Which conversations a list shows. None of them shows the bin, and only `archive` shows what is archived. */
export const conversationView = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['all', 'pinned', 'archive', 'temporary']) }),
  /** Neither pinned nor in a folder. */
  z.object({ kind: z.literal('recent') }),
  /** In this folder and not pinned. */
  z.object({ kind: z.literal('folder'), folderId: rowId }),
  z.object({ kind: z.literal('tag'), tag: z.string() }),
]);
export type ConversationView = z.output<typeof conversationView>;

const byId = z.object({ id: rowId });

/** Longer texts than MESSAGE_LIMIT are refused with a named error, not as bad input. */
export const messageText = z.string().max(MESSAGE_LIMIT * 12);

export const chatContract = {
  /** Newest first. `before` is the updatedAt of the last one already known. */
  'chat.list': call(
    z.object({
      view: conversationView.default({ kind: 'all' }),
      limit: z.int().min(1).max(500).default(200),
      before: z.number().optional(),
    }),
    z.array(conversation),
  ),
  'chat.watch': stream(nothing, conversationChange),
  /** With `newest`, only as many messages as are seen at first; without, the whole branch. */
  'chat.open': call(byId.extend({ newest: z.boolean().optional() }), openConversation),
  /** A part of a conversation's branch: what comes just before the message `before`. */
  'chat.earlier': call(byId.extend({ before: rowId }), branchPage),
  'chat.rename': call(z.object({ id: rowId, title: z.string().trim().min(1).max(200) }), conversation),
  /** Into the bin; `chat.restore` takes it out again. A running generation is stopped first. */
  'chat.delete': call(byId, nothing),
  'chat.restore': call(byId, conversation),
  /** Takes effect with the next answer. */
  'chat.configure': call(byId.extend(conversationSetup.shape), conversation),
  /** The exact text that the model sees of the branch that is shown. Loads the model if it must. */
  'chat.view': call(byId, modelView),
  /** Lets the model read what a person is still writing, while nothing else needs it; ends when that is done. */
  'chat.prepare': call(
    z.object({
      conversationId: rowId.nullable(),
      setup: conversationSetup.optional(),
      text: messageText,
      attachmentIds: z.array(rowId).max(200).optional(),
    }),
    nothing,
  ),
  /** Commits the question and an empty answer, then generates. Null starts a new conversation, set up like this. */
  'chat.send': stream(
    z.object({
      conversationId: rowId.nullable(),
      text: messageText,
      /** Of the draft; with these the text may be empty. */
      attachmentIds: z.array(rowId).max(200).optional(),
      setup: conversationSetup.optional(),
      /** A new conversation is kept in memory only. */
      temporary: z.boolean().optional(),
    }),
    generationEvent,
  ),
  /** Writes an answer to this question, or another one beside this answer. */
  'chat.retry': stream(
    z.object({
      messageId: rowId,
      /** With some chance and against repetition, whatever the settings say: after one that repeated itself. */
      varied: z.boolean().optional(),
    }),
    generationEvent,
  ),
  /** Says nothing: this window shows the conversation for as long as it listens, so that its answers come first. */
  'chat.look': stream(byId, z.never()),
  /** Joins a running generation: a snapshot, then what follows. Ends at once when none is running. */
  'chat.attach': stream(z.object({ conversationId: rowId }), generationEvent),
  'chat.stop': call(z.object({ conversationId: rowId }), nothing),
};
