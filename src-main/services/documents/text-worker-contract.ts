// What the host and the thread that writes the texts of documents tell each other.
import { z } from 'zod';
import { call } from '#rpc/define.ts';
import { nothing, rowId } from '../../contract/common.ts';
import { readBlock } from '../../contract/reader.ts';

const byId = z.object({ documentId: rowId });

export const textWorkerContract = {
  /** Erases the text that is there. One document at a time. */
  'text.begin': call(byId, nothing),
  /** The next blocks; answers when they are written. Errors: disk-full, database-*. */
  'text.add': call(z.object({ blocks: z.array(readBlock) }), nothing),
  'text.end': call(
    nothing,
    z.object({ characters: z.number(), words: z.number(), language: z.string().nullable() }),
  ),
  /** Erases documents for good. */
  'text.erase': call(z.object({ ids: z.array(rowId) }), nothing),
};
export type TextWorkerContract = typeof textWorkerContract;
