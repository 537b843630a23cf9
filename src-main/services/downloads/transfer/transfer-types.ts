// What a transfer of one file is given, and what it tells.
import type { ResolvedFile } from '../../hub/hub-types.ts';
import type { BodyBuffers } from '../../network/body-buffers.ts';
import type { HttpClient } from '../../network/http-types.ts';
import type { TransferTuning } from '../worker-contract.ts';
import type { BandwidthLimit } from './bandwidth-limit.ts';
import type { Wanted } from './file-identity.ts';
import type { FileHasher } from './file-hashes.ts';

export interface TransferTask {
  wanted: Wanted;
  partPath: string;
}

export interface TransferTools {
  http: HttpClient;
  /** What `http` gives bodies in. */
  buffers: BodyBuffers;
  resolve: (wanted: Wanted, signal: AbortSignal) => Promise<ResolvedFile>;
  limit: BandwidthLimit;
  hasher: FileHasher;
  tuning: TransferTuning;
}

export interface TransferProgress {
  /** `verifying`: all is there; `doneBytes` counts what has been checked. */
  phase: 'running' | 'verifying';
  sizeBytes: number;
  doneBytes: number;
  bytesPerSecond: number | null;
  connections: number;
}
