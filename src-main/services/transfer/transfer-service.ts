// The host's side of taking conversations out and bringing them in: starts the thread that does it, keeps what it
// wrote on the disk, and tells the rest of the app when it is done.
import { Worker } from 'node:worker_threads';
import { AppError } from '#contract/errors.ts';
import type { ConversationExportEvent, ExportFormat, ExportWords, ImportEvent } from '#contract/transfer.ts';
import { createClient, type Client } from '#rpc/client.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { TransferStart } from './transfer-worker.ts';
import type { TransferWorkerContract } from './worker-contract.ts';

/** Beside this file, both as a source and in a bundle that keeps its name. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './transfer-worker.ts' : './transfer-worker.js',
  import.meta.url,
);

interface TransferOptions {
  database: AppDatabase;
  now: () => number;
  /** Many conversations have come, and presets with them. */
  onImported: () => void;
}

interface Running extends AsyncDisposable {
  client: Client<TransferWorkerContract>;
}

interface ExportWish {
  ids: number[] | null;
  format: ExportFormat;
  folder: string;
  words: ExportWords;
}

export class TransferService {
  readonly #options: TransferOptions;
  readonly #workers = new Set<Worker>();
  #importing: Client<TransferWorkerContract> | null = null;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /** Leaving the loop stops it. @throws AppError as in the contract; connection-lost when the thread fails. */
  async *import(path: string, signal: AbortSignal): AsyncGenerator<ImportEvent, void, void> {
    if (this.#importing) throw new AppError('import-running', 'Another import is at work');
    const { database, onImported } = this.#options;
    await using running = this.#start();
    this.#importing = running.client;
    try {
      const wish = { path, database: database.file };
      for await (const event of running.client.stream('worker.import', wish, signal)) {
        await database.flush();
        yield event;
      }
    } finally {
      this.#importing = null;
      await database.flush().catch(() => {}); // Whoever writes next is told.
      onImported();
    }
  }

  /** @throws AppError not-found */
  async page(id: number, words: ExportWords): Promise<{ html: string }> {
    await using running = this.#start();
    return await running.client.call('worker.page', { id, words, database: this.#options.database.file });
  }

  async stopImport(): Promise<void> {
    await this.#importing?.call('worker.stopImport', undefined);
  }

  /** Leaving the loop stops it. @throws AppError as in the contract; connection-lost when the thread fails. */
  async *export(wish: ExportWish, signal: AbortSignal): AsyncGenerator<ConversationExportEvent, void, void> {
    const { database, now } = this.#options;
    await using running = this.#start();
    const day = new Date(now()).toISOString().slice(0, 10);
    try {
      yield* running.client.stream('worker.export', { ...wish, database: database.file, day }, signal);
    } finally {
      // A thread that is ended at once would leave its half of a file behind.
      await running.client.call('worker.settled', undefined).catch(() => {});
    }
  }

  /** What runs ends; what is in stays. */
  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #start(): Running {
    const { port1, port2 } = new MessageChannel();
    const workerData: TransferStart = { port: port2, gate: this.#options.database.writeGate.shared };
    const worker = new Worker(ENTRY, { workerData, transferList: [port2] as never });
    worker.on('error', () => {}); // Who waits for an answer is told by the port.
    worker.on('exit', () => {
      this.#workers.delete(worker);
      port1.close();
    });
    this.#workers.add(worker);
    return {
      client: createClient<TransferWorkerContract>(adaptMessagePort(port1)),
      [Symbol.asyncDispose]: async () => {
        await worker.terminate();
      },
    };
  }
}
