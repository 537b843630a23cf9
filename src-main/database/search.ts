// Search as the services use it: in a worker thread, because ranking takes longer than the host thread may be away.
import type { SearchFilters, SearchHit } from '#contract/search.ts';
import type { ReadDatabase } from './connection.ts';
import { SearchRepository } from './search-repository.ts';
import { WorkerClient } from './worker-client.ts';

export class Search {
  readonly #here: SearchRepository | null;
  readonly #file: string;
  readonly #worker: WorkerClient;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Without a `source` the database has no file that another connection could open: it is searched here. */
  constructor(db: ReadDatabase, source: { file: string; workerEntry?: URL | undefined } | null) {
    this.#here = source ? null : new SearchRepository(db);
    this.#file = source?.file ?? '';
    this.#worker = new WorkerClient(source?.workerEntry);
  }

  /** Titles first, then messages, each best first; nothing removed, archived or from the bin. Any text is a valid query.
   * With a `signal` that is aborted before its turn it finds nothing. */
  async search(
    query: string,
    limit: number,
    filters: SearchFilters = {},
    signal?: AbortSignal,
  ): Promise<SearchHit[]> {
    if (this.#here) return this.#here.search(query, limit, filters);
    // One at a time, so that what nobody waits for any more, as someone types on, is left out.
    const run = (): Promise<SearchHit[]> | SearchHit[] =>
      signal?.aborted || this.#closed ? [] : this.#worker.search({ file: this.#file, query, limit, filters });
    const found = this.#last.then(run, run);
    this.#last = found;
    return found;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#worker.close();
  }
}
