// What the host's thread and the thread that downloads ask each other.
import { z } from 'zod';
import { nothing } from '#contract/common.ts';
import { call, stream } from '#rpc/define.ts';

const wanted = z.object({
  repository: z.string(),
  revision: z.string(),
  path: z.string(),
  sizeBytes: z.number().nullable(),
  sha256: z.string().nullable(),
});

const progressEvent = z.object({
  type: z.literal('progress'),
  phase: z.enum(['running', 'verifying']),
  sizeBytes: z.number(),
  doneBytes: z.number(),
  bytesPerSecond: z.number().nullable(),
  connections: z.number(),
});
const doneEvent = z.object({ type: z.literal('done'), sha256: z.string(), sizeBytes: z.number() });
export const transferEvent = z.discriminatedUnion('type', [progressEvent, doneEvent]);
export type TransferEvent = z.output<typeof transferEvent>;

export const transferTuning = z.object({
  /** Nothing arrives for so long: the connection is given up. */
  stallMs: z.number(),
  /** What stays free on the disk for everybody else. */
  spareBytes: z.number(),
  /** Before the second of several attempts that are made at once. */
  firstRetryMs: z.number(),
  /** Between two looks at the rate, and two reports. */
  lookMs: z.number(),
  /** Files below this size have one connection. */
  manyConnectionsFromBytes: z.number(),
});
export type TransferTuning = z.output<typeof transferTuning>;

/** Served by the thread that downloads. */
export const workerContract = {
  /** One file until its checksum is right. What was fetched stays when this is cancelled or fails. */
  'transfer.run': stream(z.object({ wanted, partPath: z.string() }), transferEvent),
  /** Answers once nobody writes to this partial file any more; to be asked after a transfer was cancelled. */
  'transfer.released': call(z.object({ partPath: z.string() }), nothing),
  /** Where the hub is, and how fast all transfers together may be. */
  'transfer.configure': call(
    z.object({ endpoint: z.string(), bytesPerSecond: z.number().nullable() }),
    nothing,
  ),
};
export type WorkerContract = typeof workerContract;

const resolvedFile = z.object({
  url: z.string(),
  token: z.string().nullable(),
  sizeBytes: z.number(),
  sha256: z.string().nullable(),
  etag: z.string().nullable(),
  commit: z.string().nullable(),
});

const requestRecord = z.object({
  startedAt: z.number(),
  reason: z.enum(['catalogue', 'search', 'inspect', 'download', 'token']),
  method: z.string(),
  host: z.string(),
  status: z.number().nullable(),
  sentBytes: z.number(),
  receivedBytes: z.number(),
  durationMs: z.number(),
});

/** Served by the host: what only it knows. */
export const hostContract = {
  'host.resolve': call(wanted, resolvedFile),
  'host.proxy': call(z.object({ url: z.string() }), z.string().nullable()),
  /** For the ledger. */
  'host.record': call(requestRecord, nothing),
  /** For the log. */
  'host.unexpected': call(z.object({ channel: z.string(), message: z.string() }), nothing),
};
export type HostContract = typeof hostContract;

const hashedFile = z.object({ path: z.string() });

/** Served by the thread that computes checksums; FileHasher tells what each does. */
export const hashContract = {
  'hash.open': call(hashedFile, nothing),
  'hash.advance': call(
    z.object({ path: z.string(), until: z.number(), compares: z.boolean() }),
    z.object({ position: z.number(), crc: z.number() }),
  ),
  'hash.back': call(hashedFile, nothing),
  'hash.restart': call(hashedFile, nothing),
  'hash.digest': call(hashedFile, z.string()),
  'hash.close': call(hashedFile, nothing),
};
export type HashContract = typeof hashContract;
