// What a model of the catalogue would take when it is loaded, from its shape alone. Pure.
import {
  cacheBytes,
  processBytes,
  workBytes,
  type ContextOptions,
  type ModelShape,
} from '../../lib/model-memory.ts';
import type { Need } from './judge-fit.ts';
import { bitsOf, wordBytes } from './quantizations.ts';

const FULL_PRECISION_BITS = 16;

interface Stored {
  sizeBytes: number;
  quantization: string;
  contextLength: number;
  shape: ModelShape;
}

/** `onProcessor`: nothing of it goes to a graphics processor. */
export function needOf(model: Stored, contextSize: number, onProcessor: boolean): Need {
  const { sizeBytes, shape } = model;
  const size = Math.min(contextSize, model.contextLength);
  const context: ContextOptions = { contextSize: size, cacheType: 'f16', flashAttention: true };
  const weightsBytes = sizeBytes + (onProcessor ? copiedBytes(model) : 0);
  const contextBytes = Math.round(cacheBytes(shape, context) + workBytes(shape, context));
  const totalBytes = weightsBytes + contextBytes + processBytes(shape);
  return { contextSize: size, weightsBytes, contextBytes, totalBytes };
}

/** Gemma looks up words and makes them with the same table; for the latter the processor lays out a copy of its own. */
function copiedBytes({ quantization, shape }: Stored): number {
  const { words } = bitsOf(quantization);
  return words < FULL_PRECISION_BITS ? Math.round(wordBytes(quantization, shape)) : 0;
}
