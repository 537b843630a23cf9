// The one choice a person is shown first, from the catalogue that ships, on machines that people have.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PURPOSES, type Purpose } from '#contract/catalogue.ts';
import type { Gpu, Machine } from '#contract/hardware.ts';
import { parseCatalogue, type KnownModel } from '../../../../src-main/services/catalogue/catalogue-file.ts';
import { speedOf } from '../../../../src-main/services/catalogue/estimate-speed.ts';
import { fitOf } from '../../../../src-main/services/catalogue/memory-need.ts';
import { roomOn, type MemoryRoom } from '../../../../src-main/services/catalogue/memory-room.ts';
import { recommend, type Candidate } from '../../../../src-main/services/catalogue/recommend.ts';
import { machine } from '../../../support/fake-catalogue.ts';
import { gpuOf, reportOf } from '../../../support/fake-machines.ts';

const GB = 1024 ** 3;
const file = new URL('../../../../resources/catalogue/catalogue.json', import.meta.url);
const known = parseCatalogue(JSON.parse(readFileSync(file, 'utf8')));

interface Setup {
  freeGigabytes: number;
  /** Of the main memory, in GB/s. */
  speed?: number | null;
  gpus?: Gpu[];
}

function roomOf({ freeGigabytes, gpus = [] }: Setup): MemoryRoom {
  const own: Machine = {
    ...machine,
    totalMemoryBytes: (freeGigabytes + 4) * GB,
    freeMemoryBytes: freeGigabytes * GB,
    backends: [reportOf({ backend: 'vulkan', gpus }), reportOf({ backend: 'cpu' })],
  };
  return roomOn(own, gpus.length > 0 ? 'vulkan' : 'cpu');
}

function judged(setup: Setup, models: readonly KnownModel[] = known): Candidate[] {
  const room = roomOf(setup);
  const { speed = 40 } = setup;
  const speeds = { memory: speed === null ? null : speed * 1e9, tested: {} };
  return models.map(({ entry, architecture, shape, quality }) => {
    const { instructionSets } = machine;
    const fit = fitOf({ ...entry, architecture, shape }, 8192, { room, instructionSets });
    const about = { ...entry, fit, modelId: null, downloadId: null };
    return { quality, entry: { ...about, speed: speedOf(entry, fit, { room, speeds, installed: null }) } };
  });
}

function choice(setup: Setup, purpose: Purpose = 'chat'): string | null {
  const { unified } = roomOf(setup);
  return recommend(judged(setup), purpose, unified)?.id ?? null;
}

const card = (gigabytes: number): Gpu =>
  gpuOf({
    name: `${gigabytes} GB`,
    totalMemoryBytes: gigabytes * GB,
    freeMemoryBytes: (gigabytes - 0.5) * GB,
  });

