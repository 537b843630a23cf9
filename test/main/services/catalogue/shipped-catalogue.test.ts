// The catalogue that ships: wrong data here means gigabytes fetched for nothing, or terms nobody was shown.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cacheBytes } from '../../../../src-main/lib/model-memory.ts';
import {
  catalogueFile,
  parseCatalogue,
  readCatalogue,
  type KnownModel,
} from '../../../../src-main/services/catalogue/catalogue-file.ts';
import { bitsOf, estimateFileBytes } from '../../../../src-main/services/catalogue/quantizations.ts';

const RESOURCES = new URL('../../../../resources', import.meta.url).pathname;
const data: unknown = JSON.parse(readFileSync(`${RESOURCES}/catalogue/catalogue.json`, 'utf8'));
const known = parseCatalogue(data);
const { models } = catalogueFile.parse(data);

function about(id: string): KnownModel {
  const found = known.find(({ entry }) => entry.id === id);
  if (!found) throw new Error(`No ${id}`);
  return found;
}

describe('the shipped catalogue', () => {
  it('has every family that was promised: catches one lost in an edit', () => {
    const families = new Set(known.map(({ entry }) => entry.family));
    expect([...families].toSorted()).toEqual([
      'embeddinggemma',
      'gemma-1',
      'gemma-1.1',
      'gemma-2',
      'gemma-3',
      'gemma-3n',
      'gemma-4',
    ]);
    expect(about('gemma-2b-it-f32').entry.gated).toBe(true);
    expect(about('gemma-7b-it-q4_k_m').entry.name).toBe('Gemma 7B');
  });

  it('names every entry, file and checksum once: catches a row copied and half changed', () => {
    for (const of of [
      ({ entry }: KnownModel) => entry.id,
      ({ entry }: KnownModel) => `${entry.source.repository}/${entry.source.files[0]?.path}`,
      ({ entry }: KnownModel) => entry.source.files[0]?.sha256 ?? entry.id,
    ]) {
      expect(new Set(known.map(of)).size).toBe(known.length);
    }
  });

  it('has sizes that parameters and bits explain: catches a size in the wrong row or unit', () => {
    const shares = known.map(({ entry, shape }) => {
      const { parameterCount, quantization, sizeBytes } = entry;
      return { id: entry.id, share: sizeBytes / estimateFileBytes(quantization, { parameterCount, shape }) };
    });
    expect(shares.filter(({ share }) => share < 0.8 || share > 1.25)).toEqual([]);
  });

  it('estimates sizes nobody has told as close as those that are known: catches a wrong table of bits', () => {
    const exact = known.filter(({ entry }) => !entry.sizeEstimated && !/e\db/.test(entry.id));
    expect(exact.length).toBeGreaterThan(6);
    for (const { entry, shape } of exact) {
      const estimate = estimateFileBytes(entry.quantization, {
        parameterCount: entry.parameterCount,
        shape,
      });
      expect(Math.abs(estimate / entry.sizeBytes - 1), entry.id).toBeLessThan(0.1);
    }
  });

  it('asks for the terms wherever an account is asked for: catches a gate that nobody explains', () => {
    for (const { entry } of known) {
      expect(entry.licence === 'apache-2.0', entry.id).toBe(entry.family === 'gemma-4');
      if (entry.gated) expect(entry.licence, entry.id).toBe('gemma-terms');
      // Publishers other than Google let everybody in; of Google's own only Gemma 4 does.
      const publisher = entry.source.repository.split('/')[0];
      expect(entry.gated, entry.id).toBe(publisher === 'google' && entry.family !== 'gemma-4');
    }
  });

  it('says what each model is good for, and only what it can do', () => {
    for (const { entry } of known) {
      expect(entry.purposes.length, entry.id).toBeGreaterThan(0);
      expect(entry.languages.length, entry.id).toBeGreaterThan(0);
      expect(entry.activeParameterCount, entry.id).toBeLessThanOrEqual(entry.parameterCount);
      if (entry.purposes.includes('reading')) expect(entry.contextLength).toBeGreaterThanOrEqual(32_768);
      expect(entry.purposes.includes('retrieval')).toBe(entry.family === 'embeddinggemma');
    }
  });

  it('has shapes that make up their parameters: catches a layer count or width of another size', () => {
    for (const { id, shape, parameterCount, purposes } of models) {
      const { embeddingLength: width, vocabularySize, feedForwardLength, layerCount, headCount } = shape;
      const [widest] = shape.cache.toSorted((one, other) => other.headWidth - one.headWidth);
      const words = vocabularySize * width;
      const attention = layerCount * width * headCount * (widest?.headWidth ?? 0) * 3;
      const most = words + attention + layerCount * width * feedForwardLength * 3;
      expect(most, id).toBeGreaterThan(words);
      // Tables for each layer (E models) and experts that rest come on top.
      const least = /e\db|a4b/.test(id) ? 0.15 : 0.85;
      expect(most / parameterCount, id).toBeGreaterThan(least);
      expect(most / parameterCount, id).toBeLessThan(1.35);
      const kept = shape.cache.reduce((sum, { layers }) => sum + layers, 0);
      expect(kept <= layerCount && (kept === layerCount || /e\db/.test(id)), id).toBe(true);
      expect(purposes.length).toBeGreaterThan(0);
    }
  });

  it('keeps of each token at most what was told of these models (facts/gemma.md, 4.6)', () => {
    const slopes: Record<string, number> = {
      'gemma-4-e2b-it-q8_0': 10.5,
      'gemma-4-e4b-it-q8_0': 29.4,
      'gemma-4-26b-a4b-it-q8_0': 83.9,
      'gemma-4-31b-it-q4_k_m': 335.5,
      'gemma-3-270m-it-qat-q4_0': 3.1,
      'gemma-3-1b-it-q4_k_m': 4.2,
      'gemma-3-4b-it-q4_k_m': 21,
      'gemma-3-12b-it-q4_k_m': 67.1,
      'gemma-3-27b-it-qat-q4_0': 83.9,
    };
    for (const [id, megabytes] of Object.entries(slopes)) {
      const { shape, entry } = about(id);
      const at = (contextSize: number): number =>
        cacheBytes(shape, { contextSize, cacheType: 'f16', flashAttention: true });
      const slope = (at(9216) - at(8192)) / 1e6;
      expect(slope, id).toBeLessThan(megabytes * 1.02);
      // Those of Gemma 4 are stated as upper bounds; the others are exact.
      if (entry.family === 'gemma-3') expect(slope, id).toBeGreaterThan(megabytes * 0.98);
    }
  });

  it('refuses data with a mistake instead of shipping it', () => {
    const broken = structuredClone(data) as { models: { files: Record<string, unknown>[] }[] };
    Object.assign(broken.models[0]?.files[0] ?? {}, { sha256: 'abc' });
    expect(() => parseCatalogue(broken)).toThrow(/sha256/);
    expect(() => bitsOf('Q3_K_S')).toThrow('Q3_K_S');
  });

  it('is read from the resources folder', async () => {
    expect(await readCatalogue(RESOURCES)).toEqual(known);
    await expect(readCatalogue('/nowhere')).rejects.toThrow('ENOENT');
  });
});
