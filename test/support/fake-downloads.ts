// Made-up downloads in every state.
import type { Download, DownloadQueue } from '#contract/downloads.ts';
import { catalogueEntries } from './fake-catalogue.ts';

const MB = 1024 ** 2;

/** A download of the catalogue's `index`-th entry, `share` of it fetched. */
export function fakeDownload(index: number, share: number, more: Partial<Download> = {}): Download {
  const entry = catalogueEntries[index];
  if (!entry) throw new Error(`No entry ${index}`);
  const [file] = entry.source.files;
  const doneBytes = Math.round(entry.sizeBytes * share);
  return {
    id: index + 1,
    name: entry.name,
    source: entry.source,
    catalogueId: entry.id,
    state: 'waiting',
    files: [{ path: file?.path ?? '', sizeBytes: entry.sizeBytes, doneBytes }],
    totalBytes: entry.sizeBytes,
    doneBytes,
    bytesPerSecond: null,
    secondsLeft: null,
    connections: 0,
    failure: null,
    retryAt: null,
    modelId: null,
    addedAt: Date.UTC(2026, 4, 3, 12),
    ...more,
  };
}

/** The queue as the host would add it up. */
export function queueOf(list: Download[]): DownloadQueue {
  const moving = list.filter(({ state }) => ['running', 'verifying', 'waiting'].includes(state));
  const sum = (read: (download: Download) => number | null): number =>
    moving.reduce((total, download) => total + (read(download) ?? 0), 0);
  const bytesPerSecond = sum((download) => download.bytesPerSecond);
  const totalBytes = moving.some((each) => each.totalBytes === null) ? null : sum((each) => each.totalBytes);
  const doneBytes = sum((each) => each.doneBytes);
  return {
    list,
    totalBytes,
    doneBytes,
    bytesPerSecond: bytesPerSecond || null,
    secondsLeft: bytesPerSecond && totalBytes ? (totalBytes - doneBytes) / bytesPerSecond : null,
  };
}

/** One in each state, the running one first. */
export function everyDownload(now = Date.now()): Download[] {
  const running = { state: 'running', bytesPerSecond: 11.4 * MB, secondsLeft: 240, connections: 4 } as const;
  const parts = (share: number) =>
    [1, 2, 3].map((part) => ({
      path: `gemma-4-31b-0000${part}-of-00003.gguf`,
      sizeBytes: 5900 * MB,
      doneBytes: Math.round(5900 * MB * Math.min(1, Math.max(0, share * 3 - part + 1))),
    }));
  return [
    fakeDownload(2, 0.36, running),
    fakeDownload(9, 0.41, { ...running, secondsLeft: 9_400, files: parts(0.41), connections: 1 }),
    fakeDownload(5, 0, { state: 'waiting' }),
    fakeDownload(12, 0.72, { state: 'waiting', failure: { code: 'offline' }, retryAt: now + 42_000 }),
    fakeDownload(13, 0.2, {
      state: 'waiting',
      failure: { code: 'hub-rate-limited', details: { seconds: 95 } },
      retryAt: now + 95_000,
    }),
    fakeDownload(0, 1, { state: 'verifying' }),
    fakeDownload(7, 0.11, { state: 'paused' }),
    fakeDownload(15, 0, { state: 'failed', failure: { code: 'hub-gated' } }),
    fakeDownload(18, 0.5, { state: 'failed', failure: { code: 'download-damaged' } }),
    fakeDownload(20, 1, { state: 'done', modelId: 2 }),
  ];
}
