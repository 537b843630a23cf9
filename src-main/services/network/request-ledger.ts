// Writes down every request, a few at a time: a burst of them costs one transaction.
import type { HostTraffic, NetworkRepository, StoredRequest } from '../../database/network-repository.ts';
import type { Log } from '../../lib/log.ts';
import type { RequestRecord } from './http-types.ts';

const WRITE_AFTER_MS = 500;

type Store = Pick<NetworkRepository, 'add' | 'list' | 'sumByHost'>;

export class RequestLedger {
  readonly #repository: Store;
  readonly #log: Log;
  #unwritten: RequestRecord[] = [];
  #timer: NodeJS.Timeout | null = null;

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

  /** Writes what is not written yet; a database that takes nothing must not be why a request fails. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const records = this.#unwritten;
    if (records.length === 0) return;
    this.#unwritten = [];
    try {
      this.#repository.add(records);
    } catch (error) {
      this.#log.error(`${records.length} requests are missing in the ledger`, error);
    }
  }
}
