// How much memory a model takes, computed from its shape alone: the same arithmetic serves a header that the engine
// has read and a row of the catalogue. Follows what llama.cpp allocates and then really touches.

export type CacheType = 'f16' | 'q8_0' | 'q4_0';

/** Layers that keep their own part of the context, and how much of it. */
export interface CacheLayers {
  layers: number;
  kvHeads: number;
  /** Values of one key; a value is taken to be as wide. */
  headWidth: number;
  /** Tokens a layer looks back at; null: all of them. */
  window: number | null;
}

export interface ModelShape {
  layerCount: number;
  embeddingLength: number;
  /** Of the widest layer; for mixtures of experts what one token passes through. */
  feedForwardLength: number;
  headCount: number;
  vocabularySize: number;
  cache: CacheLayers[];
}

export interface ContextOptions {
  contextSize: number;
  cacheType: CacheType;
  flashAttention: boolean;
}

/** Tokens that are read in one go. */
export const READING_BATCH = 512;

const MEBIBYTE = 1_048_576;
const FLOAT_BYTES = 4;
const HALF_BYTES = 2;
/** Windows are rounded up to this many tokens (llama.cpp, llama_kv_cache_iswa). */
const WINDOW_STEP = 256;
const CACHE_BYTES_PER_VALUE: Readonly<Record<CacheType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };
/** What matrix products keep of their input while they work: it is rounded to eight bits and a scale. */
const ROUNDED_BYTES = 36 / 32;
/** The process with the library in it, before and while a model is used. Measured: npm run bench -- --only memory. */
export const PROCESS_BYTES = 158 * MEBIBYTE;
/** Text, score and look-up entries of one token. Measured, as above. */
const TOKENIZER_BYTES_PER_TOKEN = 690;

/** Every how many layers one looks back over everything, where the files do not say so (llama.cpp, set_swa_pattern). */
const WINDOW_PATTERNS: Readonly<Record<string, number>> = {
  gemma2: 2,
  gemma3: 6,
  gemma3n: 5,
  'gemma-embedding': 6,
};

export function windowPattern(architecture: string): number | null {
  return WINDOW_PATTERNS[architecture] ?? null;
}

/** Bytes of what is kept of each token, at `contextSize` tokens. */
export function cacheBytes(shape: ModelShape, { contextSize, cacheType }: ContextOptions): number {
  const perValue = CACHE_BYTES_PER_VALUE[cacheType];
  return shape.cache.reduce((sum, { layers, kvHeads, headWidth, window }) => {
    const tokens = window === null ? contextSize : Math.min(contextSize, windowTokens(window, contextSize));
    return sum + tokens * layers * kvHeads * headWidth * 2 * perValue;
  }, 0);
}

/** Bytes that computing takes beside weights and cache, at its widest point. */
export function workBytes(shape: ModelShape, { contextSize, flashAttention }: ContextOptions): number {
  const batch = Math.min(READING_BATCH, contextSize);
  const hidden = 2 * shape.embeddingLength * FLOAT_BYTES * batch;
  const feedForward = shape.feedForwardLength * (2 * FLOAT_BYTES + ROUNDED_BYTES) * batch;
  const scores = flashAttention ? 0 : shape.headCount * contextSize * FLOAT_BYTES * batch;
  const mask = contextSize * batch * (flashAttention ? FLOAT_BYTES + HALF_BYTES : FLOAT_BYTES);
  const words = shape.vocabularySize * FLOAT_BYTES * 2;
  return hidden + Math.max(feedForward, scores) + mask + words;
}

/** Bytes of the engine process beside weights, cache and work. */
export function processBytes(shape: ModelShape): number {
  return PROCESS_BYTES + shape.vocabularySize * TOKENIZER_BYTES_PER_TOKEN;
}

function windowTokens(window: number, contextSize: number): number {
  const needed = window + Math.min(READING_BATCH, contextSize) + 1;
  return Math.ceil(needed / WINDOW_STEP) * WINDOW_STEP;
}
