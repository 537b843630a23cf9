// Sees to it that everything can be found again after an update that made the search index anew. The work is done in
// the maintenance worker, a little at a time, so that checkpoints get their turns and the window its processor.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../lib/log.ts';
import { Watchable } from '../lib/watchable.ts';
import type { ReadDatabase } from './connection.ts';
import { indexedShareOf } from './fill-search.ts';
import type { WorkerClient } from './worker-client.ts';
import type { WriteGate } from './write-gate.ts';

/** One turn of the worker. */
const TURN_MS = 100;
/** When a turn failed, of a full disk for instance. */
const TRY_AGAIN_MS = 30_000;

interface IndexParts {
  file: string;
  worker: WorkerClient;
  gate: WriteGate;
  /** Tells the write-ahead log that it has grown. */
  flush: () => Promise<void>;
  log?: Log | undefined;
}

export class SearchIndex {
  /** Of what was written before the update, the share that can be found; 1: all. */
  readonly share: Watchable<number>;
  readonly #closing = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(db: ReadDatabase, parts: IndexParts | null) {
    this.share = new Watchable(indexedShareOf(db));
    if (parts && this.share.value < 1) this.#running = this.#fill(parts);
  }

  /** What is done stays done; the next start goes on. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #fill({ file, worker, gate, flush, log }: IndexParts): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted && this.share.value < 1) {
      let restMs = TURN_MS;
      try {
        this.share.set(await worker.fillSearch({ file, gate: gate.shared, budgetMs: TURN_MS }));
        await flush();
      } catch (error) {
        log?.error('Filling the search index', error);
        restMs = TRY_AGAIN_MS;
      }
      await sleep(restMs, undefined, { signal, ref: false }).catch(() => {}); // Aborted: it closes.
    }
  }
}
