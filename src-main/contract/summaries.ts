// Summaries: what is asked for, how far one has come, and for each of its sentences where the text says so.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { failure, nothing, rowId } from './common.ts';
import { textRange } from './documents.ts';

export const CEFR_LEVELS = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const;

export const summarySource = z.object({
  documentId: rowId,
  /** A chapter or a selection; null: all of it. */
  range: textRange.nullable(),
});
export type SummarySource = z.output<typeof summarySource>;

export const summaryRequest = z.object({
  sources: z.array(summarySource).min(1).max(50),
  length: z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['sentence', 'short', 'medium', 'detailed']) }),
    z.object({ kind: z.literal('words'), words: z.int().min(10).max(5000) }),
  ]),
  form: z.enum(['paragraphs', 'bullets', 'outline', 'key-terms', 'actions', 'timeline', 'questions']),
  /** What it shall look for; '' for everything. */
  focus: z.string().max(500),
  /** BCP 47; null: that of the text. */
  language: z.string().max(35).nullable(),
  /** Null: as the text is. */
  level: z.enum(CEFR_LEVELS).nullable(),
});
export type SummaryRequest = z.output<typeof summaryRequest>;

/** A place in a document that says what a sentence says. */
export const citation = textRange.extend({
  documentId: rowId,
  page: z.number().nullable(),
  /** 0 to 1: how much of the sentence stands there. */
  support: z.number(),
});
export type Citation = z.output<typeof citation>;

export const summaryLine = z.object({
  kind: z.enum(['heading', 'sentence', 'item']),
  /** Of a heading 1 to 6, of an item its depth from 1, of a sentence 0. */
  level: z.number(),
  /** The first of a paragraph. */
  begins: z.boolean(),
  text: z.string(),
  /** Best first; empty for a heading, and for what is not found in the text. */
  citations: z.array(citation),
});
export type SummaryLine = z.output<typeof summaryLine>;

export const summarySection = summarySource.extend({
  range: textRange,
  title: z.string(),
  state: z.enum(['waiting', 'reading', 'done', 'merged', 'failed']),
});
export type SummarySection = z.output<typeof summarySection>;

export const summary = z.object({
  id: rowId,
  request: summaryRequest,
  state: z.enum(['running', 'stopped', 'interrupted', 'complete', 'failed']),
  failure: failure.nullable(),
  /** The steps after reading: 'merging' several parts, 'writing' the end. Null while sections are read. */
  step: z.enum(['merging', 'writing']).nullable(),
  sections: z.array(summarySection),
  lines: z.array(summaryLine),
  modelName: z.string(),
  createdAt: z.number(),
});
export type Summary = z.output<typeof summary>;

export const summaryEvent = z.discriminatedUnion('type', [
  /** First: all of it as it is. */
  z.object({ type: z.literal('snapshot'), summary }),
  z.object({ type: z.literal('waiting'), for: z.enum(['turn', 'engine', 'model']) }),
  z.object({ type: z.literal('section'), index: z.number(), state: summarySection.shape.state }),
  z.object({ type: z.literal('step'), step: z.enum(['merging', 'writing']) }),
  /** Milliseconds that the rest will take; null while that is not known. */
  z.object({ type: z.literal('left'), leftMs: z.number().nullable() }),
  /** Words as they are written, before they are checked. */
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('done'), summary }),
]);
export type SummaryEvent = z.output<typeof summaryEvent>;

const byId = z.object({ id: rowId });

export const summariesContract = {
  /** Of these documents, newest first. */
  'summaries.list': call(z.object({ documentIds: z.array(rowId).max(1000) }), z.array(summary)),
  /** Runs on when nobody watches; one at a time for each set of sources. Errors: not-found, document-not-ready. */
  'summaries.start': stream(summaryRequest, summaryEvent),
  /** From where it was stopped, interrupted or failed. What is done is kept. */
  'summaries.continue': stream(byId, summaryEvent),
  /** Joins one that runs; ends after the snapshot when it does not. */
  'summaries.attach': stream(byId, summaryEvent),
  'summaries.stop': call(byId, nothing),
  'summaries.remove': call(byId, nothing),
};
