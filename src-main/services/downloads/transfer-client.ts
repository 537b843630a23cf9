// The host's side of the thread that downloads: starts it when there is work, and lets it go after a long silence.
import { Worker } from 'node:worker_threads';
import { createClient, type Client } from '#rpc/client.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import type { ResolvedFile, RevisionSource } from '../hub/hub-types.ts';
import type { RequestRecord } from '../network/http-types.ts';
import type { WorkerStart } from './download-worker.ts';
import type { TransferTask } from './transfer/transfer-types.ts';
import {
  hostContract,
  type TransferEvent,
  type TransferTuning,
  type WorkerContract,
} from './worker-contract.ts';

/** Threads cost some megabytes, so idle ones are let go. */
const STOP_AFTER_IDLE_MS = 20_000;

/** Beside this file, both as a source and in a bundle that keeps its name. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './download-worker.ts' : './download-worker.js',
  import.meta.url,
);

/** What a download needs of the hub and the network. */
export interface DownloadNetwork {
  endpoint(): string;
  resolveFile(source: RevisionSource, path: string, signal: AbortSignal): Promise<ResolvedFile>;
  proxyFor(url: string): Promise<string | null>;
  record(request: RequestRecord): void;
}

interface ClientOptions {
  network: DownloadNetwork;
  /** Of all transfers together; null: no limit. */
  bytesPerSecond: () => number | null;
  tuning: TransferTuning;
  reportUnexpected: (channel: string, error: unknown) => string;
}

interface Running {
  worker: Worker;
  client: Client<WorkerContract>;
}

export class TransferClient {
  readonly #options: ClientOptions;
  #running: Running | null = null;
  #tasks = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Leaving the loop stops it; what was fetched stays. @throws AppError of Transfer.run; connection-lost */
  async *run(task: TransferTask, signal: AbortSignal): AsyncGenerator<TransferEvent, void, void> {
    clearTimeout(this.#idle);
    this.#tasks += 1;
    try {
      this.#running ??= this.#start();
      const { client } = this.#running;
      await this.configure();
      try {
        yield* client.stream('transfer.run', task, signal);
      } finally {
        // Whoever stopped it may move or remove the file now. A thread that has stopped writes no more.
        await client.call('transfer.released', { partPath: task.partPath }).catch(() => {});
      }
    } finally {
      this.#tasks -= 1;
      if (this.#tasks === 0) this.#idle = setTimeout(() => void this.close(), STOP_AFTER_IDLE_MS).unref();
    }
  }

  /** To be called when the endpoint or the limit has changed. */
  async configure(): Promise<void> {
    const { network, bytesPerSecond } = this.#options;
    await this.#running?.client.call('transfer.configure', {
      endpoint: network.endpoint(),
      bytesPerSecond: bytesPerSecond(),
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = null;
    await running?.worker.terminate();
  }

  #start(): Running {
    const { network, tuning, reportUnexpected } = this.#options;
    const toWorker = new MessageChannel();
    const toHost = new MessageChannel();
    const workerData: WorkerStart = { port: toWorker.port2, hostPort: toHost.port2, tuning };
    const worker = new Worker(ENTRY, { workerData, transferList: [toWorker.port2, toHost.port2] as never });
    serve(
      hostContract,
      {
        'host.resolve': ({ path, ...source }, signal) => network.resolveFile(source, path, signal),
        'host.proxy': ({ url }) => network.proxyFor(url),
        'host.record': (record) => network.record(record),
        'host.unexpected': ({ channel, message }) => void reportUnexpected(channel, message),
      },
      adaptMessagePort(toHost.port1),
      { reportUnexpected },
    );
    const running = { worker, client: createClient<WorkerContract>(adaptMessagePort(toWorker.port1)) };
    worker.on('error', (error) => reportUnexpected('download-worker', error));
    worker.on('exit', () => {
      if (this.#running === running) this.#running = null;
    });
    worker.unref();
    return running;
  }
}
