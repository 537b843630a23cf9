// Makes commits durable without blocking the host thread. The main connection commits with synchronous=NORMAL, which
// writes to the WAL and does not wait for the disk; syncing that file in libuv's thread pool afterwards gives what
// synchronous=FULL gives. SQLite takes no locks on the WAL file itself, so that opening it apart drops none.
import { open, type FileHandle } from 'node:fs/promises';
import { toDatabaseError } from './sqlite-errors.ts';

export class WalSync {
  readonly #file: string;
  #handle: FileHandle | null = null;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(databaseFile: string) {
    this.#file = `${databaseFile}-wal`;
  }

  /** Calls while a sync runs share the one after it. Throws `disk-full` and other database errors. */
  sync(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => {}) // Whoever asked for that sync was told.
      .then(() => {
        this.#next = null;
        return (this.#running = this.#syncNow());
      });
    return this.#next;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  async #syncNow(): Promise<void> {
    try {
      this.#handle ??= await open(this.#file, 'r+');
      await this.#handle.datasync();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // Nothing was written yet.
      throw toDatabaseError(error) ?? error;
    }
  }
}
