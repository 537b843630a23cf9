// The database with its services while they can be used, and the way back when they can't.
import { join } from 'node:path';
import type { DataHealth } from '#contract/app.ts';
import { AppError, toWireError } from '#contract/errors.ts';
import { listBackups, restoreBackup } from '../../database/backups.ts';
import { openDatabase } from '../../database/open-database.ts';
import { Watchable } from '../../lib/watchable.ts';
import { openServices, type ServiceOptions, type Services } from '../open-services.ts';

export class AppData {
  readonly health = new Watchable<DataHealth>({ usable: false, failure: null, backups: [] });
  readonly #options: ServiceOptions;
  #services: Services | null = null;
  #failure: AppError | null = null;
  #restoring = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** The services, or null while the database can't be used. */
  get services(): Services | null {
    return this.#services;
  }

  /** @throws AppError the reason why the database can't be used. */
  need(): Services {
    if (this.#services) return this.#services;
    throw this.#failure ?? new AppError('connection-lost', 'The data is being opened');
  }

  /** Opens the database; what is in the way becomes the health, not an exception. */
  async open(): Promise<void> {
    try {
      const database = await openDatabase({
        ...this.#places,
        now: this.#options.now,
        log: this.#options.log,
        onDamage: (error) => void this.#fail(error),
      });
      this.#services = await openServices(database, this.#options).catch(async (error: unknown) => {
        await database.close();
        throw error;
      });
      this.#failure = null;
      const failure = database.readOnly ? { code: 'database-read-only' as const } : null;
      this.health.set({ usable: true, failure, backups: [] });
    } catch (error) {
      await this.#fail(error);
    }
  }

  /**
   * Puts a backup in the place of the database and opens it. The present file is kept beside it.
   * @throws AppError not-found, or why the backup can't be used; what was there before is open again then.
   */
  async restore(backupFile: string): Promise<void> {
    if (this.#restoring) throw new AppError('connection-lost', 'The data is being replaced already');
    this.#restoring = true;
    await this.#replace(backupFile).finally(() => (this.#restoring = false));
  }

  async #replace(backupFile: string): Promise<void> {
    const backups = await listBackups(this.#places.backupsFolder);
    if (!backups.some((backup) => backup.file === backupFile))
      throw new AppError('not-found', 'No such backup');
    this.#failure = new AppError('connection-lost', 'The data is being replaced');
    await this.close().catch((error: unknown) => this.#options.log.error('Closing the data', error));
    try {
      await restoreBackup({ ...this.#places, backup: backupFile, now: this.#options.now });
    } finally {
      await this.open();
    }
  }

  async close(): Promise<void> {
    const services = this.#services;
    this.#services = null;
    await services?.close();
  }

  get #places(): { file: string; backupsFolder: string } {
    const { dataFolder } = this.#options.paths;
    return { file: join(dataFolder, 'lapidary.db'), backupsFolder: join(dataFolder, 'backups') };
  }

  async #fail(error: unknown): Promise<void> {
    const logId = error instanceof AppError ? undefined : this.#options.log.error('Opening the data', error);
    const { code, details } = toWireError(error, logId);
    this.#failure =
      error instanceof AppError ? error : new AppError(code, 'Unexpected error', { cause: error });
    const backups = await listBackups(this.#places.backupsFolder);
    this.health.set({ usable: false, failure: { code, ...(details && { details }) }, backups });
  }
}
