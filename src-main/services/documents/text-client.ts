// The thread that writes the texts of documents, as the host sees it: started when there is something to write, let go
// when there has been nothing for a while.
import { Worker } from 'node:worker_threads';
import type { ReadBlock } from '#contract/reader.ts';
import { createClient, type Client } from '#rpc/client.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { TextWorkerContract } from './text-worker-contract.ts';
import type { TextWorkerStart } from './text-worker.ts';
import type { WrittenText } from './text-writer.ts';

/** Beside this file, both as a source and in a bundle that keeps its name. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './text-worker.ts' : './text-worker.js',
  import.meta.url,
);
/** Handing over more at once would keep the host from the window. */
const BATCH_CHARACTERS = 50_000;
const STOP_AFTER_IDLE_MS = 20_000;

interface Running {
  worker: Worker;
  client: Client<TextWorkerContract>;
}

export class TextClient {
  readonly #database: Pick<AppDatabase, 'file' | 'writeGate'>;
  #running: Running | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(database: Pick<AppDatabase, 'file' | 'writeGate'>) {
    this.#database = database;
  }

  /**
   * Writes the text of a document in the place of what is there. One after the other.
   * @throws AppError disk-full, database-*; connection-lost when the thread fails or is closed; the signal's reason.
   */
  write(documentId: number, blocks: readonly ReadBlock[], signal: AbortSignal): Promise<WrittenText> {
    return this.#inTurn(async (client) => {
      await client.call('text.begin', { documentId });
      for (const batch of batches(blocks)) {
        signal.throwIfAborted();
        await client.call('text.add', { blocks: batch });
      }
      return client.call('text.end', undefined);
    });
  }

  /** Erases documents for good. */
  erase(ids: number[]): Promise<void> {
    return this.#inTurn((client) => client.call('text.erase', { ids }));
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#running?.worker.terminate();
  }

  #inTurn<T>(work: (client: Client<TextWorkerContract>) => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      clearTimeout(this.#idle);
      this.#running ??= this.#start();
      try {
        return await work(this.#running.client);
      } finally {
        this.#idle = setTimeout(() => void this.close(), STOP_AFTER_IDLE_MS).unref();
      }
    };
    const result = this.#last.then(run, run);
    this.#last = result;
    return result;
  }

  #start(): Running {
    const { port1, port2 } = new MessageChannel();
    const { file, writeGate } = this.#database;
    const workerData: TextWorkerStart = { port: port2, database: file, gate: writeGate.shared };
    const worker = new Worker(ENTRY, { workerData, transferList: [port2] as never });
    worker.on('error', () => {}); // Who waits for an answer is told by the port.
    worker.on('exit', () => {
      if (this.#running?.worker === worker) this.#running = null;
      port1.close();
    });
    worker.unref();
    return { worker, client: createClient<TextWorkerContract>(adaptMessagePort(port1)) };
  }
}

function* batches(blocks: readonly ReadBlock[]): Generator<ReadBlock[]> {
  let batch: ReadBlock[] = [];
  let characters = 0;
  for (const block of blocks) {
    batch.push(block);
    characters += block.text.length;
    if (characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
