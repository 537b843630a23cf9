import { describe, expect, it } from 'vitest';
import {
  cacheBytes,
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

  it('takes about half of it with eight bits and about a quarter with four', () => {
    const model = shape([layers(18, 1, 256, null)]);
    expect(megabytes(model, 8192, 'q8_0') / megabytes(model, 8192)).toBeCloseTo(0.53, 2);
    expect(megabytes(model, 8192, 'q4_0') / megabytes(model, 8192)).toBeCloseTo(0.28, 2);
  });
});

describe('memory of the work', () => {
  it('knows that scores of all heads are kept only without flash attention', () => {
    const model = shape([layers(18, 1, 256, null)]);
    const context = { contextSize: 32_768, cacheType: 'f16' } as const;
    const without = workBytes(model, { ...context, flashAttention: false });
    const withIt = workBytes(model, { ...context, flashAttention: true });
    expect(without - withIt).toBeGreaterThan(300 * MEGABYTE);
  });

  it('counts the entries of a large vocabulary: they are 180 MB for every Gemma', () => {
    const small = processBytes(shape([], { vocabularySize: 2560 }));
    const large = processBytes(shape([], { vocabularySize: 262_144 }));
    expect((large - small) / MEGABYTE).toBeGreaterThan(150);
  });
});
