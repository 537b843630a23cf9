import { describe, expect, it } from 'vitest';
import {
  cacheBytes,
  checkpointBytes,
  memoryOf,
  processBytes,
  workBytes,
  type CacheLayers,
  type ModelShape,
} from '../../../src-main/lib/model-memory.ts';

const MEGABYTE = 1e6;

function shape(cache: CacheLayers[], others: Partial<ModelShape> = {}): ModelShape {
  return {
    layerCount: cache.reduce((sum, { layers }) => sum + layers, 0),
    embeddingLength: 2560,
    feedForwardLength: 10_240,
    headCount: 8,
    vocabularySize: 262_144,
    cache,
    ...others,
  };
}

function layers(count: number, kvHeads: number, headWidth: number, window: number | null): CacheLayers {
  return { layers: count, kvHeads, headWidth, window };
}

function megabytes(
  model: ModelShape,
  contextSize: number,
  cacheType: 'f16' | 'q8_0' | 'q4_0' = 'f16',
): number {
  return cacheBytes(model, { contextSize, cacheType, flashAttention: true }) / MEGABYTE;
}

/** What each further 1,024 tokens cost once all windows are full. */
function slope(model: ModelShape): number {
  return megabytes(model, 32_768 + 1024) - megabytes(model, 32_768);
}

describe('memory of the context', () => {
  // Published figures for one thousand tokens (facts on Gemma, 4.6). Counting the windowed layers as full ones makes
  // Gemma 3 look five times as expensive, and a model that fits look too large.
  it.each([
    ['270M', layers(3, 1, 256, null), layers(15, 1, 256, 512), 3.1],
    ['1B', layers(4, 1, 256, null), layers(22, 1, 256, 512), 4.2],
    ['4B', layers(5, 4, 256, null), layers(29, 4, 256, 1024), 21],
    ['12B', layers(8, 8, 256, null), layers(40, 8, 256, 1024), 67.1],
    ['27B', layers(10, 16, 128, null), layers(52, 16, 128, 1024), 83.9],
  ])('grows as published for Gemma 3 %s', (_name, full, local, published) => {
    expect(slope(shape([full, local]))).toBeCloseTo(published, 0);
  });

  it('fills windows up to their size, the tokens of one reading and a rounding, and no further', () => {
    const windowed = shape([layers(10, 1, 256, 512)]);
    expect(megabytes(windowed, 600)).toBeLessThan(megabytes(windowed, 1280));
    expect(megabytes(windowed, 1280)).toBe(megabytes(windowed, 100_000));
    // 512 + 512 + 1 rounded up to 256s is 1,280 tokens of 10 layers, keys and values, two bytes each.
    expect(megabytes(windowed, 100_000)).toBe((1280 * 10 * 256 * 2 * 2) / MEGABYTE);
  });

  it('keeps a context up to three windows long whole, so that it can go back in it anywhere', () => {
    const windowed = shape([layers(10, 1, 256, 1024)]);
    const whole = shape([layers(10, 1, 256, null)]);
    expect(megabytes(windowed, 3072)).toBe(megabytes(whole, 3072));
    expect(megabytes(windowed, 3328)).toBeLessThan(megabytes(whole, 3328));
    expect(checkpointBytes(windowed, { contextSize: 3072, cacheType: 'f16' })).toBe(0);
    expect(checkpointBytes(whole, { contextSize: 8192, cacheType: 'f16' })).toBe(0);
  });

  // Catches a fifth of a gigabyte that Gemma 3 4B takes once it has answered, and no estimate told.
  it('counts two checkpoints of the windows where going back takes them', () => {
    const gemma34b = shape([layers(5, 4, 256, null), layers(29, 4, 256, 1024)]);
    const context = { contextSize: 8192, cacheType: 'f16', flashAttention: true } as const;
    const one = 29 * 4 * 256 * 2 * 2 * 1024;
    expect(checkpointBytes(gemma34b, context)).toBe(one);
    const held = cacheBytes(gemma34b, context) + workBytes(gemma34b, context);
    expect(memoryOf(gemma34b, 1e9, context).contextBytes).toBe(held + 2 * one);
  });

  it('takes about half of it with eight bits and about a quarter with four', () => {
    const model = shape([layers(18, 1, 256, null)]);
    expect(megabytes(model, 8192, 'q8_0') / megabytes(model, 8192)).toBeCloseTo(0.53, 2);
    expect(megabytes(model, 8192, 'q4_0') / megabytes(model, 8192)).toBeCloseTo(0.28, 2);
  });
});

