// The queue as the window sees it: rows of the database and what is moving now, added up. Pure.
import type { Download, DownloadQueue } from '#contract/downloads.ts';
import type { StoredDownload } from '../../database/download-repository.ts';

/** What a running download does at the moment. */
export interface LiveState {
  phase: 'running' | 'verifying';
  bytesPerSecond: number | null;
  connections: number;
  /** Of the file that is being checked, so far. */
  checked: { file: number; doneBytes: number } | null;
}

export interface Queued {
  row: StoredDownload;
  live: LiveState | null;
}

export function viewDownload({ row, live }: Queued): Download {
  const { acceptedLicence: _, progress, ...shown } = row;
  const { checked } = live ?? {};
  const files = row.source.files.map(({ path, sizeBytes }, index) => {
    const known = progress.files[index] ?? { sizeBytes, doneBytes: 0 };
    return { path, ...known, ...(checked?.file === index && { doneBytes: checked.doneBytes }) };
  });
  const totalBytes = sumOrNull(files.map((file) => file.sizeBytes));
  const doneBytes = files.reduce((sum, file) => sum + file.doneBytes, 0);
  const bytesPerSecond = live?.bytesPerSecond ?? null;
  return {
    ...shown,
    state: live && row.state === 'waiting' ? live.phase : row.state,
    files,
    totalBytes,
    doneBytes,
    bytesPerSecond,
    secondsLeft: secondsLeft(totalBytes, doneBytes, live?.phase === 'running' ? bytesPerSecond : null),
    connections: live?.connections ?? 0,
  };
}

export function viewQueue(queued: readonly Queued[]): DownloadQueue {
  const list = queued.map(viewDownload);
  const moving = list.filter(({ state }) => ['waiting', 'running', 'verifying'].includes(state));
  const totalBytes = sumOrNull(moving.map((download) => download.totalBytes));
  // What is being checked has been fetched.
  const doneBytes = moving.reduce(
    (sum, { state, ...download }) =>
      sum + (state === 'verifying' ? (download.totalBytes ?? download.doneBytes) : download.doneBytes),
    0,
  );
  const rates = moving.map((download) => download.bytesPerSecond ?? 0);
  const rate = rates.reduce((sum, bytesPerSecond) => sum + bytesPerSecond, 0);
  const bytesPerSecond = moving.some((download) => download.bytesPerSecond !== null) ? rate : null;
  return {
    list,
    totalBytes,
    doneBytes,
    bytesPerSecond,
    secondsLeft: secondsLeft(totalBytes, doneBytes, bytesPerSecond),
  };
}

function secondsLeft(
  totalBytes: number | null,
  doneBytes: number,
  bytesPerSecond: number | null,
): number | null {
  if (totalBytes === null || bytesPerSecond === null || bytesPerSecond <= 0) return null;
  return Math.max(0, totalBytes - doneBytes) / bytesPerSecond;
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0,
  );
}
