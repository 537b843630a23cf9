// Entry of the thread that computes checksums, beside the one that downloads: each has a processor of its own where
// there are two.
import { workerData } from 'node:worker_threads';
import { AppError } from '#contract/errors.ts';
import type { Handlers } from '#rpc/define.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import { toDiskError } from './transfer/disk-error.ts';
import { FileHashes } from './transfer/file-hashes.ts';
import { hashContract, type HashContract } from './worker-contract.ts';

const { port } = workerData as { port: MessagePort };
const hashes = new FileHashes();

/** What the disk says crosses to the other thread in a code, or at least in its own words for the log. */
async function told<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const known = await toDiskError(error, path, 0);
    throw known instanceof AppError ? known : new AppError('internal', String(error), { cause: error });
  }
}

const handlers: Handlers<HashContract> = {
  'hash.open': ({ path }) => told(path, hashes.open(path)),
  'hash.advance': ({ path, until, compares }) => told(path, hashes.advance(path, until, compares)),
  'hash.back': ({ path }) => hashes.back(path),
  'hash.restart': ({ path }) => hashes.restart(path),
  'hash.digest': ({ path }) => hashes.digest(path),
  'hash.close': ({ path }) => hashes.close(path),
};
serve(hashContract, handlers, adaptMessagePort(port));
