// The ledger of requests: what left this machine, for whom and why. No addresses, nothing of what was said.
import type { WriteDatabase } from './connection.ts';

/** How many are kept; the oldest go first. */
const KEPT_REQUESTS = 20_000;

export interface StoredRequest {
  startedAt: number;
  reason: string;
  method: string;
  host: string;
  /** Null when no answer came. */
  status: number | null;
  sentBytes: number;
  receivedBytes: number;
  durationMs: number;
}

/** All requests to one host together. */
export interface HostTraffic {
  host: string;
  requests: number;
  sentBytes: number;
  receivedBytes: number;
  lastAt: number;
}

export class NetworkRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** All of them in one transaction. */
  add(requests: readonly StoredRequest[]): void {
    this.#db.transaction(() => {
      for (const request of requests) this.#statements.add.run({ ...request });
      this.#statements.forgetOldest.run({ kept: KEPT_REQUESTS });
    });
  }

  /** Newest first. */
  list(limit: number): StoredRequest[] {
    return this.#statements.list.all({ limit });
  }

  /** Most bytes first. */
  sumByHost(): HostTraffic[] {
    return this.#statements.sumByHost.all();
  }
}

function prepare(db: WriteDatabase) {
  return {
    add: db.command(`
      INSERT INTO network_requests(started_at, reason, method, host, status, sent_bytes, received_bytes, duration_ms)
      VALUES (:startedAt, :reason, :method, :host, :status, :sentBytes, :receivedBytes, :durationMs)`),
    forgetOldest: db.command(
      'DELETE FROM network_requests WHERE id <= (SELECT max(id) FROM network_requests) - :kept',
    ),
    list: db.query<StoredRequest>(`
      SELECT started_at AS startedAt, reason, method, host, status, sent_bytes AS sentBytes,
        received_bytes AS receivedBytes, duration_ms AS durationMs
      FROM network_requests ORDER BY started_at DESC, id DESC LIMIT :limit`),
    sumByHost: db.query<HostTraffic>(`
      SELECT host, count(*) AS requests, sum(sent_bytes) AS sentBytes, sum(received_bytes) AS receivedBytes,
        max(started_at) AS lastAt
      FROM network_requests GROUP BY host ORDER BY receivedBytes DESC`),
  };
}
