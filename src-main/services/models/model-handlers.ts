// The models channels: the library, and the engine that runs one of its models.
import type { Contract } from '#contract/index.ts';
import type { Model } from '#contract/models.ts';
import type { Handlers } from '#rpc/define.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import type { ModelLibrary } from './model-library.ts';

type ModelChannels = Extract<keyof Handlers<Contract>, `models.${string}`>;

interface ModelServices {
  library: ModelLibrary;
  inference: InferenceService;
  database: AppDatabase;
}

export function modelHandlers(services: () => ModelServices): Pick<Handlers<Contract>, ModelChannels> {
  const isInUse = (model: Model): boolean => services().inference.status.value.modelId === model.id;
  return {
    'models.watch': (_, signal) => services().library.watch(signal),
    'models.inspect': ({ path }) => services().library.inspect(path),
    'models.add': ({ path, placement }, signal) => services().library.add(path, placement, signal),
    'models.remove': async ({ id, deleteFile }, signal) => {
      const { library, inference } = services();
      if (isInUse(library.get(id))) await inference.unload(signal);
      await library.remove(id, deleteFile);
    },
    'models.load': async ({ id }, signal) => {
      const { library, inference, database } = services();
      const model = library.get(id);
      await inference.load(model, signal);
      if (!database.readOnly) library.markUsed(id);
    },
    'models.unload': (_, signal) => services().inference.unload(signal),
    'models.watchEngine': (_, signal) => services().inference.status.watch(signal),
  };
}
