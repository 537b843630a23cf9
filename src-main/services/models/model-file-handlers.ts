// The models channels that deal with files: the list, adding, exporting, moving, removing.
import type { Contract } from '#contract/index.ts';
import { AppError } from '#contract/errors.ts';
import type { Handlers } from '#rpc/define.ts';
import { rm } from 'node:fs/promises';
import { isAvailable, type Host } from '../../hosts/host.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { discoverModels, thisMachine } from './discover/discover-models.ts';
import { exportModel } from './export-model.ts';
import type { ModelLibrary } from './model-library.ts';
import type { ModelStorage } from './model-storage.ts';

interface FileServices {
  library: ModelLibrary;
  storage: ModelStorage;
  inference: InferenceService;
}

type FileChannels =
  | 'models.watch'
  | 'models.inspect'
  | 'models.add'
  | 'models.remove'
  | 'models.discover'
  | 'models.export'
  | 'models.moveFolder'
  | 'models.giveUpMove'
  | 'models.showInFolder'
  | 'models.openFolder'
  | 'models.diskUse';

export function modelFileHandlers(
  services: () => FileServices,
  host: Host,
): Pick<Handlers<Contract>, FileChannels> {
  const exporting = new Set<string>();
  return {
    'models.watch': (_, signal) => services().library.watch(signal),
    'models.inspect': ({ path }) => services().library.inspect(path),
    'models.add': ({ path, placement }, signal) => services().library.add(path, placement, signal),
    'models.remove': async ({ id, file }, signal) => {
      const { library, inference } = services();
      const dispose = disposal(file, host);
      if (inference.wantedModel()?.id === library.get(id).id) await inference.unload(signal);
      await library.remove(id, dispose);
    },
    'models.discover': () =>
      discoverModels(
        thisMachine(),
        services().library.list.value.map(({ path }) => path),
      ),
    'models.export': ({ id, folder }, signal) =>
      exportModel(services().library.get(id), { folder, taken: exporting }, signal),
    'models.moveFolder': ({ folder }, signal) => services().storage.move(folder, signal),
    'models.giveUpMove': () => services().storage.giveUpMove(),
    'models.showInFolder': ({ id }) => needFileManager(host).showInFolder(services().library.get(id).path),
    'models.openFolder': async () => {
      const fileManager = needFileManager(host);
      await fileManager.openFolder(await services().storage.folder());
    },
    'models.diskUse': () => services().storage.diskUse(),
  };
}

/**
 * How the files of a removed model go; null: they stay. What it returns throws model-file-not-removed.
 * @throws AppError unavailable-here
 */
function disposal(file: 'keep' | 'bin' | 'delete', host: Host): ((path: string) => Promise<void>) | null {
  if (file === 'keep') return null;
  const fileManager = file === 'bin' ? needFileManager(host) : null;
  return async (path) => {
    try {
      await (fileManager ? fileManager.moveToBin(path) : rm(path, { force: true }));
    } catch (cause) {
      throw new AppError('model-file-not-removed', `${path} stays`, { cause });
    }
  };
}

function needFileManager(host: Host) {
  const { fileManager } = host.capabilities;
  if (isAvailable(fileManager)) return fileManager;
  throw new AppError('unavailable-here', `No file manager: ${fileManager.unavailable}`);
}
