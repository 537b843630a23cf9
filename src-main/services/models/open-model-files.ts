// Wires what deals with model files: the list, and the folder that copies and downloads go to.
import { join } from 'node:path';
import type { InspectedModel, Model } from '#contract/models.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Log } from '../../lib/log.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { removeUnfinishedCopies } from './copy-files.ts';
import { readDemoModel } from './demo-model.ts';
import { FolderUse } from './folder-use.ts';
import { ModelLibrary } from './model-library.ts';
import { ModelStorage } from './model-storage.ts';

interface ModelFileOptions {
  database: AppDatabase;
  settings: SettingsService;
  paths: { dataFolder: string; resources: string };
  inference: InferenceService;
  /** Reads a header in the engine process: files are untrusted. */
  inspect: (path: string) => Promise<Omit<InspectedModel, 'path'>>;
  now: () => number;
  log: Log;
}

export interface ModelFiles {
  library: ModelLibrary;
  storage: ModelStorage;
  /** Where copies of models go: the folder the person set, or the one inside the data folder. */
  modelsFolder: () => string;
}

export async function openModelFiles(options: ModelFileOptions): Promise<ModelFiles> {
  const { database, settings, paths, inference, now, log } = options;
  const defaultFolder = join(paths.dataFolder, 'models');
  const modelsFolder = (): string => settings.current.value.modelsFolder || defaultFolder;
  const folderUse = new FolderUse();
  const library = new ModelLibrary({
    repository: database.models,
    demo: await readDemoModel(paths.resources),
    modelsFolder,
    folderUse,
    inspect: options.inspect,
    now,
    log,
  });
  const folders = { dataFolder: paths.dataFolder, defaultFolder, modelsFolder };
  const afterMove = async (models: readonly Model[]): Promise<void> => {
    inference.modelsMoved(models);
    // Windows deletes no file that is mapped into memory.
    if (process.platform === 'win32') await inference.unload(new AbortController().signal);
  };
  const storage = new ModelStorage({ database, settings, library, folderUse, ...folders, afterMove, log });
  await library.refresh();
  void storage.finishMove();
  void removeUnfinishedCopies(modelsFolder());
  return { library, storage, modelsFolder };
}
