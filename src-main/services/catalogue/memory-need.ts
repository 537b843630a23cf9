// What a model of the catalogue would take when it is loaded, from its shape alone. Pure.
import { memoryOf, type ModelShape } from '../../lib/model-memory.ts';
import { isRepacked } from '../../lib/repacking.ts';
import type { Need } from './judge-fit.ts';
import { bitsOf, wordBytes } from './quantizations.ts';

interface Stored {
  sizeBytes: number;
  quantization: string;
  contextLength: number;
  shape: ModelShape;
}

/** `processor`: the instruction sets of the one that all of it stays on; null where a graphics processor takes part. */
export function needOf(model: Stored, wantedSize: number, processor: readonly string[] | null): Need {
  const { sizeBytes, shape } = model;
  const contextSize = Math.min(wantedSize, model.contextLength);
  const weightsBytes = sizeBytes + (processor ? copiedBytes(model, processor) : 0);
  const context = { contextSize, cacheType: 'f16', flashAttention: true, onGraphics: !processor } as const;
  return { contextSize, ...memoryOf(shape, weightsBytes, context) };
}

/** Gemma looks up words and makes them with the same table; for the latter a processor may lay out a copy of its own. */
function copiedBytes({ quantization, shape }: Stored, processor: readonly string[]): number {
  const { words } = bitsOf(quantization);
  return isRepacked(words.type, processor) ? Math.round(wordBytes(quantization, shape)) : 0;
}
