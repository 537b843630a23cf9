// The host's side of a worker for the database: starts it when there is work, stops it when there has been none.
import { Worker } from 'node:worker_threads';
import { AppError, fromWireError } from '#contract/errors.ts';
import type { PassageHit } from '#contract/documents.ts';
import type { SearchHit } from '#contract/search.ts';
import type { FillTask, SearchTask, WorkerTask } from './maintenance-tasks.ts';
import type { PassageQuery } from './passage-search.ts';
import type { TaskAnswer, TaskRequest } from './maintenance-worker.ts';

/** A worker costs some megabytes, so an idle one is let go. */
const STOP_AFTER_IDLE_MS = 20_000;

/** Beside this file, both as a source and in a bundle that keeps its name. */
export const WORKER_ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './maintenance-worker.ts' : './maintenance-worker.js',
  import.meta.url,
);

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class WorkerClient {
  readonly #entry: URL;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(entry: URL = WORKER_ENTRY) {
    this.#entry = entry;
  }

  get running(): boolean {
    return this.#worker !== null;
  }

  /** Tasks run one after the other. Throws the AppError of what went wrong. */
  async run(task: WorkerTask): Promise<void> {
    await this.#ask(task);
  }

  /** As the search repository does it, with the file's own connection. */
  async search(search: SearchTask): Promise<SearchHit[]> {
    return (await this.#ask({ task: 'search', ...search })) as SearchHit[];
  }

  /** As `PassageSearch` does it, with the file's own connection. */
  async searchPassages(search: PassageQuery & { file: string }): Promise<PassageHit[]> {
    return (await this.#ask({ task: 'search-passages', ...search })) as PassageHit[];
  }

  /** A turn of filling the search index; returns the share of it that is filled. */
  async fillSearch(task: FillTask): Promise<number> {
    return (await this.#ask({ task: 'fill-search', ...task })) as number;
  }

  #ask(task: WorkerTask): Promise<unknown> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ id, task } satisfies TaskRequest);
    });
  }

  /** Stops the worker. Its owner waits for the task that runs. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    this.#fail(new Error('The database worker was stopped'));
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#entry);
    worker.on('message', (answer: TaskAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => {
      // One that was stopped earlier has no task left, and must not take those of its successor with it.
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#fail(new Error('The database worker has stopped'));
    });
    return worker;
  }

  #settle({ id, error, value }: TaskAnswer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) pending?.reject(fromWireError(error));
    else pending?.resolve(value);
    if (this.#pending.size > 0) return;
    this.#worker?.unref();
    this.#idle = setTimeout(() => void this.close(), STOP_AFTER_IDLE_MS).unref();
  }

  #fail(cause: Error): void {
    const failed = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of failed)
      pending.reject(new AppError('internal', 'The database worker failed', { cause }));
  }
}
