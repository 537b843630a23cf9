// The queue of downloads. It belongs to the host and survives everything; the window only watches and asks.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { failure, nothing, rowId } from './common.ts';

/** `user/name` on Hugging Face or a mirror of it. Neither is a dot or two: URL parsers would leave them out. */
export const repositoryName = z.string().regex(/^(?!\.{1,2}\/)[\w.-]{1,96}\/(?!\.{1,2}$)[\w.-]{1,96}$/);
/** A branch, a tag or the 40 hex digits of a commit. */
export const revisionName = z
  .string()
  .max(200)
  .regex(/^(?:(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/|$))+(?<!\/)$/);
/** A path inside a repository; never leaves it, and every name in it can be a file's on every system. */
export const repositoryPath = z
  .string()
  .max(500)
  .regex(/\.gguf$/i)
  .refine((path) => path.split('/').every(isPlainName));

/** Windows takes some names for devices, and dots and spaces off the ends of others. */
function isPlainName(name: string): boolean {
  return !/^\.{0,2}$|[\\:*?"<>|\p{Cc}\u2028\u2029]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu.test(
    name,
  );
}
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const remoteFile = z.object({
  path: repositoryPath,
  /** Null where only the server knows. */
  sizeBytes: z.int().nonnegative().nullable(),
  sha256: sha256.nullable(),
});
export type RemoteFile = z.output<typeof remoteFile>;

/** Files that are one model: one, or all parts of a split GGUF in order. Here they lie in one folder. */
export const downloadSource = z.object({
  repository: repositoryName,
  revision: revisionName,
  files: z.array(remoteFile).min(1).max(200).refine(haveOwnNames),
});
export type DownloadSource = z.output<typeof downloadSource>;

function haveOwnNames(files: RemoteFile[]): boolean {
  const names = files.map(({ path }) => path.split('/').at(-1)?.toLowerCase());
  return new Set(names).size === files.length;
}

export const downloadFile = z.object({
  path: z.string(),
  sizeBytes: z.number().nullable(),
  doneBytes: z.number(),
});

export const download = z.object({
  id: rowId,
  name: z.string(),
  source: downloadSource,
  /** The id of the catalogue's file it came from. */
  catalogueId: z.string().nullable(),
  /** `waiting`: its turn comes, or the network, the disk or the server's patience comes back (see `failure`, `retryAt`). */
  state: z.enum(['waiting', 'running', 'verifying', 'paused', 'failed', 'done']),
  files: z.array(downloadFile),
  totalBytes: z.number().nullable(),
  doneBytes: z.number(),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Open connections now. */
  connections: z.number(),
  failure: failure.nullable(),
  /** When the next attempt comes by itself (ms since 1970). */
  retryAt: z.number().nullable(),
  /** The model in the library, once it is done. */
  modelId: rowId.nullable(),
  addedAt: z.number(),
});
export type Download = z.output<typeof download>;

export const downloadQueue = z.object({
  /** In the order in which they will run. */
  list: z.array(download),
  /** Of everything that is not paused, failed or done. */
  totalBytes: z.number().nullable(),
  doneBytes: z.number(),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type DownloadQueue = z.output<typeof downloadQueue>;

const byId = z.object({ id: rowId });

export const downloadsContract = {
  /** The whole queue now and a few times a second while something moves. */
  'downloads.watch': stream(nothing, downloadQueue),
  /**
   * Adds a model; the same files twice are one download. `acceptedLicence` names the terms the person has read and
   * accepted, where the family requires that. Errors: licence-not-accepted, disk-full, model-already-added.
   */
  'downloads.add': call(
    z.object({
      name: z.string().min(1).max(300),
      source: downloadSource,
      catalogueId: z.string().max(200).nullable(),
      acceptedLicence: z.string().max(100).nullable(),
    }),
    download,
  ),
  'downloads.pause': call(byId, nothing),
  /** Goes on with a paused or failed one, or stops waiting for the time of the next attempt. */
  'downloads.resume': call(byId, nothing),
  /** Throws away what was fetched, and the row. Also removes the row of a finished one (its model stays). */
  'downloads.cancel': call(byId, nothing),
  /** Moves it to this position in the queue, from 0. */
  'downloads.move': call(z.object({ id: rowId, position: z.int().nonnegative() }), nothing),
};
