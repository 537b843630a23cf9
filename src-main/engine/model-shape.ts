// What the header of a model says about its shape, for the arithmetic of memory. The header is untrusted: numbers
// that make no sense end in an error of their own, never in an absurd estimate.
import type { GgufFileInfo } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import { defaultWindow, windowPattern, type CacheLayers, type ModelShape } from '../lib/model-memory.ts';

const LARGEST_SANE = 2 ** 24;
const MOST_LAYERS = 10_000;

type Metadata = Record<string, unknown>;

/** The shape; null for architectures that keep their context in another way (recurrent, compressed). */
export function modelShape(info: GgufFileInfo): ModelShape | null {
  const metadata = info.architectureMetadata as Metadata;
  const attention = (metadata['attention'] ?? {}) as Metadata;
  if (attention['kv_lora_rank'] !== undefined || metadata['ssm'] !== undefined) return null;
  if (metadata['wkv'] !== undefined || metadata['full_attention_interval'] !== undefined) return null;
  const layerCount = sane(metadata['block_count'], MOST_LAYERS);
  const embeddingLength = sane(metadata['embedding_length']);
  const headCount = Math.max(...perLayer(attention['head_count'], layerCount, 1));
  return {
    layerCount,
    embeddingLength,
    headCount,
    feedForwardLength: feedForward(metadata, layerCount, embeddingLength),
    vocabularySize: vocabularySize(info),
    cache: cacheLayers(info, { layerCount, headCount, embeddingLength }),
  };
}

function feedForward(metadata: Metadata, layerCount: number, embeddingLength: number): number {
  const dense = Math.max(...perLayer(metadata['feed_forward_length'], layerCount, 4 * embeddingLength));
  const expert = metadata['expert_feed_forward_length'];
  if (expert === undefined) return dense;
  const used = sane(metadata['expert_used_count'] ?? 0, undefined, 0);
  return Math.max(dense, used * Math.max(...perLayer(expert, layerCount, 1)));
}

/** How many tokens the model knows; 0 where the header has no table of them. */
export function vocabularySize(info: GgufFileInfo): number {
  const words = (info.fullTensorInfo ?? []).find((tensor) => tensor.name === 'token_embd.weight');
  return words ? sane(Number(words.dimensions[1] ?? 1)) : 0;
}

function cacheLayers(
  info: GgufFileInfo,
  {
    layerCount,
    headCount,
    embeddingLength,
  }: Pick<ModelShape, 'layerCount' | 'headCount' | 'embeddingLength'>,
): CacheLayers[] {
  const architecture = info.metadata.general.architecture;
  const attention = ((info.architectureMetadata as Metadata)['attention'] ?? {}) as Metadata;
  const heads = perLayer(attention['head_count_kv'], layerCount, headCount);
  const width = sane(attention['key_length'] ?? Math.ceil(embeddingLength / headCount));
  const narrow = sane(attention['key_length_swa'] ?? width);
  const window = attention['sliding_window']
    ? sane(attention['sliding_window'])
    : defaultWindow(architecture);
  const pattern = attention['sliding_window_pattern'] ?? windowPattern(architecture);
  const groups = new Map<string, CacheLayers>();
  for (let layer = 0; layer < layerCount - sharedLayers(attention, architecture, layerCount); layer++) {
    const local = window !== null && isLocal(pattern, layer);
    const kvHeads = heads[layer] ?? headCount;
    const key = `${kvHeads} ${local}`;
    const known = groups.get(key);
    if (known) known.layers += 1;
    else {
      const headWidth = local ? narrow : width;
      groups.set(key, { layers: 1, kvHeads, headWidth, window: local ? window : null });
    }
  }
  return [...groups.values()];
}

/** Layers at the end that read what earlier ones keep. Gemma 3n's early files do not say so. */
function sharedLayers(attention: Metadata, architecture: string, layerCount: number): number {
  const stated = attention['shared_kv_layers'];
  if (stated !== undefined) return Math.min(Math.max(0, Number(stated) || 0), layerCount - 1);
  return architecture === 'gemma3n' ? Math.max(0, layerCount - 20) : 0;
}

/** Whether a layer looks back only as far as the window. Without a pattern none does: rather too much than too little. */
function isLocal(pattern: unknown, layer: number): boolean {
  if (Array.isArray(pattern)) return Boolean(pattern[layer]);
  const period = typeof pattern === 'number' && pattern > 1 ? Math.floor(pattern) : 1;
  return period > 1 && layer % period < period - 1;
}

/** One number for every layer, whether the header has one for all or a list. */
function perLayer(value: unknown, layerCount: number, otherwise: number): number[] {
  if (Array.isArray(value))
    return Array.from({ length: layerCount }, (_, at) => sane(value[at] ?? 0, undefined, 0));
  return Array.from({ length: layerCount }, () => sane(value ?? otherwise));
}

function sane(value: unknown, largest = LARGEST_SANE, smallest = 1): number {
  const number = Number(value);
  if (Number.isFinite(number) && number >= smallest && number <= largest) return number;
  throw new AppError('model-not-gguf', `The header says ${String(value)} where a count should be`);
}
