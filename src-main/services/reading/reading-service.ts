// Reads the text of files in processes apart from the app: a file that hangs, crashes or outgrows its parser costs its
// own reading and nothing else.
import { AppError } from '#contract/errors.ts';
import {
  readLimits,
  type FileToRead,
  type ReadBlock,
  type ReadDocument,
  type ReadLimits,
  type ReadStep,
} from '#contract/reader.ts';
import type { ChildService } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';
import { ReaderPool, type Reader } from './reader-pool.ts';

export interface ReadOptions {
  /** Aborting it ends the reading at once. */
  signal?: AbortSignal;
  /** From 0 to 1, never backwards. */
  onProgress?: (progress: number) => void;
}

interface ReadingServiceOptions {
  start: () => ChildService;
  log: Log;
  limits?: Partial<ReadingLimits>;
}

export interface ReadingLimits extends ReadLimits {
  /** For one document, and for one step of it; then its process is ended. */
  totalMs: number;
  stepMs: number;
}

const LIMITS: ReadingLimits = { ...readLimits.parse({}), totalMs: 10 * 60_000, stepMs: 45_000 };

export class ReadingService {
  readonly #pool: ReaderPool;
  readonly #limits: ReadingLimits;
  readonly #log: Log;
  readonly #closing = new AbortController();

  constructor({ start, log, limits }: ReadingServiceOptions) {
    this.#pool = new ReaderPool(start);
    this.#limits = { ...LIMITS, ...limits };
    this.#log = log;
  }

  /**
   * The whole text of one file. Two are read at a time, the others wait.
   * @throws AppError as 'reader.next' of the contract; reader-timeout, reader-crashed; cancelled after an abort.
   */
  async read(file: FileToRead, { signal, onProgress }: ReadOptions = {}): Promise<ReadDocument> {
    const blocks: ReadBlock[] = [];
    let progress = 0;
    for await (const step of this.steps(file, signal)) {
      if (step.type === 'end') return { ...step.summary, blocks };
      blocks.push(...step.blocks);
      progress = Math.max(progress, step.progress);
      onProgress?.(progress);
    }
    throw new AppError('reader-crashed', 'The document has no end');
  }

  /** The same piece by piece, for documents that should not be held as a whole; the summary is the last one. */
  async *steps(file: FileToRead, wanted?: AbortSignal): AsyncGenerator<ReadStep, void, void> {
    const signal = AbortSignal.any([this.#closing.signal, ...(wanted ? [wanted] : [])]);
    const reader = await this.#pool.take(signal);
    let clean = false;
    try {
      for await (const step of this.#steps(reader, file, signal)) {
        clean = step.type === 'end';
        yield step;
      }
    } catch (error) {
      // The process itself is well: it is only the file.
      clean = error instanceof AppError && error.code.startsWith('file-');
      throw error;
    } finally {
      // What is in the middle of a document, or has failed, is not trusted with the next one.
      this.#pool.giveBack(reader, clean);
    }
  }

  /** Ends every reading and every process. */
  close(): void {
    this.#closing.abort();
    this.#pool.close();
  }

  async *#steps(
    { client, pid }: Reader,
    file: FileToRead,
    signal: AbortSignal,
  ): AsyncGenerator<ReadStep, void, void> {
    const { totalMs, stepMs, ...limits } = this.#limits;
    const total = AbortSignal.timeout(totalMs);
    const inTime = async <T>(ask: (limit: AbortSignal) => Promise<T>): Promise<T> => {
      const late = AbortSignal.any([total, AbortSignal.timeout(stepMs)]);
      try {
        return await ask(AbortSignal.any([signal, late]));
      } catch (error) {
        if (signal.aborted || !late.aborted) throw error;
        this.#log.info(`Reader ${pid} hangs and is ended`);
        throw new AppError('reader-timeout', 'The document made no headway', { cause: error });
      }
    };
    await inTime((limit) => client.call('reader.open', { ...file, limits }, limit));
    for (;;) {
      const step = await inTime((limit) => client.call('reader.next', undefined, limit));
      yield step;
      if (step.type === 'end') return;
    }
  }
}
