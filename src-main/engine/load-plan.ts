// Decides every setting that was left to the engine. Loading follows this plan and models.plan shows it, so that
// what is promised is what happens.
import type { GgufInsights, Llama, LlamaModelOptions } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { LoadInput } from '#contract/engine.ts';
import type { EnginePlan } from '#contract/models.ts';
import { physicalCores } from '../lib/physical-cores.ts';
import { backendOf, library } from './llama.ts';
import { memoryNeed } from './memory-need.ts';
import type { CheckedFile } from './read-header.ts';
import { isTiny } from './recommended-sampling.ts';

/** Values are rounded in blocks of so many, which a head must be made up of (ggml: QK8_0, QK4_0). */
const COMPACT_BLOCK = 32;

export type LoadSettings = Omit<LoadInput, 'path'> & { reclaimableBytes?: number };

/** Everything decided. Errors: kv-cache-unsupported and those of memoryNeed. */
export async function planLoad(
  llama: Llama,
  checked: CheckedFile,
  settings: LoadSettings,
): Promise<EnginePlan> {
  const { GgufInsights } = await library();
  const insights = await GgufInsights.from(checked.info, llama);
  const { contextSize, gpuLayers, reclaimableBytes = 0 } = settings;
  const kvCacheType = settings.kvCacheType ?? 'f16';
  const flashAttention = (settings.flashAttention ?? true) && insights.flashAttentionSupported;
  if (kvCacheType !== 'f16') requireCompactable(checked, flashAttention);
  const memory = await memoryNeed(llama, checked, {
    contextSize,
    kvCacheType,
    flashAttention,
    gpuLayers,
    reclaimableBytes,
  });
  const decided = { contextSize: memory.contextSize, kvCacheType, flashAttention };
  return {
    ...decided,
    backend: backendOf(llama),
    gpuLayers: llama.gpu === false ? null : await resolveLayers(insights, { ...decided, gpuLayers }),
    threads: isTiny(checked.header) ? 1 : Math.min(settings.threads ?? Infinity, physicalCores()),
    memory,
  };
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

/** Compact values are only read by flash attention, and only in whole blocks (llama.cpp, llama_init_from_model). */
function requireCompactable(checked: CheckedFile, flashAttention: boolean): void {
  const { attention, embedding_length: embeddingLength } = checked.info.architectureMetadata;
  const headWidth = attention?.key_length ?? (embeddingLength ?? 0) / (Number(attention?.head_count) || 1);
  if (flashAttention && headWidth % COMPACT_BLOCK === 0) return;
  throw new AppError('kv-cache-unsupported', 'The context can only be kept in full precision');
}

async function resolveLayers(
  insights: GgufInsights,
  decided: Pick<EnginePlan, 'contextSize' | 'kvCacheType' | 'flashAttention'> & { gpuLayers: number | null },
): Promise<EnginePlan['gpuLayers']> {
  const { GgmlType } = await library();
  const type = GgmlType[cacheTypeName(decided.kvCacheType)];
  const { configurationResolver, totalLayers } = insights;
  const { gpuLayers } = await configurationResolver.resolveModelGpuLayersV2(
    layersOption(decided.contextSize, decided.gpuLayers),
    {
      defaultContextFlashAttention: decided.flashAttention,
      defaultContextKvCacheKeyType: type,
      defaultContextKvCacheValueType: type,
      useMmap: 'auto',
    },
  );
  return { used: gpuLayers, total: totalLayers };
}
