// Entry of the thread that computes checksums, beside the one that downloads: each has a processor of its own where
// there are two.
import { workerData } from 'node:worker_threads';
import type { Handlers } from '#rpc/define.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import { FileHashes } from './transfer/file-hashes.ts';
import { hashContract, type HashContract } from './worker-contract.ts';

const { port } = workerData as { port: MessagePort };
const hashes = new FileHashes();
const handlers: Handlers<HashContract> = {
  'hash.open': ({ path }) => hashes.open(path),
  'hash.advance': ({ path, until }) => hashes.advance(path, until),
  'hash.back': ({ path }) => hashes.back(path),
  'hash.restart': ({ path }) => hashes.restart(path),
  'hash.digest': ({ path }) => hashes.digest(path),
  'hash.close': ({ path, keep }) => hashes.close(path, keep),
};
serve(hashContract, handlers, adaptMessagePort(port));
