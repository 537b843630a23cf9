// The models channels: the library, and the engine that runs one of its models.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Host } from '../../hosts/host.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { modelFileHandlers } from './model-file-handlers.ts';
import { tuningHandlers } from '../tuning/tuning-handlers.ts';
import type { TuningService } from '../tuning/tuning-service.ts';
import type { ModelLibrary } from './model-library.ts';
import type { ModelStorage } from './model-storage.ts';

type ModelChannels = Extract<keyof Handlers<Contract>, `models.${string}`>;

interface ModelServices {
  library: ModelLibrary;
  storage: ModelStorage;
  inference: InferenceService;
  tuning: TuningService;
  database: AppDatabase;
}

export function modelHandlers(
  services: () => ModelServices,
  host: Host,
): Pick<Handlers<Contract>, ModelChannels> {
  return {
    ...modelFileHandlers(services, host),
    ...tuningHandlers(() => services().tuning),
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
