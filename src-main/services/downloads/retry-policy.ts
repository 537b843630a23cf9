// What becomes of a download that could not go on: some things pass by themselves, others need the person. Pure.
import type { AppError, ErrorCode } from '#contract/errors.ts';

const LONGEST_DELAY_MS = 60_000;
const LONGEST_ASKED_SECONDS = 3600;
const DEFAULT_ASKED_SECONDS = 60;

/** Passes when the network, the server or the thread that downloads comes back. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'offline',
  'network-failed',
  'proxy-failed',
  'download-stalled',
  'hub-unavailable',
  'connection-lost',
]);

export interface RetryTuning {
  /** After the first failure; each further one in a row doubles it. */
  firstDelayMs: number;
  /** Between two looks for a folder that is gone. */
  folderLookMs: number;
}

/** How long to wait before going on by itself; null: it is up to the person. `failures` in a row, this one included. */
export function retryDelayMs(error: AppError, failures: number, tuning: RetryTuning): number | null {
  if (error.code === 'hub-rate-limited') return askedSeconds(error) * 1000;
  if (error.code === 'folder-missing' || error.code === 'folder-busy') return tuning.folderLookMs;
  if (!PASSING.has(error.code)) return null;
  return Math.min(LONGEST_DELAY_MS, tuning.firstDelayMs * 2 ** Math.min(10, failures - 1));
}

function askedSeconds({ details }: AppError): number {
  const seconds = Number(details?.['seconds'] ?? DEFAULT_ASKED_SECONDS);
  return Math.min(LONGEST_ASKED_SECONDS, Math.max(1, seconds));
}
