// Questions to documents: side conversations whose answers name the passages they come from.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { failure, nothing, rowId } from './common.ts';
import { passage } from './documents.ts';
import { summaryLine } from './summaries.ts';

export const documentAnswer = z.object({
  id: rowId,
  inquiryId: rowId,
  question: z.string(),
  /** The question as it stands alone, where a follow-up was made whole; null where it is the same. */
  searched: z.string().nullable(),
  /** What the model got to read: everything, the passages that fit, or one part after the other. */
  way: z.enum(['whole', 'passages', 'scan']).nullable(),
  state: z.enum(['running', 'stopped', 'interrupted', 'complete', 'failed']),
  failure: failure.nullable(),
  text: z.string(),
  /** The text by sentences, each with where it stands; empty until it is complete. */
  lines: z.array(summaryLine),
  /** The text says nothing about it. */
  notInText: z.boolean(),
  /** What the model was given, best first; empty when it read everything. */
  passages: z.array(passage),
  createdAt: z.number(),
});
export type DocumentAnswer = z.output<typeof documentAnswer>;

/** A side conversation about some documents. */
export const inquiry = z.object({
  id: rowId,
  documentIds: z.array(rowId).min(1),
  answers: z.array(documentAnswer),
  createdAt: z.number(),
});
export type Inquiry = z.output<typeof inquiry>;

export const answerEvent = z.discriminatedUnion('type', [
  /** First: all of it as it is. */
  z.object({ type: z.literal('snapshot'), answer: documentAnswer }),
  z.object({ type: z.literal('waiting'), for: z.enum(['turn', 'engine', 'model']) }),
  /** Of a scan: how many parts of the documents are read. */
  z.object({ type: z.literal('scanning'), done: z.number(), total: z.number() }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('done'), answer: documentAnswer }),
]);
export type AnswerEvent = z.output<typeof answerEvent>;

export const questionsContract = {
  /** About exactly these documents, newest first. */
  'questions.list': call(z.object({ documentIds: z.array(rowId).min(1).max(1000) }), z.array(inquiry)),
  /** Null begins a side conversation. Errors: not-found, document-not-ready, message-empty, message-too-long. */
  'questions.ask': stream(
    z.object({
      inquiryId: rowId.nullable(),
      documentIds: z.array(rowId).min(1).max(1000),
      question: z.string().max(20_000),
    }),
    answerEvent,
  ),
  'questions.attach': stream(z.object({ answerId: rowId }), answerEvent),
  'questions.stop': call(z.object({ answerId: rowId }), nothing),
  'questions.remove': call(z.object({ inquiryId: rowId }), nothing),
};
