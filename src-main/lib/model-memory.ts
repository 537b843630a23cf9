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
  /** Computed on a graphics processor, whose memory is taken whole, whether it is ever touched or not. */
  onGraphics?: boolean;
}

/** What a model takes, in bytes. */
export interface ModelMemory {
  weightsBytes: number;
  /** Cache, work and checkpoints. */
  contextBytes: number;
  /** With the process that runs it. */
  totalBytes: number;
}

/** Tokens that are read in one go. */
export const READING_BATCH = 512;

const MEBIBYTE = 1_048_576;
const FLOAT_BYTES = 4;
const HALF_BYTES = 2;
/** The cache is rounded up to this many tokens (llama.cpp, llama_context and llama_kv_cache_iswa). */
const CACHE_STEP = 256;
const CACHE_BYTES_PER_VALUE: Readonly<Record<CacheType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };
/** What matrix products keep of their input while they work: it is rounded to eight bits and a scale. */
const ROUNDED_BYTES = 36 / 32;
/** Gate, what it lets through, and their product: none is written over another (ggml-alloc, ggml_op_can_inplace). */
const FEED_FORWARD_PARTS = 3;
/** The state before and after a layer's work. */
const HIDDEN_PARTS = 2;
/** The process with the library in it, before and while a model is used. Measured: npm run bench -- --only memory. */
const PROCESS_BYTES = 162 * MEBIBYTE;
/**
 * Text, score and look-up entries of one token in llama.cpp, what is left of reading them, and the lists of candidates
 * that wait to be collected. Measured as above, on two vocabularies of Gemma's size (958 to 1,102).
 */
const TOKENIZER_BYTES_PER_TOKEN = 1000;

/** Early files of Gemma 2 name no window (llama.cpp, models/gemma2.cpp). */
const GEMMA_2_WINDOW = 4096;

/** Every how many layers one looks back over everything, where the files do not say so (llama.cpp, load_swa_pattern). */
const WINDOW_PATTERNS: Readonly<Record<string, number>> = {
  gemma2: 2,
  gemma3: 6,
  gemma3n: 5,
  'gemma-embedding': 6,
  'gpt-oss': 2,
  cohere2: 4,
};

export function windowPattern(architecture: string): number | null {
  return WINDOW_PATTERNS[architecture] ?? null;
}

/** Tokens that windowed layers look back at where the file does not say so; null: they look back at all. */
export function defaultWindow(architecture: string): number | null {
  return architecture === 'gemma2' ? GEMMA_2_WINDOW : null;
}

/**
 * A context up to so many windows long is kept whole also by layers with a window: the two checkpoints that it would
 * take to go back to another branch are as large as what is saved.
 */
const WHOLE_UP_TO_WINDOWS = 3;
/** How many are counted of the checkpoints that going back over windows takes: those of the last answer. */
const CHECKPOINTS_COUNTED = 2;

/** Whether flash attention is there to be used: the library leaves it alone for some (flashAttentionSupported). */
export function hasFlashAttention(architecture: string): boolean {
  return architecture !== 'gemma2' && architecture !== 'grok';
}

/** Everything together; `weightsBytes` as they lie in memory. */
export function memoryOf(shape: ModelShape, weightsBytes: number, options: ContextOptions): ModelMemory {
  const checkpoints = CHECKPOINTS_COUNTED * checkpointBytes(shape, options);
  const contextBytes = Math.round(cacheBytes(shape, options) + workBytes(shape, options) + checkpoints);
  return { weightsBytes, contextBytes, totalBytes: weightsBytes + contextBytes + processBytes(shape) };
}

/** Bytes of what is kept of each token, at `contextSize` tokens. */
export function cacheBytes(shape: ModelShape, options: ContextOptions): number {
  const widest = Math.max(0, ...shape.cache.map(({ kvHeads, headWidth }) => kvHeads * headWidth));
  const values = shape.cache.reduce((sum, group) => {
    const keyWidth = group.kvHeads * group.headWidth;
    // Without flash attention values lie across, as wide in every layer as in the widest (llama_kv_cache, v_trans).
    const valueWidth = options.flashAttention ? keyWidth : widest;
    return sum + cachedTokens(group, options.contextSize) * group.layers * (keyWidth + valueWidth);
  }, 0);
  return values * CACHE_BYTES_PER_VALUE[options.cacheType];
}

/** Bytes that computing takes beside weights and cache, at its widest point. */
export function workBytes(shape: ModelShape, options: ContextOptions): number {
  const { contextSize, flashAttention, onGraphics = false } = options;
  const batch = Math.min(READING_BATCH, contextSize);
  const sizes = [...new Set(shape.cache.map((group) => cachedTokens(group, contextSize)))];
  const hidden = HIDDEN_PARTS * shape.embeddingLength * FLOAT_BYTES * batch;
  const feedForward = shape.feedForwardLength * (FEED_FORWARD_PARTS * FLOAT_BYTES + ROUNDED_BYTES) * batch;
  // Scores, and the halves that they are rounded to before they weigh the values.
  const widestScores = shape.headCount * Math.max(0, ...sizes) * (FLOAT_BYTES + HALF_BYTES) * batch;
  const scores = flashAttention ? 0 : widestScores;
  const maskedTokens = sizes.reduce((sum, size) => sum + size, 0);
  const mask = maskedTokens * batch * (flashAttention ? HALF_BYTES : FLOAT_BYTES);
  // Room for a score of every word after every token, of which only the last one's is ever touched.
  const words = shape.vocabularySize * FLOAT_BYTES;
  const widest = Math.max(feedForward, scores, onGraphics ? words * batch : words);
  return hidden + widest + mask + words;
}

/** Bytes of the engine process beside weights, cache and work. */
export function processBytes({ vocabularySize }: Pick<ModelShape, 'vocabularySize'>): number {
  return PROCESS_BYTES + vocabularySize * TOKENIZER_BYTES_PER_TOKEN;
}

/** Whether layers with this window keep the whole context: see WHOLE_UP_TO_WINDOWS. */
export function keepsWholeWindows(window: number | null, contextSize: number): boolean {
  return window !== null && contextSize <= WHOLE_UP_TO_WINDOWS * window;
}

/** Bytes of a checkpoint: what the layers with a window hold. 0 where nothing is lost behind a window. */
export function checkpointBytes(
  shape: ModelShape,
  { contextSize, cacheType }: Pick<ContextOptions, 'contextSize' | 'cacheType'>,
): number {
  const values = shape.cache.reduce((sum, { layers, kvHeads, headWidth, window }) => {
    const whole = window === null || keepsWholeWindows(window, contextSize);
    return sum + (whole ? 0 : layers * kvHeads * headWidth * 2 * window);
  }, 0);
  return values * CACHE_BYTES_PER_VALUE[cacheType];
}

/** Tokens that a layer has room for: a window needs as many more as are read in one go, and one (node-llama-cpp). */
function cachedTokens({ window }: CacheLayers, contextSize: number): number {
  const all = roundUp(contextSize);
  if (window === null || keepsWholeWindows(window, contextSize)) return all;
  return Math.min(all, roundUp(window + Math.min(READING_BATCH, contextSize) + 1));
}

function roundUp(tokens: number): number {
  return Math.ceil(tokens / CACHE_STEP) * CACHE_STEP;
}