// What llama.cpp's own log says it allocates (llama_kv_cache: size, sched_reserve: compute buffer size).
describe('what llama.cpp allocates', () => {
  const mebibyte = 1_048_576;
  const gemma2b = shape([layers(18, 1, 256, null)], {
    embeddingLength: 2048,
    feedForwardLength: 16_384,
    vocabularySize: 256_000,
  });
  const gemma3 = shape([layers(22, 1, 256, 512), layers(4, 1, 256, null)], {
    embeddingLength: 1152,
    feedForwardLength: 6912,
    headCount: 4,
  });

  it('keeps 18 MiB of 1,024 tokens for Gemma 2B and 39.5 MiB of 3,072 for Gemma 3 1B', () => {
    const context = { cacheType: 'f16', flashAttention: true } as const;
    expect(cacheBytes(gemma2b, { ...context, contextSize: 1024 }) / mebibyte).toBe(18);
    expect(cacheBytes(gemma3, { ...context, contextSize: 3072 }) / mebibyte).toBe(12 + 27.5);
    // Any size is rounded up to 256 tokens.
    expect(cacheBytes(gemma2b, { ...context, contextSize: 1000 }) / mebibyte).toBe(18);
  });

  // Catches half a gigabyte missing from every verdict on a graphics card: there, memory is taken whole.
  it('reserves scores of every word for every token that is read', () => {
    const context = { cacheType: 'f16', flashAttention: true, onGraphics: true } as const;
    const reserved = (model: ModelShape, contextSize: number): number =>
      workBytes(model, { ...context, contextSize }) / mebibyte;
    expect(reserved(gemma2b, 1024) / 508).toBeCloseTo(1, 1);
    expect(reserved(gemma3, 3072) / 517.5).toBeCloseTo(1, 1);
    expect(workBytes(gemma2b, { ...context, contextSize: 1024, onGraphics: false })).toBeLessThan(125e6);
  });

  // Gemma 4: 8 heads of 256 in windowed layers, 2 of 512 in the others. Values that lie across take the wider one's room.
  it('makes values as wide as in the widest layer without flash attention', () => {
    const model = shape([layers(10, 8, 256, 1024), layers(2, 2, 512, null)]);
    const context = { contextSize: 4096, cacheType: 'f16' } as const;
    const lying = cacheBytes(model, { ...context, flashAttention: false });
    const upright = cacheBytes(model, { ...context, flashAttention: true });
    expect(upright).toBe((1792 * 10 * 2048 * 2 + 4096 * 2 * 1024 * 2) * 2);
    expect(lying - upright).toBe(4096 * 2 * 1024 * 2);
  });

  it('adds up', () => {
    const context = { contextSize: 1024, cacheType: 'f16', flashAttention: true } as const;
    const memory = memoryOf(gemma2b, 1e9, context);
    expect(memory.contextBytes).toBe(cacheBytes(gemma2b, context) + workBytes(gemma2b, context));
    expect(memory.totalBytes).toBe(1e9 + memory.contextBytes + processBytes(gemma2b));
  });
});

describe('memory of the work', () => {
  // Measured: 111 MiB for Gemma 2B and 49 MiB for Gemma 3 1B when 512 tokens are read. Two buffers were counted.
  it('holds three buffers of the feed-forward width at once', () => {
    const wide = shape([], { feedForwardLength: 16_384 });
    const narrow = shape([], { feedForwardLength: 1 });
    const context = { contextSize: 1024, cacheType: 'f16', flashAttention: true } as const;
    expect(workBytes(wide, context) - workBytes(narrow, context)).toBeGreaterThan(3 * 16_000 * 4 * 512);
  });

  it('knows that scores of all heads are kept only without flash attention', () => {
    const model = shape([layers(18, 1, 256, null)]);
    const context = { contextSize: 32_768, cacheType: 'f16' } as const;
    const without = workBytes(model, { ...context, flashAttention: false });
    const withIt = workBytes(model, { ...context, flashAttention: true });
    expect(without - withIt).toBeGreaterThan(300 * MEGABYTE);
  });

  it('counts the entries of a large vocabulary: they are 260 MB for every Gemma', () => {
    const small = processBytes(shape([], { vocabularySize: 2560 }));
    const large = processBytes(shape([], { vocabularySize: 262_144 }));
    expect((large - small) / MEGABYTE).toBeGreaterThan(250);
  });
});
