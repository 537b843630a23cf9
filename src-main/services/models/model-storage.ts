// The models folder as a whole: what it takes of the disk, and moving it to another one.
import { mkdir, realpath, stat, statfs } from 'node:fs/promises';
import { AppError } from '#contract/errors.ts';
import type { DiskUse, Model, MoveEvent } from '#contract/models.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Log } from '../../lib/log.ts';
import { paced } from '../../lib/steps.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { FolderUse, Pause } from './folder-use.ts';
import { missingFolder } from './model-files.ts';
import type { ModelLibrary } from './model-library.ts';
import { listFiles } from './move/list-files.ts';
import { FolderMove, type Relocation } from './move/move-folder.ts';

interface StorageOptions {
  database: AppDatabase;
  settings: SettingsService;
  library: ModelLibrary;
  folderUse: FolderUse;
  dataFolder: string;
  /** The one inside the data folder, which the setting '' means. */
  defaultFolder: string;
  modelsFolder: () => string;
  /** Models lie elsewhere now, and their old files will be deleted. */
  afterMove: (models: readonly Model[]) => Promise<void>;
  log: Log;
}

export class ModelStorage {
  readonly #options: StorageOptions;
  readonly #move: FolderMove;

  constructor(options: StorageOptions) {
    const { dataFolder, folderUse, log } = options;
    this.#options = options;
    this.#move = new FolderMove({
      dataFolder,
      folderUse,
      log,
      source: () => this.#source(),
      switchTo: (folder, files) => this.#switchTo(folder, files),
    });
  }

  /** Someone who writes into the models folder by itself, as downloads do, pauses while it is moved. */
  pauseForMoves(writer: Pause): void {
    this.#options.folderUse.register(writer);
  }

  /** The models folder, made where it is ours and nothing was put there yet. @throws AppError folder-missing */
  async folder(): Promise<string> {
    const { defaultFolder, modelsFolder } = this.#options;
    const path = modelsFolder();
    if (path === defaultFolder) await mkdir(path, { recursive: true });
    if (await stat(path).catch(() => null)) return path;
    throw missingFolder(path);
  }

  /** Bytes of all files in the models folder, and what is free on its disk. */
  async diskUse(): Promise<DiskUse> {
    const folder = this.#options.modelsFolder();
    const files = await listFiles(folder).catch(() => []);
    const usedBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return {
      folder,
      usedBytes,
      freeBytes: await this.#freeBytes(),
      unfinishedMove: await this.#move.unfinished(),
    };
  }

  /** @throws AppError of FolderMove.move, database-read-only */
  move(folder: string, signal: AbortSignal): AsyncGenerator<MoveEvent, void, void> {
    if (this.#options.database.readOnly)
      throw new AppError('database-read-only', 'The new place could not be noted down');
    return paced(this.#move.move(folder, signal));
  }

  giveUpMove(): Promise<void> {
    return this.#move.giveUp();
  }

  /** Ends a move that a kill or a power cut left in its last step. */
  async finishMove(): Promise<void> {
    await this.#move
      .finishAtStart()
      .catch((error: unknown) => this.#options.log.error('Finishing a move of the models folder', error));
  }

  async #freeBytes(): Promise<number | null> {
    const { modelsFolder, defaultFolder, dataFolder } = this.#options;
    // Ours is made when it is needed; one that a person chose is gone when its disk is.
    const places = modelsFolder() === defaultFolder ? [defaultFolder, dataFolder] : [modelsFolder()];
    for (const place of places) {
      const disk = await statfs(place).catch(() => null);
      if (disk) return disk.bavail * disk.bsize;
    }
    return null;
  }

  /** @throws AppError folder-missing when models should be there but their disk is gone */
  async #source(): Promise<string> {
    const folder = this.#options.modelsFolder();
    await this.#options.library.requireFolder();
    return realpath(folder).catch(() => folder);
  }

  async #switchTo(folder: string, files: Relocation[]): Promise<void> {
    const { database, settings, library, defaultFolder } = this.#options;
    const relocate = await library.prepareRelocation(files);
    database.transaction(() => {
      relocate();
      settings.change({ modelsFolder: folder === defaultFolder ? '' : folder });
    });
    await database.flush();
    await library.refresh();
    await this.#options.afterMove(library.list.value);
  }
}
