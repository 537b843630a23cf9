// Entry of the thread that downloads: network, checksums and writing happen here, so that the host's never waits.
import { setTimeout as wait } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { createClient } from '#rpc/client.ts';
import type { Handlers } from '#rpc/define.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import { BodyBuffers } from '../network/body-buffers.ts';
import { createHttpClient } from '../network/http-client.ts';
import { startHasher } from './hash-client.ts';
import { BandwidthLimit } from './transfer/bandwidth-limit.ts';
import { Transfer } from './transfer/transfer.ts';
import type { TransferTask, TransferTools } from './transfer/transfer-types.ts';
import {
  workerContract,
  type HostContract,
  type TransferEvent,
  type TransferTuning,
  type WorkerContract,
} from './worker-contract.ts';

/** What the thread is started with. */
export interface WorkerStart {
  /** To be served. */
  port: MessagePort;
  /** To ask the host. */
  hostPort: MessagePort;
  tuning: TransferTuning;
}

const { port, hostPort, tuning } = workerData as WorkerStart;
const host = createClient<HostContract>(adaptMessagePort(hostPort));
let endpoint = '';
const buffers = new BodyBuffers();
const http = createHttpClient({
  buffers,
  endpoint: () => endpoint,
  proxyFor: (url) => host.call('host.proxy', { url }),
  onRequest: (record) => void host.call('host.record', record).catch(() => {}), // The host is closing.
  timeouts: { silenceMs: tuning.stallMs, headersMs: tuning.stallMs },
});
const tools: TransferTools = {
  http,
  buffers,
  resolve: (wanted, signal) => host.call('host.resolve', wanted, signal),
  limit: new BandwidthLimit(),
  hasher: startHasher(),
  tuning,
};

/** By their partial files. */
const running = new Map<string, Promise<unknown>>();

async function* run(task: TransferTask, signal: AbortSignal): AsyncGenerator<TransferEvent> {
  await running.get(task.partPath);
  const transfer = new Transfer(task, tools);
  const stop = new AbortController();
  const transferring = transfer.run(AbortSignal.any([signal, stop.signal]));
  const ended = transferring.then(
    () => true,
    () => true,
  );
  running.set(task.partPath, ended);
  try {
    while (!(await Promise.race([ended, wait(tuning.lookMs, false)]))) {
      const { progress } = transfer;
      if (progress) yield { type: 'progress', ...progress };
    }
    yield { type: 'done', ...(await transferring) };
  } finally {
    stop.abort();
    await ended;
    running.delete(task.partPath);
  }
}

const handlers: Handlers<WorkerContract> = {
  'transfer.run': run,
  'transfer.released': async ({ partPath }) => void (await running.get(partPath)),
  'transfer.configure': (configured) => {
    endpoint = configured.endpoint;
    tools.limit.set(configured.bytesPerSecond);
  },
};
serve(workerContract, handlers, adaptMessagePort(port), {
  reportUnexpected(channel, error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    void host.call('host.unexpected', { channel, message }).catch(() => {}); // The host is closing.
    return 'download-worker';
  },
});
