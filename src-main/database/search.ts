// Search as the services use it: in a worker thread, because ranking takes longer than the host thread may be away.
import type { SearchFilters, SearchHit } from '#contract/search.ts';
import type { PassageHit } from '#contract/documents.ts';
import type { ReadDatabase } from './connection.ts';
import type { PassageQuery } from './passage-search.ts';
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
    return this.#inTurn(() => this.#worker.search({ file: this.#file, query, limit, filters }), signal);
  }

  /** Passages of the library, best first. Any text is a valid query. A database without a file has none. */
  async searchPassages(query: PassageQuery, signal?: AbortSignal): Promise<PassageHit[]> {
    if (this.#here) return [];
    return this.#inTurn(() => this.#worker.searchPassages({ file: this.#file, ...query }), signal);
  }

  /** One at a time, so that what nobody waits for any more, as someone types on, is left out. */
  #inTurn<Hit>(ask: () => Promise<Hit[]>, signal: AbortSignal | undefined): Promise<Hit[]> {
    const run = (): Promise<Hit[]> | Hit[] => (signal?.aborted || this.#closed ? [] : ask());
    const found = this.#last.then(run, run);
    this.#last = found;
    return found;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#worker.close();
  }
}
