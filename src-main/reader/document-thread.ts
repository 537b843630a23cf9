// One thread per document: a parser that outgrows its memory is ended with a name for it, and what a document left
// behind in a parser never meets the next one.
import { Worker } from 'node:worker_threads';
import { AppError } from '#contract/errors.ts';
import type { ReaderContract, ReadLimits, ReadStep } from '#contract/reader.ts';
import { createClient, type Client } from '#rpc/client.ts';
import type { ParsedInputOf } from '#rpc/define.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { traceOf } from './error-traces.ts';
import type { ReaderStart } from './reader-worker.ts';

/** Beside this file, both as a source and in a bundle that keeps its name. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './reader-worker.ts' : './reader-worker.js',
  import.meta.url,
);

const LOOK_EVERY_MS = 100;
/** Of the memory for a document, what its objects may take; the rest is for bytes and the process itself. */
const HEAP_SHARE = 0.6;
const MEGABYTE = 1024 * 1024;

interface Running {
  worker: Worker;
  client: Client<ReaderContract>;
  /** Rejects when the thread ends before its document does. */
  failed: Promise<never>;
  stop(): void;
}

export class DocumentThread {
  #running: Running | null = null;

  async open(input: ParsedInputOf<ReaderContract, 'reader.open'>): Promise<void> {
    this.#running?.stop();
    const running = start(input.limits);
    this.#running = running;
    await Promise.race([running.client.call('reader.open', input), running.failed]);
  }

  /** @throws AppError as in the contract */
  async next(): Promise<ReadStep> {
    const running = this.#running;
    if (!running) throw new AppError('bad-input', 'No document is open');
    try {
      const step = await Promise.race([running.client.call('reader.next', undefined), running.failed]);
      if (step.type === 'end') this.#end(running);
      return step;
    } catch (error) {
      this.#end(running);
      throw error;
    }
  }

  #end(running: Running): void {
    running.stop();
    if (this.#running === running) this.#running = null;
  }
}

function start({ memoryBytes }: Pick<ReadLimits, 'memoryBytes'>): Running {
  const { port1, port2 } = new MessageChannel();
  const workerData: ReaderStart = { port: port2 };
  const worker = new Worker(ENTRY, {
    workerData,
    transferList: [port2] as never,
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil((memoryBytes * HEAP_SHARE) / MEGABYTE) },
  });
  const ended = Promise.withResolvers<never>();
  // Nobody may be waiting when it ends.
  ended.promise.catch(() => {});
  const outgrown = (): void => ended.reject(new AppError('reader-memory', 'The document outgrew its memory'));
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() < memoryBytes) return;
    outgrown();
    stop();
  }, LOOK_EVERY_MS);
  const stop = (): void => {
    clearInterval(watch);
    void worker.terminate();
  };
  worker.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return outgrown();
    process.stderr.write(`${traceOf(error)}\n`);
    ended.reject(new AppError('reader-crashed', 'The thread of the document failed', { cause: error }));
  });
  worker.once('exit', () => {
    clearInterval(watch);
    ended.reject(new AppError('reader-crashed', 'The thread of the document ended'));
  });
  return {
    worker,
    client: createClient(adaptMessagePort(port1), 'reader-crashed'),
    failed: ended.promise,
    stop,
  };
}
