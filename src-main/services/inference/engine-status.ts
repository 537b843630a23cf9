// Puts what the supervisor, the loaded model and the queue know into the one status that the interface shows.
import type { EngineInfo, Heartbeat, LoadedModel } from '#contract/engine.ts';
import type { EngineStatus, Model } from '#contract/models.ts';

/** Memory is shown rounded to this, so that its trembling does not travel to the window four times a second. */
const MEMORY_STEP_BYTES = 8 * 1024 * 1024;

export interface StatusParts {
  process: 'stopped' | 'starting' | 'running';
  info: EngineInfo | null;
  heartbeat: Heartbeat | null;
  /** The model that is loaded or being loaded. */
  model: Model | null;
  loaded: LoadedModel | null;
  loadProgress: number | null;
  generating: boolean;
  fallback: EngineStatus['fallback'];
  failure: EngineStatus['failure'];
}

export function describeEngine(parts: StatusParts): EngineStatus {
  const { info, heartbeat, model, loaded } = parts;
  return {
    state: stateOf(parts),
    modelId: model?.id ?? null,
    modelName: model?.name ?? null,
    demo: model?.demo ?? false,
    backend: info?.backend ?? null,
    gpuNames: info?.gpuNames ?? [],
    contextSize: loaded?.contextSize ?? null,
    threads: loaded ? (heartbeat?.threads ?? loaded.threads) : null,
    gpuLayers: loaded?.gpuLayers ?? null,
    canThink: loaded?.canThink ?? false,
    kvCacheType: loaded?.kvCacheType ?? null,
    flashAttention: loaded?.flashAttention ?? null,
    loadProgress: parts.loadProgress,
    memoryBytes: heartbeat && Math.round(heartbeat.memoryBytes / MEMORY_STEP_BYTES) * MEMORY_STEP_BYTES,
    fallback: parts.fallback,
    failure: parts.failure,
  };
}

function stateOf(parts: StatusParts): EngineStatus['state'] {
  if (parts.generating) return 'generating';
  if (parts.loadProgress !== null) return parts.process === 'starting' ? 'starting' : 'loading';
  if (parts.loaded) return 'ready';
  return parts.process === 'starting' ? 'starting' : 'stopped';
}
