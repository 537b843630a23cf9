// Search as the services use it: in a worker thread, because ranking takes longer than the host thread may be away.
import type { SearchFilters, SearchHit } from '#contract/search.ts';
import type { ReadDatabase } from './connection.ts';
import { SearchRepository } from './search-repository.ts';
import { WorkerClient } from './worker-client.ts';

export class Search {
  readonly #here: SearchRepository | null;
  readonly #file: string;
  readonly #worker: WorkerClient;

  /** Without a `source` the database has no file that another connection could open: it is searched here. */
  constructor(db: ReadDatabase, source: { file: string; workerEntry?: URL | undefined } | null) {
    this.#here = source ? null : new SearchRepository(db);
    this.#file = source?.file ?? '';
    this.#worker = new WorkerClient(source?.workerEntry);
  }

  /** Titles first, then messages, each best first; nothing removed, archived or from the bin. Any text is a valid query. */
  async search(query: string, limit: number, filters: SearchFilters = {}): Promise<SearchHit[]> {
    if (this.#here) return this.#here.search(query, limit, filters);
    return this.#worker.search({ file: this.#file, query, limit, filters });
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}
