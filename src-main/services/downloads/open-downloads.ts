// Wires the queue of downloads: its rows, its thread, the models folder, the settings it follows.
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Settings } from '#contract/settings.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import { isAvailable, type Host } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { HubService } from '../hub/hub-service.ts';
import type { ModelFiles } from '../models/open-model-files.ts';
import type { NetworkService } from '../network/network-service.ts';
import { DownloadList } from './download-list.ts';
import type { Folders } from './download-place.ts';
import { DownloadRuns } from './download-run.ts';
import { DownloadService, type DownloadTuning } from './download-service.ts';
import { TransferClient } from './transfer-client.ts';
import type { TransferTuning } from './worker-contract.ts';

/** What tests make shorter. */
export type DownloadsTuning = DownloadTuning & TransferTuning;

const TUNING: DownloadsTuning = {
  stallMs: 15_000,
  spareBytes: 200 * 1024 * 1024,
  firstRetryMs: 250,
  lookMs: 250,
  manyConnectionsFromBytes: 64 * 1024 * 1024,
  firstDelayMs: 2000,
  folderLookMs: 3000,
};

interface OpenDownloadsOptions {
  database: AppDatabase;
  settings: Watchable<Settings>;
  files: ModelFiles;
  network: Pick<NetworkService, 'proxyFor' | 'record'>;
  hub: Pick<HubService, 'endpoint' | 'resolveFile'>;
  termsOf: (catalogueId: string) => string | null;
  host: Host;
  downloadsTuning?: Partial<DownloadsTuning> | undefined;
  now: () => number;
  log: Log;
}

export interface OpenDownloads {
  downloads: DownloadService;
  closeDownloads: () => Promise<void>;
}

/** What was not finished goes on at once. */
export function openDownloads(options: OpenDownloadsOptions): OpenDownloads {
  const { database, settings, files, termsOf, host, now, log } = options;
  const { library, storage, modelsFolder } = files;
  const tuning = { ...TUNING, ...options.downloadsTuning };
  const client = createTransferClient(options, tuning);
  const folders = (): Folders => ({
    modelsFolder: modelsFolder(),
    isDefault: settings.value.modelsFolder === '',
  });
  const downloads = new DownloadService({
    list: new DownloadList(database.downloads, log),
    runs: new DownloadRuns({ client, library, folders }),
    models: () => library.list.value,
    folders,
    freeBytes,
    termsOf,
    readOnly: database.readOnly,
    tuning,
    now,
    log,
  });
  const closing = new AbortController();
  storage.pauseForMoves(() => downloads.hold());
  void followSettings(settings, { client, downloads }, closing.signal);
  void showInTaskbar(downloads, host.capabilities.taskbarProgress, closing.signal);
  downloads.start();
  return {
    downloads,
    async closeDownloads() {
      closing.abort();
      await downloads.close();
      await client.close();
    },
  };
}

function createTransferClient(
  { network, hub, settings, log }: OpenDownloadsOptions,
  tuning: DownloadsTuning,
): TransferClient {
  return new TransferClient({
    network: {
      endpoint: () => hub.endpoint().address,
      resolveFile: (source, path, signal) => hub.resolveFile(source, path, signal),
      proxyFor: (url) => network.proxyFor(url),
      record: (request) => network.record(request),
    },
    bytesPerSecond: () => {
      const { downloadLimit } = settings.value;
      return downloadLimit === null ? null : downloadLimit * 1_000_000;
    },
    tuning,
    reportUnexpected: (channel, error) => log.error(`Thread of downloads, ${channel}`, error),
  });
}

/** Of the folder's disk; while the folder has not been made, of the one above it. */
async function freeBytes(folder: string): Promise<number | null> {
  for (const place of [folder, dirname(folder)]) {
    const disk = await statfs(place).catch(() => null);
    if (disk) return disk.bavail * disk.bsize;
  }
  return null;
}

async function followSettings(
  settings: Watchable<Settings>,
  { client, downloads }: { client: TransferClient; downloads: DownloadService },
  signal: AbortSignal,
): Promise<void> {
  let folder = settings.value.modelsFolder;
  for await (const { modelsFolder } of settings.watch(signal)) {
    await client.configure().catch(() => {}); // The thread has stopped; the next one is told at its start.
    if (modelsFolder !== folder) downloads.lookAgain();
    folder = modelsFolder;
  }
}

async function showInTaskbar(
  downloads: DownloadService,
  taskbar: Host['capabilities']['taskbarProgress'],
  signal: AbortSignal,
): Promise<void> {
  if (!isAvailable(taskbar)) return;
  for await (const { list, doneBytes, totalBytes } of downloads.queue.watch(signal)) {
    const moves = list.some(({ state }) => state === 'running' || state === 'verifying');
    taskbar.show(moves && totalBytes ? doneBytes / totalBytes : null);
  }
  taskbar.show(null);
}
