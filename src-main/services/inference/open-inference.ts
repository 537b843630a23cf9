// Wires the engine: the process that runs models, what asks it, and the settings it can only take in by starting anew.
import { join } from 'node:path';
import type { InspectedModel } from '#contract/models.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Host } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { ContextStates } from './context-states.ts';
import { EngineSupervisor } from './engine-supervisor.ts';
import { InferenceService } from './inference-service.ts';
import { ModelLoader } from './model-loader.ts';

interface InferenceOptions {
  database: AppDatabase;
  settings: SettingsService;
  dataFolder: string;
  startEngine: Host['startEngine'];
  now: () => number;
  log: Log;
}

export interface OpenInference {
  supervisor: EngineSupervisor;
  inference: InferenceService;
  /** Reads headers in the engine process: files are untrusted. */
  inspect: (path: string, options?: { headerOnly?: boolean }) => Promise<Omit<InspectedModel, 'path'>>;
  /** Deletes the evaluated context that is saved of a conversation. */
  forgetContext: (conversationId: number) => Promise<void>;
  closeInference: () => void;
}

export function openInference(options: InferenceOptions): OpenInference {
  const { database, settings, dataFolder, startEngine, now, log } = options;
  const { current } = settings;
  const supervisor = new EngineSupervisor({
    start: startEngine,
    platform: process.platform,
    backend: current.value.backend,
    log,
    onCrash: (willRetry) => inference.engineCrashed(willRetry),
  });
  const limitBytes = (): number => current.value.stateCacheMegabytes * 1_000_000;
  const states = new ContextStates(join(dataFolder, 'context-states'), database.contextStates, limitBytes);
  const loader = new ModelLoader(supervisor, current);
  const inference = new InferenceService({ supervisor, loader, states, log, now });
  states.sweep().catch((error: unknown) => log.error('Sweeping saved contexts', error));
  const closing = new AbortController();
  void followSettings(settings, supervisor, inference, closing.signal);
  return {
    supervisor,
    inference,
    async inspect(path, { headerOnly = false } = {}) {
      const { client } = await supervisor.engine();
      const { contextSize } = current.value;
      return client.call('engine.inspect', { path, contextSize, headerOnly });
    },
    forgetContext: (conversationId) => states.forget(conversationId),
    closeInference() {
      closing.abort();
      inference.close();
    },
  };
}

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
