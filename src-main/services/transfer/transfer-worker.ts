// Entry of the thread that brings conversations in and takes them out: parsing, indexing and rendering would keep the
// host from the window.
import { setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { AppError } from '#contract/errors.ts';
import type { Handlers } from '#rpc/define.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import { toDatabaseError } from '../../database/sqlite-errors.ts';
import { runImport } from './import-run.ts';
import { transferWorkerContract, type TransferWorkerContract } from './worker-contract.ts';
import { runExport } from './writing/export-run.ts';

/** What the thread is started with. */
export interface TransferStart {
  /** To be served. */
  port: MessagePort;
  gate: SharedArrayBuffer;
}

const { port, gate } = workerData as TransferStart;
// Linux alone gives each thread a priority of its own: there the window and the model come first.
if (process.platform === 'linux') setPriority(0, 10);

let stopping = new AbortController();

/** What went wrong crosses to the host in a code, or at least in its own words for the log. */
async function* told<Event>(events: AsyncIterable<Event>): AsyncGenerator<Event, void, void> {
  try {
    yield* events;
  } catch (error) {
    throw toDatabaseError(error) ?? new AppError('internal', String(error), { cause: error });
  }
}

let exported: Promise<void> = Promise.resolve();

/** Also of one that was stopped the end is known: then nothing of it is left. */
async function* untilSettled<Event>(events: AsyncIterable<Event>): AsyncGenerator<Event, void, void> {
  const end = Promise.withResolvers<void>();
  exported = end.promise;
  try {
    yield* events;
  } finally {
    end.resolve();
  }
}

const handlers: Handlers<TransferWorkerContract> = {
  'worker.import': ({ path, database }, signal) => {
    stopping = new AbortController();
    const stop = AbortSignal.any([stopping.signal, signal]);
    return told(runImport({ path, database, gate, stop, now: Date.now }));
  },
  'worker.page': async ({ id, database, words }) => {
    // Formulas and colours are much code, which an import needs not.
    const { pageOf } = await import('./writing/page-of.ts');
    return { html: pageOf(database, id, words) };
  },
  'worker.stopImport': () => stopping.abort(),
  'worker.export': (task, signal) => untilSettled(told(runExport(task, signal))),
  'worker.settled': () => exported,
};
serve(transferWorkerContract, handlers, adaptMessagePort(port));
