// The thread that computes checksums, as the thread that downloads sees it.
import { Worker } from 'node:worker_threads';
import { createClient, type Client } from '#rpc/client.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import type { FileHasher } from './transfer/file-hashes.ts';
import type { HashContract } from './worker-contract.ts';

/** Beside this file, both as a source and in a bundle that keeps its name. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js',
  import.meta.url,
);

/** Starts the thread with the first question; it ends with the thread that asks. */
export function startHasher(): FileHasher {
  let client: Client<HashContract> | null = null;
  const ask = (): Client<HashContract> => (client ??= startThread(() => (client = null)));
  return {
    open: (path) => ask().call('hash.open', { path }),
    advance: (path, until, compares) => ask().call('hash.advance', { path, until, compares }),
    back: (path) => ask().call('hash.back', { path }),
    restart: (path) => ask().call('hash.restart', { path }),
    digest: (path) => ask().call('hash.digest', { path }),
    close: (path) => ask().call('hash.close', { path }),
  };
}

function startThread(onExit: () => void): Client<HashContract> {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(ENTRY, { workerData: { port: port2 }, transferList: [port2] as never });
  worker.on('error', () => {}); // Who waits for an answer is told by the port.
  worker.on('exit', onExit);
  worker.unref();
  return createClient<HashContract>(adaptMessagePort(port1));
}
