// Entry of the thread that writes the texts of documents and divides them into passages.
import { setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { AppError } from '#contract/errors.ts';
import type { Handlers } from '#rpc/define.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import { Connection } from '../../database/connection.ts';
import { openForWork } from '../../database/maintenance-tasks.ts';
import { toDatabaseError } from '../../database/sqlite-errors.ts';
import { WriteGate } from '../../database/write-gate.ts';
import { textWorkerContract, type TextWorkerContract } from './text-worker-contract.ts';
import { TextWriter } from './text-writer.ts';

/** What the thread is started with. */
export interface TextWorkerStart {
  /** To be served. */
  port: MessagePort;
  database: string;
  gate: SharedArrayBuffer;
}

const { port, database, gate } = workerData as TextWorkerStart;
// Linux alone gives each thread a priority of its own: there the window and the model come first.
if (process.platform === 'linux') setPriority(0, 10);

const sqlite = openForWork(database);
const writer = new TextWriter(new Connection(sqlite.db), new WriteGate(gate));

/** What went wrong crosses to the host in a code, or at least in its own words for the log. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toDatabaseError(error) ?? new AppError('internal', String(error), { cause: error });
  }
}

const handlers: Handlers<TextWorkerContract> = {
  'text.begin': ({ documentId }) => told(writer.begin(documentId)),
  'text.add': ({ blocks }) => told(writer.add(blocks)),
  'text.end': () => told(writer.end()),
  'text.erase': async ({ ids }) => {
    for (const id of ids) await told(writer.eraseDocument(id));
  },
};
serve(textWorkerContract, handlers, adaptMessagePort(port));
