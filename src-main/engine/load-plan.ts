// Decides every setting that was left to the engine. Loading follows this plan and models.plan shows it, so that
// what is promised is what happens.
import type { Llama } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { LoadInput } from '#contract/engine.ts';
import type { EnginePlan } from '#contract/models.ts';
import { physicalCores } from '../lib/physical-cores.ts';
import { planGpuLayers } from './gpu-layers.ts';
import { backendOf, library } from './llama.ts';
import { memoryNeed } from './memory-need.ts';
import type { CheckedFile } from './read-header.ts';
import { isTiny } from './recommended-sampling.ts';
import { planRewinding } from './rewinding.ts';

/** Values are rounded in blocks of so many, which a head must be made up of (ggml: QK8_0, QK4_0). */
const COMPACT_BLOCK = 32;

export interface LoadSettings extends Omit<LoadInput, 'path'> {
  /** What unloading another model first would give back, in all and on the graphics processor. */
  reclaimableBytes?: number;
  reclaimableGraphicsBytes?: number;
}

/** Everything decided. Errors: kv-cache-unsupported, and those of memoryNeed and planGpuLayers. */
export async function planLoad(
  llama: Llama,
  checked: CheckedFile,
  settings: LoadSettings,
): Promise<EnginePlan> {
  const { GgufInsights } = await library();
  const insights = await GgufInsights.from(checked.info, llama);
  const { contextSize, gpuLayers, reclaimableBytes = 0, reclaimableGraphicsBytes = 0 } = settings;
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
    gpuLayers:
      llama.gpu === false
        ? null
        : await planGpuLayers(llama, insights, {
            ...decided,
            gpuLayers,
            reclaimableGraphicsBytes,
            swaFullCache: planRewinding(checked, decided).swaFullCache,
          }),
    threads: isTiny(checked.header) ? 1 : Math.min(settings.threads ?? Infinity, physicalCores()),
    memory,
  };
}

/** Compact values are only read by flash attention, and only in whole blocks (llama.cpp, llama_init_from_model). */
function requireCompactable(checked: CheckedFile, flashAttention: boolean): void {
  const { attention, embedding_length: embeddingLength } = checked.info.architectureMetadata;
  const headWidth = attention?.key_length ?? (embeddingLength ?? 0) / (Number(attention?.head_count) || 1);
  if (flashAttention && headWidth % COMPACT_BLOCK === 0) return;
  throw new AppError('kv-cache-unsupported', 'The context can only be kept in full precision');
}
