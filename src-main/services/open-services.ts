// Wires the services that need a database. All of them open and close together: a restored backup means new ones.
import { join } from 'node:path';
import type { Settings } from '#contract/settings.ts';
import type { InspectedModel, Model } from '#contract/models.ts';
import type { AppDatabase } from '../database/app-database.ts';
import type { Host } from '../hosts/host.ts';
import type { Log } from '../lib/log.ts';
import { ChatService } from './chat/chat-service.ts';
import type { DownloadService } from './downloads/download-service.ts';
import { openDownloads, type DownloadsTuning } from './downloads/open-downloads.ts';
import { followMachine } from './hardware/follow-machine.ts';
import type { HardwareService } from './hardware/hardware-service.ts';
import { openHardware } from './hardware/open-hardware.ts';
import type { HubService } from './hub/hub-service.ts';
import { openHub } from './hub/open-hub.ts';
import { ContextStates } from './inference/context-states.ts';
import { EngineSupervisor } from './inference/engine-supervisor.ts';
import { InferenceService } from './inference/inference-service.ts';
import { ModelLoader } from './inference/model-loader.ts';
import type { ModelLibrary } from './models/model-library.ts';
import { openModelFiles, type ModelFiles } from './models/open-model-files.ts';
import type { NetworkService } from './network/network-service.ts';
import { SettingsService } from './settings/settings-service.ts';
import { TuningService } from './tuning/tuning-service.ts';
import { workingBackends } from './tuning/working-backends.ts';

export interface AppPaths {
  /** The person's data: database, backups, models, caches, log. */
  dataFolder: string;
  /** What ships with the app: demo model, icons. */
  resources: string;
}

export interface ServiceOptions {
  paths: AppPaths;
  host: Host;
  /** Of the app. */
  version: string;
  /** Waits and limits of downloads that tests make shorter. */
  downloadsTuning?: Partial<DownloadsTuning> | undefined;
  now: () => number;
  log: Log;
}

export interface Services extends ModelFiles {
  database: AppDatabase;
  settings: SettingsService;
  inference: InferenceService;
  hardware: HardwareService;
  network: NetworkService;
  hub: HubService;
  downloads: DownloadService;
  tuning: TuningService;
  chat: ChatService;
  /** Starts what should be ready before the first question. */
  warmUp(): void;
  /** Saves what is being written and stops the engine; never waits for the model. */
  close(): Promise<void>;
}

/** Everything on top of an open database. */
export async function openServices(database: AppDatabase, options: ServiceOptions): Promise<Services> {
  const { now, log } = options;
  const settings = new SettingsService(database.settings);
  const hardware = openHardware({ ...options, settings, reports: database.machineReports });
  const { host } = withChosenDevices(options, hardware);
  const { supervisor, inference } = createInference(database, settings, { ...options, host });
  const inspect = createInspect(supervisor, settings);
  const { network, hub } = openHub({ ...options, database, settings: settings.current, inspect });
  const files = await openModelFiles({ ...options, database, settings, inference, inspect });
  const { library } = files;
  const reach = { files, network, hub, termsOf: () => null };
  const { downloads, closeDownloads } = openDownloads({
    ...options,
    ...reach,
    database,
    settings: settings.current,
  });
  const tuning = new TuningService({
    library,
    repository: database.models,
    supervisor,
    inference,
    settings: settings.current,
    start: (environment) => host.startEngine(environment),
    workingBackends: () => workingBackends(hardware),
    now,
    log,
  });
  const startupModel = (): Model | null => modelFor(settings.current.value.startupModel, library);
  const model = (): Model | null => inference.wantedModel() ?? startupModel() ?? library.lastUsed();
  const chat = new ChatService({ database, inference, settings: settings.current, model, now, log });
  const closing = new AbortController();
  void followSettings(settings, supervisor, inference, closing.signal);
  const restart = (): Promise<void> => inference.reload(true);
  void followMachine({ hardware, supervisor, restart }, closing.signal);
  return {
    database,
    settings,
    ...files,
    inference,
    hardware,
    network,
    hub,
    downloads,
    tuning,
    chat,
    warmUp() {
      const first = startupModel();
      const quiet = inference.status.value.state === 'stopped';
      // What goes wrong here shows in the engine's status; the next question tries again.
      if (first && quiet) inference.load(first, closing.signal).catch(() => {});
    },
    async close() {
      closing.abort();
      for (const part of [chat, inference, hardware]) part.close();
      await closeDownloads();
      await network.close();
      await database.close();
    },
  };
}

/** Reads headers in the engine process: files are untrusted. */
function createInspect(supervisor: EngineSupervisor, settings: SettingsService) {
  return async (
    path: string,
    { headerOnly = false }: { headerOnly?: boolean } = {},
  ): Promise<Omit<InspectedModel, 'path'>> => {
    const { client } = await supervisor.engine();
    const { contextSize } = settings.current.value;
    return client.call('engine.inspect', { path, contextSize, headerOnly });
  };
}

/** Every engine process that works sees only the graphics processors that may be used. */
function withChosenDevices(options: ServiceOptions, hardware: HardwareService): ServiceOptions {
  const { host } = options;
  const startEngine: Host['startEngine'] = (environment) =>
    host.startEngine({ ...hardware.deviceEnvironment(), ...environment });
  return { ...options, host: { ...host, startEngine } };
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
