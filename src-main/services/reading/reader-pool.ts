// The reader processes: started when a file is to be read, kept a while for the next one, ended when idle.
import { AppError } from '#contract/errors.ts';
import type { ReaderContract } from '#contract/reader.ts';
import { createClient, type Client } from '#rpc/client.ts';
import type { ChildService } from '../../hosts/host.ts';

export interface Reader {
  readonly pid: number | undefined;
  readonly client: Client<ReaderContract>;
}

interface PooledReader extends Reader {
  readonly child: ChildService;
  ended: boolean;
}

const AT_A_TIME = 2;
const IDLE_MS = 30_000;

export class ReaderPool {
  readonly #start: () => ChildService;
  readonly #all = new Set<PooledReader>();
  readonly #idle: PooledReader[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(start: () => ChildService) {
    this.#start = start;
  }

  /** A process that nobody else uses, as soon as there is one. @throws AppError cancelled after an abort */
  async take(signal: AbortSignal): Promise<Reader> {
    if (signal.aborted) throw cancelled();
    if (this.#busy < AT_A_TIME) this.#busy += 1;
    else await this.#turn(signal);
    return this.#idle.pop() ?? this.#begin();
  }

  /** Ends the process unless it is `clean`. */
  giveBack(reader: Reader, clean: boolean): void {
    const pooled = reader as PooledReader;
    if (clean && !pooled.ended) this.#idle.push(pooled);
    else this.#end(pooled);
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#idle.splice(0).forEach((idle) => this.#end(idle)), IDLE_MS);
    this.#idleTimer.unref();
    // Whoever waits takes the place over, so that nobody slips in between.
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy -= 1;
  }

  close(): void {
    clearTimeout(this.#idleTimer);
    this.#idle.length = 0;
    for (const reader of this.#all) this.#end(reader);
  }

  #begin(): PooledReader {
    const child = this.#start();
    const client = createClient<ReaderContract>(child.port, 'reader-crashed');
    const reader: PooledReader = { pid: child.pid, client, child, ended: false };
    this.#all.add(reader);
    child.onExit(() => {
      reader.ended = true;
      this.#all.delete(reader);
      const index = this.#idle.indexOf(reader);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    return reader;
  }

  #end(reader: PooledReader): void {
    reader.ended = true;
    this.#all.delete(reader);
    reader.child.kill();
  }

  /** Waits until somebody gives a process back. */
  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(cancelled());
      };
      this.#waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Stopped before it was read');
}
