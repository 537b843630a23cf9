// The queue of downloads. It belongs to the host, survives everything, and goes on by itself: after a start, a lost
// network, a missing disk, a server that asks for patience.
import type { Download, DownloadQueue } from '#contract/downloads.ts';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { Log } from '../../lib/log.ts';
import type { Watchable } from '../../lib/watchable.ts';
import {
  requireAccepted,
  requireNew,
  requireRoom,
  unfinished,
  type Admission,
  type AdmissionRules,
} from './admission.ts';
import type { DownloadEntry, DownloadList } from './download-list.ts';
import { findBegun, removeFetched } from './download-place.ts';
import type { DownloadRuns, RunEvent } from './download-run.ts';
import { viewDownload } from './queue-view.ts';
import { retryDelayMs, type RetryTuning } from './retry-policy.ts';

/** A small one need not wait for a large one. */
const MOST_RUNNING = 2;
const STORE_EVERY_MS = 10_000;

export type DownloadTuning = RetryTuning & AdmissionRules['tuning'];

export interface DownloadServiceOptions extends AdmissionRules {
  list: DownloadList;
  runs: DownloadRuns;
  models: () => readonly Model[];
  /** A database that can't be written: nothing runs. */
  readOnly: boolean;
  tuning: DownloadTuning;
  now: () => number;
  log: Log;
}

export class DownloadService {
  readonly #options: DownloadServiceOptions;
  /** Runs nothing: not started yet, the models folder is being moved, or all is closing. */
  #held = true;
  #closed = false;

  constructor(options: DownloadServiceOptions) {
    this.#options = options;
  }

  get queue(): Watchable<DownloadQueue> {
    return this.#options.list.queue;
  }

  /** Goes on with whatever was not finished. */
  start(): void {
    this.#held = this.#options.readOnly;
    this.#pump();
  }

