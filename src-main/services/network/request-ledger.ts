// Writes down every request, a few at a time: a burst of them costs one transaction.
import type { HostTraffic, NetworkRepository, StoredRequest } from '../../database/network-repository.ts';
import type { Log } from '../../lib/log.ts';
import type { RequestRecord } from './http-types.ts';

const WRITE_AFTER_MS = 500;
/** How many wait while the database takes nothing, as on a full disk; the oldest go first. */
const MOST_WAITING = 2000;

type Store = Pick<NetworkRepository, 'add' | 'list' | 'sumByHost'>;

export class RequestLedger {
  readonly #repository: Store;
  readonly #log: Log;
  #unwritten: RequestRecord[] = [];
  #timer: NodeJS.Timeout | null = null;
  #failing = false;

  constructor(repository: Store, log: Log) {
    this.#repository = repository;
    this.#log = log;
  }

  add(record: RequestRecord): void {
    this.#unwritten.push(record);
    this.#timer ??= setTimeout(() => this.flush(), WRITE_AFTER_MS).unref();
  }

  /** Newest first. */
  list(limit: number): StoredRequest[] {
    this.flush();
    return this.#repository.list(limit);
  }

  sumByHost(): HostTraffic[] {
    this.flush();
    return this.#repository.sumByHost();
  }

  /** Writes what is not written yet; what the database does not take waits for the next time. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const records = this.#unwritten;
    if (records.length === 0) return;
    this.#unwritten = [];
    try {
      this.#repository.add(records);
      this.#failing = false;
    } catch (error) {
      // Never a reason for a request to fail, and once is enough for the log.
      if (!this.#failing) this.#log.error('Requests can not be written into the ledger', error);
      this.#failing = true;
      this.#unwritten = records.slice(-MOST_WAITING);
    }
  }
}