describe('the recommendation', () => {
  it('follows the size of the machine (facts/gemma.md, suggested catalogue)', () => {
    expect(choice({ freeGigabytes: 5 })).toBe('gemma-4-e2b-it-qat-ud-q4_k_xl');
    expect(choice({ freeGigabytes: 9 })).toBe('gemma-4-e4b-it-qat-ud-q4_k_xl');
    expect(choice({ freeGigabytes: 12 })).toBe('gemma-4-e4b-it-qat-ud-q4_k_xl');
    expect(choice({ freeGigabytes: 26 })).toBe('gemma-4-26b-a4b-it-qat-ud-q4_k_xl');
    expect(choice({ freeGigabytes: 6, gpus: [card(10)] })).toMatch(/^gemma-4-12b-it-qat/);
    expect(choice({ freeGigabytes: 16, gpus: [card(24)] })).toBe('gemma-4-31b-it-qat-ud-q4_k_xl');
  });

  it('never takes one that does not fit, and never one that is not for the purpose', () => {
    const gpus = [[], [card(4)], [card(16)], [{ ...card(12), integrated: true }]];
    const setups = [0.3, 0.7, 1.5, 3, 4, 7, 11, 20, 40, 90].flatMap((freeGigabytes) =>
      gpus.map((each) => ({ freeGigabytes, gpus: each })),
    );
    for (const setup of setups) {
      const all = judged(setup);
      for (const purpose of PURPOSES) {
        const id = choice(setup, purpose);
        const chosen = all.filter(({ entry }) => entry.id === id);
        expect(chosen.every(({ entry }) => entry.purposes.includes(purpose))).toBe(true);
        expect(['gpu', 'partly-gpu', 'cpu', undefined]).toContain(chosen[0]?.entry.fit.verdict);
      }
    }
  });

  it('takes a smaller model where a better one would be too slow to wait for', () => {
    expect(choice({ freeGigabytes: 26, speed: 80 })).toBe('gemma-4-26b-a4b-it-qat-ud-q4_k_xl');
    expect(choice({ freeGigabytes: 26, speed: 10 })).toBe('gemma-4-e2b-it-qat-ud-q4_k_xl');
    expect(choice({ freeGigabytes: 12, speed: 20 })).toBe('gemma-4-e4b-it-qat-ud-q4_k_xl');
  });

  it('takes no toy for its speed alone: catches 270 million parameters on a machine that was busy when measured', () => {
    expect(choice({ freeGigabytes: 15, speed: 5 })).toBe('gemma-4-e2b-it-qat-ud-q4_k_xl');
    expect(choice({ freeGigabytes: 15, speed: 2 })).toMatch(/^gemma-(4|3-4b|3-1b)/);
  });

  it('has a sensible choice where nobody could measure the memory', () => {
    expect(choice({ freeGigabytes: 26, speed: null })).toMatch(/^gemma-4-(e4b|26b-a4b)/);
  });

  it('says so when it is only the smallest, and nothing when nothing fits', () => {
    const nearlyFull = judged({ freeGigabytes: 0.95 });
    expect(recommend(nearlyFull, 'chat', false)).toEqual({
      id: 'gemma-3-270m-it-qat-q4_0',
      reason: 'smallest',
    });
    expect(choice({ freeGigabytes: 0.2 })).toBeNull();
    expect(recommend([], 'chat', false)).toBeNull();
  });

  it('finds passages with the model made for that', () => {
    expect(choice({ freeGigabytes: 9 }, 'retrieval')).toBe('embeddinggemma-300m-qat-q8_0');
  });
});

describe('between files of one model', () => {
  const e4b = known.filter(({ entry }) => entry.name === 'Gemma 4 E4B');

  function chosen(change: (id: string) => Partial<KnownModel['entry']>): string | undefined {
    const changed = e4b.map((model) => ({
      ...model,
      entry: { ...model.entry, ...change(model.entry.id) },
    }));
    return recommend(judged({ freeGigabytes: 30 }, changed), 'chat', false)?.id;
  }

  it('takes four bits trained for it before plain four bits, and before eight that are slower', () => {
    expect(chosen(() => ({}))).toBe('gemma-4-e4b-it-qat-ud-q4_k_xl');
    expect(chosen((id) => ({ fidelity: id.includes('qat') ? 2 : 4 }))).toBe('gemma-4-e4b-it-q4_k_m');
  });

  it('takes what needs no account, then what has no terms, then what is known to the byte', () => {
    expect(chosen((id) => ({ gated: id.includes('ud-q4') }))).toBe('gemma-4-e4b-it-qat-q4_0');
    const terms = { licence: 'gemma-terms' as const };
    expect(chosen((id) => (id.includes('ud-q4') ? terms : {}))).toBe('gemma-4-e4b-it-qat-q4_0');
    const { source } = e4b.find(({ entry }) => entry.id.includes('ud-q4'))?.entry ?? {};
    if (!source) throw new Error('No such file');
    const unpinned = { ...source, files: source.files.map((each) => ({ ...each, sha256: null })) };
    expect(chosen((id) => (id.includes('ud-q4') ? { source: unpinned } : {}))).toBe(
      'gemma-4-e4b-it-qat-q4_0',
    );
  });
});
