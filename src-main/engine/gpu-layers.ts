// How many layers of a model go to the graphics processor: told before loading, and decided in the same way by it.
import type { GgufInsights, Llama, LlamaModelOptions } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { EnginePlan } from '#contract/models.ts';
import { library } from './llama.ts';

interface LayerSettings extends Pick<EnginePlan, 'contextSize' | 'kvCacheType' | 'flashAttention'> {
  /** At most; null: as many as fit. */
  gpuLayers: number | null;
  /** What unloading the present model first would give back on the graphics processor. */
  reclaimableGraphicsBytes: number;
  /** See Rewinding. */
  swaFullCache: boolean;
}

/** As many as fit beside this context. Error: model-too-large, when the graphics processor has no room for any. */
export async function planGpuLayers(
  llama: Llama,
  insights: GgufInsights,
  settings: LayerSettings,
): Promise<NonNullable<EnginePlan['gpuLayers']>> {
  const { GgmlType, InsufficientMemoryError } = await library();
  const type = GgmlType[cacheTypeName(settings.kvCacheType)];
  const memory = await llama.getVramState();
  const free = Math.min(memory.total, memory.free + settings.reclaimableGraphicsBytes);
  const { configurationResolver, totalLayers } = insights;
  try {
    const { gpuLayers } = await configurationResolver.resolveModelGpuLayersV2(
      layersOption(settings.contextSize, settings.gpuLayers),
      {
        getVramState: async () => ({ ...memory, free: Math.max(0, free - llama.vramPaddingSize) }),
        defaultContextFlashAttention: settings.flashAttention,
        defaultContextSwaFullCache: settings.swaFullCache,
        defaultContextKvCacheKeyType: type,
        defaultContextKvCacheValueType: type,
        useMmap: 'auto',
      },
    );
    return { used: gpuLayers, total: totalLayers };
  } catch (cause) {
    if (!(cause instanceof InsufficientMemoryError)) throw cause;
    throw new AppError('model-too-large', 'Too little graphics memory is free', { cause });
  }
}

/** How many layers go to the GPU: as many as fit beside this context, and never more than the person said. */
export function layersOption(
  contextSize: number,
  gpuLayers: number | null,
): NonNullable<LlamaModelOptions['gpuLayers']> {
  return { ...(gpuLayers !== null && { max: gpuLayers }), fitContext: { contextSize } };
}

/** What the library calls a KV cache type, for keys and values alike. */
export function cacheTypeName(kvCacheType: EnginePlan['kvCacheType']): 'F16' | 'Q8_0' | 'Q4_0' {
  return kvCacheType.toUpperCase() as 'F16' | 'Q8_0' | 'Q4_0';
}
