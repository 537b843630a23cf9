// Makes commits durable without blocking the host thread. The main connection commits with synchronous=NORMAL, which
// writes to the WAL and does not wait for the disk; syncing that file in libuv's thread pool afterwards gives what
// synchronous=FULL gives. SQLite takes no locks on the WAL file itself, so that opening it apart drops none.
import { open, type FileHandle } from 'node:fs/promises';
import { toDatabaseError } from './sqlite-errors.ts';

export class WalSync {
  readonly #file: string;
  readonly #onSync: (sizeBytes: number) => void;
  #sizeBytes = 0;
  #handle: FileHandle | null = null;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  /** `onSync` is told the size of the WAL after each sync. */
  constructor(databaseFile: string, onSync: (sizeBytes: number) => void) {
    this.#file = `${databaseFile}-wal`;
    this.#onSync = onSync;
  }

  /** Size of the WAL at the last sync. */
  get sizeBytes(): number {
    return this.#sizeBytes;
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
      this.#sizeBytes = (await this.#handle.stat()).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // Nothing was written yet.
      throw toDatabaseError(error) ?? error;
    }
    this.#onSync(this.#sizeBytes);
  }
}
