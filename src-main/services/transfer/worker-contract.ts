// What the host and the thread that reads and writes files of conversations tell each other.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { nothing } from '../../contract/common.ts';
import { conversationExportEvent, importEvent, transferContract } from '../../contract/transfer.ts';

const database = z.string();

export const transferWorkerContract = {
  'worker.import': stream(transferContract['transfer.import'].input.extend({ database }), importEvent),
  'worker.page': call(
    transferContract['transfer.page'].input.extend({ database }),
    z.object({ html: z.string() }),
  ),
  'worker.stopImport': call(nothing, nothing),
  /** Answers when the export has ended and tidied up. */
  'worker.settled': call(nothing, nothing),
  'worker.export': stream(
    transferContract['transfer.export'].input.extend({ database, day: z.string() }),
    conversationExportEvent,
  ),
};
export type TransferWorkerContract = typeof transferWorkerContract;
