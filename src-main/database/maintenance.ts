// When the long work is due while the database is open: checkpoints as the WAL grows or the app rests, one full check
// soon after opening, a backup each day. A damaged database is never backed up: good backups must not rotate away.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup } from '#contract/app.ts';
import { AppError } from '#contract/errors.ts';
import type { Log } from '../lib/log.ts';
import { backupName, listBackups, rotateBackups } from './backups.ts';
import { WorkerClient } from './worker-client.ts';

export interface MaintenanceOptions {
  file: string;
  backupsFolder: string;
  now: () => number;
  log?: Log | undefined;
  /** Told once when the check finds the file inconsistent. */
  onDamage?: ((error: AppError) => void) | undefined;
  workerEntry?: URL | undefined;
  firstCheckAfterMs?: number | undefined;
}

/** A WAL of this size is moved into the database at once, a smaller one when nothing was written for a while. */
const LARGE_WAL_BYTES = 4_000_000;
/** What a checkpoint itself leaves in the WAL: its header and one page. */
const EMPTY_WAL_BYTES = 8_192;
const TICK_MS = 30_000;
/** Leaves the disk to the window and the model first. */
const FIRST_CHECK_AFTER_MS = 5_000;
const DAY_MS = 86_400_000;

export class Maintenance {
  readonly worker: WorkerClient;
  readonly #options: MaintenanceOptions;
  readonly #timers: NodeJS.Timeout[];
  #running: Promise<void> | null = null;
  #sound = false;
  #lastWalChange = 0;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.worker = new WorkerClient(options.workerEntry);
    this.#timers = [
      setTimeout(
        () => void this.#alone(() => this.checkAndBackUp()),
        options.firstCheckAfterMs ?? FIRST_CHECK_AFTER_MS,
      ).unref(),
      setInterval(() => void this.#alone(() => this.#tick()), TICK_MS).unref(),
    ];
  }

  /** To the version of this app. Errors: database-too-new, disk-full. */
  async migrate(): Promise<void> {
    await this.worker.run({ task: 'migrate', file: this.#options.file });
  }

  /** After something was written: moves the WAL into the database when it has grown large. */
  async walGrew(sizeBytes: number): Promise<void> {
    if (sizeBytes > LARGE_WAL_BYTES) await this.#alone(() => this.checkpoint());
  }

  async checkpoint(): Promise<void> {
    await this.worker.run({ task: 'checkpoint', file: this.#options.file });
  }

  /** The full check, then the daily backup if it is due. */
  async checkAndBackUp(): Promise<void> {
    try {
      await this.worker.run({ task: 'check', file: this.#options.file });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'database-damaged') throw error;
      this.#options.log?.error('The database is damaged', error);
      this.#options.onDamage?.(error);
      return;
    }
    this.#sound = true;
    await this.#backUpDaily();
  }

  /** Ends the schedule and waits for what runs. The worker stays, for closing the database. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#running;
  }

  async #tick(): Promise<void> {
    const { size, mtimeMs } = await stat(`${this.#options.file}-wal`);
    const resting = mtimeMs === this.#lastWalChange;
    this.#lastWalChange = mtimeMs;
    if (resting && size > EMPTY_WAL_BYTES) await this.checkpoint();
    if (this.#sound) await this.#backUpDaily();
  }

  /** Resolves when the copy is on the disk and was found sound. */
  async backUp(reason: Backup['reason']): Promise<void> {
    const { backupsFolder, file, now } = this.#options;
    await mkdir(backupsFolder, { recursive: true });
    await this.worker.run({ task: 'back-up', file, target: join(backupsFolder, backupName(reason, now())) });
    await rotateBackups(backupsFolder);
  }

  async #backUpDaily(): Promise<void> {
    const { backupsFolder, now } = this.#options;
    const last = (await listBackups(backupsFolder)).find((backup) => backup.reason === 'daily');
    if (!last || Math.abs(now() - last.createdAt) >= DAY_MS) await this.backUp('daily');
  }

  /** One at a time; what comes while something runs is left out, because the next tick brings it again. */
  #alone(work: () => Promise<void>): Promise<void> {
    this.#running ??= work()
      .catch((error: unknown) => void this.#options.log?.error('Maintenance of the database', error))
      .finally(() => (this.#running = null));
    return this.#running;
  }
}
