// Search over every message and title, and what narrows it.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { conversation, message } from './chat.ts';
import { nothing, rowId } from './common.ts';

/** Each one that is there narrows the search. Only messages have a role and a model: with these no title is found. */
export const searchFilters = z.object({
  /** Milliseconds since 1970. Of a message when it was written, of a title when something was last said there. */
  from: z.number().optional(),
  before: z.number().optional(),
  role: message.shape.role.optional(),
  /** The name in the stats of an answer. */
  modelName: z.string().max(500).optional(),
  presetId: rowId.optional(),
});
export type SearchFilters = z.output<typeof searchFilters>;

export const searchHit = z.object({
  conversation,
  /** Null: the words stand in the title. Otherwise they stand in it, or in what goes along with it. */
  messageId: rowId.nullable(),
  role: message.shape.role.nullable(),
  /** What wrote an answer. */
  modelName: z.string().nullable(),
  /** When the message was written, or last something in the conversation whose title it is. */
  at: z.number(),
  /** Name of what goes along with the message, where the words stand in that. */
  attachmentName: z.string().optional(),
  /** Plain text with the found words between U+E000 and U+E001. */
  excerpt: z.string(),
});
export type SearchHit = z.output<typeof searchHit>;

/** After an update that made the search index anew, older messages enter it while the app is used. */
export const searchIndexing = z.object({
  /** Of everything, newest first, what can be found; 1: all of it. */
  share: z.number().min(0).max(1),
});

export const searchContract = {
  /** Titles first, then messages, then what goes along with them, each best first; nothing removed, archived or from the bin. Any text is a valid query. */
  'chat.search': call(
    z.object({
      query: z.string().max(500),
      limit: z.int().min(1).max(100).default(30),
      filters: searchFilters.default({}),
    }),
    z.array(searchHit),
  ),
  'chat.watchSearchIndex': stream(nothing, searchIndexing),
};
