// What a model of the catalogue would take when it is loaded, from its shape alone, and whether that is there. Pure.
import { hasFlashAttention, memoryOf, type ModelShape } from '../../lib/model-memory.ts';
import { isRepacked } from '../../lib/repacking.ts';
import type { Fit } from '#contract/catalogue.ts';
import { judgeFit, type Need } from './judge-fit.ts';
import type { MemoryRoom } from './memory-room.ts';
import { bitsOf, wordBytes } from './quantizations.ts';

interface Stored {
  sizeBytes: number;
  quantization: string;
  contextLength: number;
  architecture: string;
  shape: ModelShape;
}

/** The verdict at this context size. What it takes depends on where it runs: the processor is asked last. */
export function fitOf(
  model: Stored,
  contextSize: number,
  { room, instructionSets }: { room: MemoryRoom; instructionSets: readonly string[] },
): Fit {
  const { layerCount } = model.shape;
  const onGraphics = room.gpu && judgeFit(needOf(model, contextSize, null), layerCount, room);
  if (onGraphics && onGraphics.verdict !== 'cpu' && onGraphics.verdict !== 'too-large') return onGraphics;
  const onProcessor = needOf(model, contextSize, instructionSets);
  const fit = judgeFit(onProcessor, layerCount, { ...room, gpu: null });
  return onGraphics && fit.verdict === 'too-large' ? onGraphics : fit;
}

/** `processor`: the instruction sets of the one that all of it stays on; null where a graphics processor takes part. */
function needOf(model: Stored, wantedSize: number, processor: readonly string[] | null): Need {
  const { sizeBytes, shape, architecture } = model;
  const contextSize = Math.min(wantedSize, model.contextLength);
  const weightsBytes = sizeBytes + (processor ? copiedBytes(model, processor) : 0);
  const flashAttention = hasFlashAttention(architecture);
  const context = { contextSize, cacheType: 'f16', flashAttention, onGraphics: !processor } as const;
  return { contextSize, ...memoryOf(shape, weightsBytes, context) };
}

/** Gemma looks up words and makes them with the same table; for the latter a processor may lay out a copy of its own. */
function copiedBytes({ quantization, shape }: Stored, processor: readonly string[]): number {
  const { words } = bitsOf(quantization);
  return isRepacked(words.type, processor) ? Math.round(wordBytes(quantization, shape)) : 0;
}
