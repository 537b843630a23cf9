// Reads the text of files in processes apart from the app: a file that hangs, crashes or outgrows its parser costs its
// own reading and nothing else.
import type { FileToRead, ReadDocument } from '#contract/reader.ts';

export interface ReadOptions {
  /** Aborting it ends the reading at once. */
  signal?: AbortSignal;
  /** From 0 to 1, never backwards. */
  onProgress?: (progress: number) => void;
}

export interface ReadingService {
  /**
   * The whole text of one file. Two are read at a time, the others wait.
   * @throws AppError as 'reader.next' of the contract; reader-timeout, reader-crashed; cancelled after an abort.
   */
  read(file: FileToRead, options?: ReadOptions): Promise<ReadDocument>;
  /** Ends every reading. */
  close(): void;
}
