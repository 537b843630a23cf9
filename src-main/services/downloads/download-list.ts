// The downloads in their order: rows of the database with what moves now beside them, told to whoever watches.
import type { DownloadQueue } from '#contract/downloads.ts';
import { AppError } from '#contract/errors.ts';
import type {
  DownloadChange,
  DownloadRepository,
  NewDownload,
  StoredDownload,
} from '../../database/download-repository.ts';
import type { Log } from '../../lib/log.ts';
import { Watchable } from '../../lib/watchable.ts';
import { viewQueue, type LiveState } from './queue-view.ts';

/** Watchers are told this often while something moves. */
const SHOW_EVERY_MS = 250;

export class DownloadEntry {
  row: StoredDownload;
  live: LiveState | null = null;
  /** Set while an attempt runs. */
  run: { stop: AbortController; ended: Promise<void> } | null = null;
  /** In a row, without a byte in between. */
  failures = 0;
  /** Set while what was fetched is being thrown away. */
  clearing: Promise<void> | null = null;
  /** Runs until the next attempt may be made. */
  delay: NodeJS.Timeout | null = null;

  constructor(row: StoredDownload) {
    this.row = row;
  }

  get id(): number {
    return this.row.id;
  }

  /** Its turn may come. */
  get ready(): boolean {
    return this.row.state === 'waiting' && !(this.run ?? this.delay ?? this.clearing);
  }

  stopWaiting(): void {
    if (this.delay) clearTimeout(this.delay);
    this.delay = null;
  }
}

export class DownloadList {
  readonly queue: Watchable<DownloadQueue>;
  readonly #repository: DownloadRepository;
  readonly #log: Log;
  #entries: DownloadEntry[];
  #showing: NodeJS.Timeout | null = null;

  constructor(repository: DownloadRepository, log: Log) {
    this.#repository = repository;
    this.#log = log;
    this.#entries = repository.list().map((row) => new DownloadEntry(row));
    this.queue = new Watchable(viewQueue(this.#entries));
  }

  get entries(): readonly DownloadEntry[] {
    return this.#entries;
  }

  /** @throws AppError not-found */
  get(id: number): DownloadEntry {
    const entry = this.#entries.find((candidate) => candidate.id === id);
    if (!entry) throw new AppError('not-found', `No download ${id}`);
    return entry;
  }

  has(entry: DownloadEntry): boolean {
    return this.#entries.includes(entry);
  }

  add(download: NewDownload): DownloadEntry {
    const entry = new DownloadEntry(this.#repository.add(download));
    this.#entries = [...this.#entries, entry];
    this.show();
    return entry;
  }

  /** Stores the change and tells it at once. */
  change(entry: DownloadEntry, change: Partial<DownloadChange>): void {
    entry.row = { ...entry.row, ...change };
    this.store(entry);
    this.show();
  }

  /** Stores how far it is. A database that takes nothing, on a full disk, is no reason to stop: the journals know. */
  store(entry: DownloadEntry): void {
    if (!this.has(entry)) return;
    try {
      this.#repository.update(entry.id, entry.row);
    } catch (error) {
      this.#log.error(`Storing download ${entry.id}`, error);
    }
  }

  remove(entry: DownloadEntry): void {
    this.#repository.remove(entry.id);
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.show();
  }

  /** From 0; beyond the end is the end. */
  move(entry: DownloadEntry, position: number): void {
    const others = this.#entries.filter((other) => other !== entry);
    const entries = others.toSpliced(position, 0, entry);
    this.#repository.reorder(entries.map(({ id }) => id));
    this.#entries = entries;
    this.show();
  }

  show(): void {
    if (this.#showing) clearTimeout(this.#showing);
    this.#showing = null;
    this.queue.set(viewQueue(this.#entries));
  }

  /** Soon, together with other changes. */
  showSoon(): void {
    this.#showing ??= setTimeout(() => this.show(), SHOW_EVERY_MS).unref();
  }
}
