// The app's log: one line per entry in a file that never grows past its limit. Never text of a conversation.
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const MAX_LOG_BYTES = 2_000_000;

export interface Log {
  info(message: string): void;
  /** Logs an error with its stack and returns the id that a person can be shown. */
  error(message: string, error: unknown): string;
  /** Resolves when everything logged so far is in the file. */
  flush(): Promise<void>;
}

/** Appends to `file`; at 2 MB the old lines move to `file`.old. A log that can't be written is dropped. */
export function createLog(file: string): Log {
  let tail: Promise<void> = mkdir(dirname(file), { recursive: true }).then(() => {});
  const write = (line: string): void => {
    tail = tail
      .then(() => rotate(file))
      .then(() => appendFile(file, `${new Date().toISOString()} ${line}\n`))
      .catch(() => {}); // Logging must never be the reason that something fails.
  };
  return {
    info: write,
    error(message, error) {
      const id = Math.random().toString(36).slice(2, 8);
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      write(`[${id}] ${message}: ${text}`);
      return id;
    },
    flush: () => tail,
  };
}

async function rotate(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_LOG_BYTES) await rename(file, `${file}.old`);
}
