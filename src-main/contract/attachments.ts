// What goes along with a question: a pasted text, a file, another conversation. Until the question is sent it belongs
// to a draft.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { attachment, attachmentUse } from './attachment.ts';
import { conversationSetup } from './chat.ts';
import { nothing, rowId } from './common.ts';

/** Largest part of a file in one `attachments.append`, in characters of base64. */
export const CHUNK_CHARACTERS = 700_000;
/** Longest text that is attached by itself, in UTF-16 units; what is longer is refused with `attachment-too-long`. */
export const TEXT_LIMIT = 5_000_000;
/** Largest file, in bytes; what is larger is refused with `file-too-large`. */
export const UPLOAD_LIMIT_BYTES = 256 * 1024 * 1024;

/** Whose draft it is: null is the conversation that has not begun, which may be one that is kept in memory only. */
export const draftPlace = z.object({
  conversationId: rowId.nullable(),
  temporary: z.boolean().default(false),
});
export type DraftPlace = z.output<typeof draftPlace>;

/** What can be attached once more. */
export const attachmentOffer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('document'), id: rowId, name: z.string(), characters: z.number() }),
  z.object({ kind: z.literal('conversation'), id: rowId, name: z.string(), at: z.number() }),
]);
export type AttachmentOffer = z.output<typeof attachmentOffer>;

/** How much a question takes of what the model can see. */
export const measured = z.object({
  /** All of each, in the order that was asked for. */
  attachmentTokens: z.array(z.number()),
  /** Of the question as it would be sent, with its attachments as they are to be used. */
  questionTokens: z.number(),
  /** Of what was said before; not more is counted than there could be room for. */
  historyTokens: z.number(),
  /** For a question; null where nothing is known of the model. */
  roomTokens: z.number().nullable(),
  /** The model's context as it is loaded, and the largest that the model can have. */
  sizeTokens: z.number().nullable(),
  largestTokens: z.number().nullable(),
  /** The model is not loaded: these are guesses from the number of characters. */
  estimated: z.boolean(),
});
export type Measured = z.output<typeof measured>;

export const uploadEvent = z.discriminatedUnion('type', [
  /** From 0 to 1. */
  z.object({ type: z.literal('reading'), progress: z.number() }),
  z.object({ type: z.literal('attached'), attachment }),
]);
export type UploadEvent = z.output<typeof uploadEvent>;

const name = z.string().trim().min(1).max(300);
const ids = z.array(rowId).max(200);
/** What is being written. Of a conversation that has not begun also how it will be set up. */
const question = draftPlace.extend({
  text: z.string().max(6_000_000),
  ids,
  setup: conversationSetup.optional(),
});
export type AttachedQuestion = z.output<typeof question>;

export const attachmentsContract = {
  /** Those of a draft. */
  'attachments.list': call(draftPlace, z.array(attachment)),
  /** Errors: attachment-too-long, disk-full. */
  'attachments.addText': call(
    draftPlace.extend({ name, text: z.string().min(1).max(6_000_000) }),
    attachment,
  ),
  /** A conversation as its text stands now. Errors: not-found, attachment-too-long, file-empty. */
  'attachments.addConversation': call(draftPlace.extend({ sourceId: rowId }), attachment),
  /** What is attached elsewhere. Errors: not-found. */
  'attachments.addDocument': call(draftPlace.extend({ attachmentId: rowId }), attachment),
  /** Begins to take in a file. Errors: file-too-large, disk-full. */
  'attachments.begin': call(
    z.object({ name, sizeBytes: z.number().min(0) }),
    z.object({ uploadId: z.string() }),
  ),
  /** The next part of its bytes, as base64. Errors: not-found, disk-full. */
  'attachments.append': call(
    z.object({ uploadId: z.string(), bytes: z.base64().max(CHUNK_CHARACTERS) }),
    nothing,
  ),
  /** Reads what has come in. Errors: those of the reader, attachment-too-long; the bytes stay for another try. */
  'attachments.read': stream(
    draftPlace.extend({ uploadId: z.string(), password: z.string().max(500).optional() }),
    uploadEvent,
  ),
  /** Forgets the bytes. */
  'attachments.giveUp': call(z.object({ uploadId: z.string() }), nothing),
  /** A part of the text as it was read, and where the next one begins; null at the end. Errors: not-found. */
  'attachments.text': call(
    z.object({ id: rowId, part: z.int().min(0).default(0) }),
    z.object({ text: z.string(), nextPart: z.int().nullable() }),
  ),
  /** Takes it off a draft; `attachments.restore` puts it back. */
  'attachments.remove': call(z.object({ id: rowId }), nothing),
  'attachments.restore': call(z.object({ id: rowId }), attachment),
  /** Puts them with another draft. */
  'attachments.move': call(draftPlace.extend({ ids }), z.array(attachment)),
  'attachments.measure': call(question, measured),
  /**
   * Chooses what the model is given of them, so that the question fits: those for which there is room stay whole.
   * Of a sent question too, before it is asked again. Errors: not-found.
   */
  'attachments.fit': call(question.extend({ use: attachmentUse }), z.array(attachment)),
  /** Documents and conversations whose names fit, newest first. */
  'attachments.offers': call(z.object({ query: z.string().max(100) }), z.array(attachmentOffer)),
};
