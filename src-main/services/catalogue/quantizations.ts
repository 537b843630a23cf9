// How many bits the ways of storing a model take for each of its numbers. Pure.
import type { ModelShape } from '../../lib/model-memory.ts';

interface Bits {
  weights: number;
  /** Of the table of words, which is stored more exactly. */
  words: Stored;
}

interface Stored {
  bits: number;
  /** As GGUF files number the types. */
  type: number;
}

const F32: Stored = { bits: 32, type: 0 };
const Q8_0: Stored = { bits: 8.5, type: 8 };
const Q6_K: Stored = { bits: 6.56, type: 14 };

/**
 * By name without 'QAT'. Block sizes of ggml; the mixtures of the K types as llama.cpp makes them. That QAT files of
 * Q4_0 keep their words in eight bits follows from their known sizes (test/main/services/catalogue).
 */
export const QUANTIZATIONS: Readonly<Record<string, Bits>> = {
  Q4_0: { weights: 4.5, words: Q8_0 },
  'UD-Q4_K_XL': { weights: 4.5, words: Q6_K },
  Q4_K_M: { weights: 4.85, words: Q6_K },
  Q5_K_M: { weights: 5.69, words: Q6_K },
  Q6_K: { weights: 6.56, words: Q6_K },
  Q8_0: { weights: 8.5, words: Q8_0 },
  F32: { weights: 32, words: F32 },
};

export function bitsOf(quantization: string): Bits {
  const bits = QUANTIZATIONS[quantization.replace('QAT ', '')];
  if (!bits) throw new Error(`Unknown quantization ${quantization}`);
  return bits;
}

/** Bytes of a file that nobody has told the size of; within a tenth or so. */
export function estimateFileBytes(
  quantization: string,
  { parameterCount, shape }: { parameterCount: number; shape: ModelShape },
): number {
  const { weights } = bitsOf(quantization);
  const others = parameterCount - shape.vocabularySize * shape.embeddingLength;
  return Math.round((others * weights) / 8 + wordBytes(quantization, shape));
}

/** Bytes of the table of words. */
export function wordBytes(
  quantization: string,
  { vocabularySize, embeddingLength }: Pick<ModelShape, 'vocabularySize' | 'embeddingLength'>,
): number {
  return (vocabularySize * embeddingLength * bitsOf(quantization).words.bits) / 8;
}
