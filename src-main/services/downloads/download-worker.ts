// Entry of the thread that downloads: network, checksums and writing happen here, so that the host's never waits.
import { setTimeout as wait } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { createClient } from '#rpc/client.ts';
import type { Handlers } from '#rpc/define.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import { createHttpClient } from '../network/http-client.ts';
import { BandwidthLimit } from './transfer/bandwidth-limit.ts';
import { FrontierCache } from './transfer/part-file.ts';
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
const http = createHttpClient({
  endpoint: () => endpoint,
  proxyFor: (url) => host.call('host.proxy', { url }),
  onRequest: (record) => void host.call('host.record', record).catch(() => {}), // The host is closing.
  timeouts: { silenceMs: tuning.stallMs, headersMs: tuning.stallMs },
});
const tools: TransferTools = {
  http,
  resolve: (wanted, signal) => host.call('host.resolve', wanted, signal),
  limit: new BandwidthLimit(),
  cache: new FrontierCache(),
  tuning,
};

async function* run(task: TransferTask, signal: AbortSignal): AsyncGenerator<TransferEvent> {
  const transfer = new Transfer(task, tools);
  const stop = new AbortController();
  const running = transfer.run(AbortSignal.any([signal, stop.signal]));
  const ended = running.then(
    () => true,
    () => true,
  );
  try {
    while (!(await Promise.race([ended, wait(tuning.lookMs, false)]))) {
      const { progress } = transfer;
      if (progress) yield { type: 'progress', ...progress };
    }
    yield { type: 'done', ...(await running) };
  } finally {
    stop.abort();
    await ended;
  }
}

const handlers: Handlers<WorkerContract> = {
  'transfer.run': run,
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