  /** @throws AppError licence-not-accepted, model-already-added, disk-full */
  async add(input: Admission): Promise<Download> {
    const { list, now } = this.#options;
    requireAccepted(input, this.#options);
    requireNew(input.source, this.#options.models());
    const known = unfinished(input.source, list.entries);
    if (known) {
      this.resume(known.id);
      return viewDownload(known);
    }
    await requireRoom(input.source, this.#options);
    const twin = unfinished(input.source, list.entries); // Another window may have added it meanwhile.
    const entry = twin ?? list.add({ ...input, addedAt: now() });
    this.#pump();
    return viewDownload(entry);
  }

  /** @throws AppError not-found */
  async pause(id: number): Promise<void> {
    const { list } = this.#options;
    const entry = list.get(id);
    if (entry.row.state === 'done' || entry.row.state === 'paused') return;
    entry.stopWaiting();
    list.change(entry, { state: 'paused', failure: null, retryAt: null });
    await this.#stop(entry);
    this.#pump();
  }

  /** @throws AppError not-found */
  resume(id: number): void {
    const { list } = this.#options;
    const entry = list.get(id);
    const { state, failure, progress } = entry.row;
    if (state === 'done' || (entry.run && !entry.run.stop.signal.aborted)) return;
    entry.stopWaiting();
    entry.failures = 0;
    // Somebody who does not wait for a lost folder begins anew where models go now.
    const folder = failure?.code === 'folder-missing' ? null : progress.folder;
    // What was fetched twice and is still wrong is not worth keeping.
    if (failure?.code === 'download-damaged') entry.clearing = this.#clear(entry);
    list.change(entry, { state: 'waiting', failure: null, retryAt: null, progress: { ...progress, folder } });
    this.#pump();
  }

  /** @throws AppError not-found */
  async cancel(id: number): Promise<void> {
    const { list, runs } = this.#options;
    const entry = list.get(id);
    entry.stopWaiting();
    if (entry.row.state !== 'done') {
      list.change(entry, { state: 'paused', failure: null, retryAt: null });
      await this.#stop(entry);
      await entry.clearing;
      await this.#removeFiles(entry);
    }
    if (list.has(entry)) list.remove(entry);
    runs.forget(id);
    this.#pump();
  }

  /** @throws AppError not-found */
  move(id: number, position: number): void {
    const { list } = this.#options;
    list.move(list.get(id), position);
  }

  /** Stops writing until the returned function is called; for moving the models folder. */
  async hold(): Promise<() => void> {
    this.#held = true;
    await Promise.all(this.#options.list.entries.map((entry) => this.#stop(entry)));
    return () => {
      if (!this.#closed) this.start();
    };
  }

  /** Looks again for a folder that was gone, and takes in new settings. */
  lookAgain(): void {
    for (const entry of this.#options.list.entries) {
      if (entry.row.failure?.code === 'folder-missing') entry.stopWaiting();
    }
    this.#pump();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const entry of this.#options.list.entries) entry.stopWaiting();
    await this.hold();
  }

  #pump(): void {
    const { entries } = this.#options.list;
    for (const entry of entries) {
      const running = entries.filter(({ run }) => run !== null).length;
      if (this.#held || running >= MOST_RUNNING) return;
      if (entry.ready) this.#run(entry);
    }
  }

  #run(entry: DownloadEntry): void {
    const { list } = this.#options;
    const stop = new AbortController();
    entry.live = { phase: 'running', bytesPerSecond: null, connections: 0, checked: null };
    const ended = this.#attempt(entry, stop.signal)
      .catch((error: unknown) => this.#failed(entry, error, stop.signal))
      .finally(() => {
        entry.run = null;
        entry.live = null;
        if (list.has(entry)) list.change(entry, {});
        this.#pump();
      });
    entry.run = { stop, ended };
    list.change(entry, { failure: null, retryAt: null });
  }

  async #attempt(entry: DownloadEntry, signal: AbortSignal): Promise<void> {
    const { list, runs } = this.#options;
    const { id, name, source, progress } = entry.row;
    const running = runs.run({ id, name, source, begunIn: progress.folder }, signal);
    let storedAt = performance.now();
    let next = await running.next();
    for (; !next.done; next = await running.next()) {
      this.#takeIn(entry, next.value);
      if (performance.now() - storedAt > STORE_EVERY_MS) {
        list.store(entry);
        storedAt = performance.now();
      }
      list.showSoon();
    }
    const model = next.value;
    if (!model) return;
    runs.forget(id);
    if (list.has(entry))
      list.change(entry, { state: 'done', modelId: model.id, failure: null, retryAt: null });
  }

  #takeIn(entry: DownloadEntry, event: RunEvent): void {
    const { progress } = entry.row;
    if (event.type === 'placed') {
      this.#options.list.change(entry, { progress: { ...progress, folder: event.folder } });
      return;
    }
    const fetched = event.type === 'fetched';
    const { sizeBytes } = fetched ? event : event.progress;
    const verifying = !fetched && event.progress.phase === 'verifying';
    const before = progress.files[event.file]?.doneBytes ?? 0;
    const doneBytes = fetched || verifying ? sizeBytes : event.progress.doneBytes;
    if (doneBytes > before) entry.failures = 0;
    entry.row = {
      ...entry.row,
      progress: { ...progress, files: progress.files.with(event.file, { sizeBytes, doneBytes }) },
    };
    if (fetched) return;
    const { phase, bytesPerSecond, connections } = event.progress;
    const checked = verifying ? { file: event.file, doneBytes: event.progress.doneBytes } : null;
    entry.live = { phase, bytesPerSecond, connections, checked };
  }

  #failed(entry: DownloadEntry, thrown: unknown, signal: AbortSignal): void {
    const { list, tuning, now, log } = this.#options;
    // Whoever stopped it has said what it is to be now.
    if (signal.aborted || !list.has(entry)) return;
    const logId = thrown instanceof AppError ? null : log.error(`Download ${entry.id}`, thrown);
    const error =
      thrown instanceof AppError
        ? thrown
        : new AppError('internal', 'Unexpected error', { cause: thrown, details: { logId: logId ?? '' } });
    entry.failures += 1;
    const delayMs = retryDelayMs(error, entry.failures, tuning);
    const failure = { code: error.code, ...(error.details && { details: error.details }) };
    log.info(
      `Download ${entry.id}: ${error.code} ${error.message}${delayMs === null ? '' : `, again in ${delayMs} ms`}`,
    );
    if (delayMs === null) return list.change(entry, { state: 'failed', failure, retryAt: null });
    entry.delay = setTimeout(() => {
      entry.delay = null;
      this.#pump();
    }, delayMs);
    list.change(entry, { failure, retryAt: now() + delayMs });
  }

  async #stop(entry: DownloadEntry): Promise<void> {
    entry.run?.stop.abort();
    await entry.run?.ended;
  }

  async #clear(entry: DownloadEntry): Promise<void> {
    await this.#removeFiles(entry);
    entry.clearing = null;
    this.#pump();
  }

  async #removeFiles({ row }: DownloadEntry): Promise<void> {
    const { models, log } = this.#options;
    const isModel = (path: string): boolean => models().some((model) => model.path === path);
    for (const folder of new Set([row.progress.folder, this.#options.folders().modelsFolder])) {
      if (folder === null) continue;
      try {
        const place = await findBegun(row.source, folder);
        if (place) await removeFetched(place, isModel);
      } catch (error) {
        log.error(`Removing what was fetched of download ${row.id}`, error);
      }
    }
  }
}
