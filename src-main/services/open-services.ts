// Wires the services that need a database. All of them open and close together: a restored backup means new ones.
import { join } from 'node:path';
import type { Settings } from '#contract/settings.ts';
import type { Model } from '#contract/models.ts';
import type { AppDatabase } from '../database/app-database.ts';
import type { Host } from '../hosts/host.ts';
import type { Log } from '../lib/log.ts';
import { ChatService } from './chat/chat-service.ts';
import { ContextStates } from './inference/context-states.ts';
import { EngineSupervisor } from './inference/engine-supervisor.ts';
import { InferenceService } from './inference/inference-service.ts';
import { ModelLoader } from './inference/model-loader.ts';
import { readDemoModel } from './models/demo-model.ts';
import { ModelLibrary } from './models/model-library.ts';
import { SettingsService } from './settings/settings-service.ts';

export interface AppPaths {
  /** The person's data: database, backups, models, caches, log. */
  dataFolder: string;
  /** What ships with the app: demo model, icons. */
  resources: string;
}

export interface ServiceOptions {
  paths: AppPaths;
  host: Host;
  now: () => number;
  log: Log;
}

export interface Services {
  database: AppDatabase;
  settings: SettingsService;
  library: ModelLibrary;
  inference: InferenceService;
  chat: ChatService;
  /** Where copies of models go: the folder the person set, or the one inside the data folder. */
  modelsFolder(): string;
  /** Starts what should be ready before the first question. */
  warmUp(): void;
  /** Saves what is being written and stops the engine; never waits for the model. */
  close(): Promise<void>;
}

/** Everything on top of an open database. */
export async function openServices(database: AppDatabase, options: ServiceOptions): Promise<Services> {
  const { paths, now, log } = options;
  const settings = new SettingsService(database.settings);
  const modelsFolder = (): string => settings.current.value.modelsFolder || join(paths.dataFolder, 'models');
  const { supervisor, inference } = createInference(database, settings, options);
  const library = new ModelLibrary({
    repository: database.models,
    demo: await readDemoModel(paths.resources),
    modelsFolder,
    inspect: async (path) => {
      const { client } = await supervisor.engine();
      return client.call('engine.inspect', { path, contextSize: settings.current.value.contextSize });
    },
    now,
    log,
  });
  await library.refresh();
  const startupModel = (): Model | null => modelFor(settings.current.value.startupModel, library);
  const model = (): Model | null => inference.wantedModel() ?? startupModel() ?? library.lastUsed();
  const chat = new ChatService({ database, inference, settings: settings.current, model, now, log });
  const closing = new AbortController();
  void followSettings(settings, supervisor, inference, closing.signal);
  return {
    database,
    settings,
    library,
    inference,
    chat,
    modelsFolder,
    warmUp() {
      const first = startupModel();
      const quiet = inference.status.value.state === 'stopped';
      // What goes wrong here shows in the engine's status; the next question tries again.
      if (first && quiet) inference.load(first, closing.signal).catch(() => {});
    },
    async close() {
      closing.abort();
      chat.close();
      inference.close();
      await database.close();
    },
  };
}

function createInference(
  database: AppDatabase,
  settings: SettingsService,
  { host, paths, now, log }: ServiceOptions,
): { supervisor: EngineSupervisor; inference: InferenceService } {
  const current = settings.current;
  const supervisor = new EngineSupervisor({
    start: (environment) => host.startEngine(environment),
    platform: process.platform,
    backend: current.value.backend,
    log,
    onCrash: (willRetry) => inference.engineCrashed(willRetry),
  });
  const limitBytes = (): number => current.value.stateCacheMegabytes * 1_000_000;
  const states = new ContextStates(
    join(paths.dataFolder, 'context-states'),
    database.contextStates,
    limitBytes,
  );
  const loader = new ModelLoader(supervisor, current);
  const inference = new InferenceService({ supervisor, loader, states, log, now });
  states.sweep().catch((error: unknown) => log.error('Sweeping saved contexts', error));
  return { supervisor, inference };
}

function modelFor(choice: Settings['startupModel'], library: ModelLibrary): Model | null {
  if (choice === 'none') return null;
  const chosen = library.list.value.find((model) => model.id === choice);
  return chosen ?? library.lastUsed();
}

/** Gives the engine what it can only take in by starting anew. */
async function followSettings(
  settings: SettingsService,
  supervisor: EngineSupervisor,
  inference: InferenceService,
  signal: AbortSignal,
): Promise<void> {
  let known = settings.current.value;
  for await (const now of settings.current.watch(signal)) {
    const backendChanged = now.backend !== known.backend;
    const contextChanged = now.contextSize !== known.contextSize || now.threads !== known.threads;
    known = now;
    if (backendChanged) supervisor.backends.choose(now.backend);
    // A model that no longer loads shows in the engine's status.
    if (backendChanged || contextChanged) await inference.reload(backendChanged).catch(() => {});
  }
}
