// How a model is loaded: its own settings where the person made some, else the app's.
import type { Backend } from '#contract/common.ts';
import type { LoadInput } from '#contract/engine.ts';
import type { Model, SpeedResult } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';

export function loadInput({ path, engine }: Pick<Model, 'path' | 'engine'>, settings: Settings): LoadInput {
  const { contextSize, threads, gpuLayers, kvCacheType, flashAttention } = engine;
  return {
    path,
    contextSize: contextSize ?? settings.contextSize,
    threads: threads ?? settings.threads,
    gpuLayers,
    kvCacheType,
    flashAttention,
  };
}

/**
 * The person's wish for this model, else for all, else what a speed test found to be fastest, unless it is `broken`
 * by now, else the best.
 */
export function backendFor(
  { engine, speeds }: Pick<Model, 'engine' | 'speeds'>,
  settings: Pick<Settings, 'backend' | 'excludedBackends'>,
  broken: readonly Backend[] = [],
): Backend | 'automatic' {
  const { backend, excludedBackends: excluded } = settings;
  if (engine.backend && !excluded.includes(engine.backend)) return engine.backend;
  if (backend !== 'automatic' && !excluded.includes(backend)) return backend;
  return fastestBackend(speeds, [...excluded, ...broken]) ?? 'automatic';
}

/** Null while fewer than two were measured: the fastest of one says nothing about the others. */
export function fastestBackend(
  speeds: readonly SpeedResult[],
  excluded: readonly Backend[] = [],
): Backend | null {
  const usable = speeds.filter(({ backend }) => !excluded.includes(backend));
  if (usable.length < 2) return null;
  return usable.reduce((best, speed) =>
    speed.generationTokensPerSecond > best.generationTokensPerSecond ? speed : best,
  ).backend;
}
