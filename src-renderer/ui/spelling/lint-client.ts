// The page's end of the checker: starts its worker when the first text comes, remembers what was found, and ends the
// worker when nobody has written for a while, because of its memory. What it found is known beyond that.
import type { Dialect, LintAnswer, LintRequest } from './lint-messages.ts';
import type { Lint } from './mark.ts';

/** As much of a worker as is used here. */
export interface LintWorker {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'error', listener: () => void): void;
  terminate(): void;
}

interface Running {
  worker: LintWorker;
  port: MessagePort;
}

const IDLE_MS = 120_000;
const MOST_REMEMBERED = 1_000;
/** After so many failures in a row it stays off until the page is opened again. */
const MOST_FAILURES = 2;

export class LintClient {
  readonly #begin: () => LintWorker;
  readonly #failed: () => void;
  readonly #found = new Map<string, readonly Lint[]>();
  readonly #waiting = new Map<number, (answer: LintAnswer) => void>();
  #running: Running | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  #failures = 0;

  /** `failed` is called once, when it is given up. */
  constructor(begin: () => LintWorker, failed: () => void) {
    this.#begin = begin;
    this.#failed = failed;
  }

  known(text: string, dialect: Dialect): readonly Lint[] | undefined {
    return this.#found.get(`${dialect} ${text}`);
  }

  /** Finds nothing where the checker can't work. */
  async lint(text: string, dialect: Dialect): Promise<readonly Lint[]> {
    const known = this.known(text, dialect);
    if (known || this.#failures >= MOST_FAILURES) return known ?? [];
    const answer = await this.#ask({ id: (this.#lastId += 1), text, dialect });
    if ('failure' in answer) return this.#giveUp();
    this.#failures = 0;
    this.#remember(`${dialect} ${text}`, answer.lints);
    return answer.lints;
  }

  #ask(request: LintRequest): Promise<LintAnswer> {
    clearTimeout(this.#idle);
    return new Promise((resolve) => {
      this.#waiting.set(request.id, resolve);
      this.#running ??= this.#start();
      this.#running.port.postMessage(request);
    });
  }

  #start(): Running {
    const worker = this.#begin();
    const { port1: port, port2 } = new MessageChannel();
    worker.addEventListener('error', () => this.#end('The worker failed'));
    port.addEventListener('message', ({ data }: MessageEvent<LintAnswer>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
      if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#end('Idle'), IDLE_MS);
    });
    port.start();
    worker.postMessage(null, [port2]);
    return { worker, port };
  }

  #end(failure: string): void {
    clearTimeout(this.#idle);
    this.#running?.port.close();
    this.#running?.worker.terminate();
    this.#running = null;
    for (const [id, resolve] of this.#waiting) resolve({ id, failure });
    this.#waiting.clear();
  }

  #giveUp(): readonly Lint[] {
    this.#failures += 1;
    if (this.#failures === MOST_FAILURES) this.#failed();
    return [];
  }

  #remember(key: string, lints: readonly Lint[]): void {
    this.#found.set(key, lints);
    const oldest = this.#found.keys().next().value;
    if (this.#found.size > MOST_REMEMBERED && oldest !== undefined) this.#found.delete(oldest);
  }
}
