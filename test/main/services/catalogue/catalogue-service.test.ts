// The catalogue joined with everything that changes around it: catches a page that stays wrong, or that never rests.
import { describe, expect, it } from 'vitest';
import type { Catalogue, CatalogueEntry } from '#contract/catalogue.ts';
import type { Download, DownloadQueue } from '#contract/downloads.ts';
import type { Machine } from '#contract/hardware.ts';
import type { EngineStatus, Model } from '#contract/models.ts';
import { settings as settingsSchema, type Settings } from '#contract/settings.ts';
import { Watchable } from '../../../../src-main/lib/watchable.ts';
import { readCatalogue } from '../../../../src-main/services/catalogue/catalogue-file.ts';
import { CatalogueService } from '../../../../src-main/services/catalogue/catalogue-service.ts';
import { machine } from '../../../support/fake-catalogue.ts';
import { engineStatus, header, ownModel } from '../../../support/fake-data.ts';
import { machines, reportOf } from '../../../support/fake-machines.ts';

const GB = 1024 ** 3;
const known = await readCatalogue(new URL('../../../../resources', import.meta.url).pathname);
const E2B = 'gemma-4-e2b-it-qat-q4_0';
const E2B_SHA = 'fa401b55b07ee70a54c6dae3903c783a6e65064312529ea57175cb5f8dec6634';

const onProcessor: Machine = { ...machine, best: 'cpu', backends: [reportOf({ backend: 'cpu' })] };
const stopped: EngineStatus = { ...engineStatus, state: 'stopped', modelId: null, gpuLayers: null };

function setUp(detected: Machine = onProcessor) {
  const parts = {
    machine: new Watchable(detected),
    status: new Watchable(stopped),
    settings: new Watchable<Settings>(settingsSchema.parse({})),
    models: new Watchable<Model[]>([]),
    queue: new Watchable<DownloadQueue>({
      list: [],
      totalBytes: 0,
      doneBytes: 0,
      bytesPerSecond: null,
      secondsLeft: null,
    }),
  };
  const inference = { status: parts.status, loadedBytes: 0 };
  const hardware = {
    machine: parts.machine,
    watch: (signal: AbortSignal) => parts.machine.watch(signal),
    refresh: async () => parts.machine.set(onProcessor),
  };
  const service = new CatalogueService({ ...parts, known, hardware, inference });
  return { ...parts, inference, service };
}

function entryOf({ entries }: Catalogue, id = E2B): CatalogueEntry {
  const found = entries.find((entry) => entry.id === id);
  if (!found) throw new Error(`No ${id}`);
  return found;
}

function downloadOf(id: string, state: Download['state'] = 'running'): Download {
  const { entry } = known.find((each) => each.entry.id === id) ?? {};
  if (!entry) throw new Error(`No ${id}`);
  return {
    id: 7,
    name: entry.name,
    source: entry.source,
    catalogueId: null,
    state,
    files: [],
    totalBytes: null,
    doneBytes: 0,
    bytesPerSecond: null,
    secondsLeft: null,
    connections: 1,
    failure: null,
    retryAt: null,
    modelId: null,
    addedAt: 1,
  };
}

describe('what an entry is joined with', () => {
  it('is the model with the same checksum, wherever it came from, while its file is there', () => {
    const { models, service } = setUp();
    models.set([{ ...ownModel, sha256: E2B_SHA }]);
    expect(entryOf(service.now('chat')).modelId).toBe(ownModel.id);
    expect(service.now('chat').entries.filter(({ modelId }) => modelId !== null)).toHaveLength(1);
    models.set([{ ...ownModel, sha256: E2B_SHA, fileState: 'missing' }]);
    expect(entryOf(service.now('chat')).modelId).toBeNull();
    models.set([{ ...ownModel, sha256: 'f'.repeat(64) }]);
    expect(entryOf(service.now('chat')).modelId).toBeNull();
  });

  it('is the model from the same place where a checksum is not known', () => {
    const { models, service } = setUp();
    const origin = {
      repository: 'ggml-org/gemma-3-1b-it-qat-GGUF',
      revision: 'a'.repeat(40),
      path: 'gemma-3-1b-it-qat-Q4_0.gguf',
    };
    models.set([{ ...ownModel, sha256: 'f'.repeat(64), origin }]);
    expect(entryOf(service.now('chat'), 'gemma-3-1b-it-qat-q4_0').modelId).toBe(ownModel.id);
  });

  it('is a file that another app keeps, by its name and its size to the byte', () => {
    const { models, service } = setUp();
    const theirs = {
      ...ownModel,
      path: '/lm-studio/ggml-org/gemma-4-E2B-it-Q8_0.gguf',
      sizeBytes: 4_967_494_592,
    };
    models.set([theirs]);
    expect(entryOf(service.now('chat'), 'gemma-4-e2b-it-q8_0').modelId).toBe(ownModel.id);
    models.set([{ ...theirs, sizeBytes: theirs.sizeBytes + 32 }]);
    expect(service.now('chat').entries.filter(({ modelId }) => modelId !== null)).toEqual([]);
  });

  it('is the download of the same file until it is done', () => {
    const { queue, service } = setUp();
    queue.set({ ...queue.value, list: [downloadOf(E2B)] });
    expect(entryOf(service.now('chat')).downloadId).toBe(7);
    queue.set({ ...queue.value, list: [downloadOf(E2B, 'done')] });
    expect(entryOf(service.now('chat')).downloadId).toBeNull();
  });

  it('shows what a speed test measured, and learns from it about the others', () => {
    const { models, service } = setUp();
    const before = entryOf(service.now('chat'), 'gemma-4-e4b-it-q8_0').speed;
    const speeds = [{ ...speedResult, generationTokensPerSecond: 99 }];
    models.set([{ ...ownModel, sha256: E2B_SHA, speeds }]);
    const after = service.now('chat');
    expect(entryOf(after).speed).toEqual({ tokensPerSecond: 99, source: 'measured', backend: 'cpu' });
    const learned = entryOf(after, 'gemma-4-e4b-it-q8_0').speed;
    expect(learned?.source).toBe('estimated');
    expect(learned?.tokensPerSecond).toBeGreaterThan(before?.tokensPerSecond ?? 0);
  });
});

const speedResult = {
  backend: 'cpu' as const,
  promptTokensPerSecond: 1,
  generationTokensPerSecond: 1,
  timeToFirstTokenMs: 1,
  peakMemoryBytes: 1,
  contextSize: 2048,
  measuredAt: 1,
};

describe('the context that verdicts are for', () => {
  it('is what suits the purpose, or what the person has set, but no more than a model can see', () => {
    const { settings, service } = setUp();
    expect(service.now('chat').contextSize).toBe(8192);
    expect(service.now('reading').contextSize).toBe(32_768);
    settings.set({ ...settings.value, contextSize: 65_536 });
    expect(service.now('reading').contextSize).toBe(65_536);
    expect(entryOf(service.now('chat')).fit.need.contextSize).toBe(65_536);
    expect(entryOf(service.now('chat'), 'gemma-2b-it-q8_0').fit.need.contextSize).toBe(8192);
  });
});

describe('the backend that verdicts are for', () => {
  it('is the best one, or the one the person wants if it works', () => {
    const { settings, service } = setUp(machine);
    expect(entryOf(service.now('chat')).fit.verdict).toBe('gpu');
    settings.set({ ...settings.value, backend: 'cpu' });
    expect(entryOf(service.now('chat')).fit.verdict).toBe('cpu');
    settings.set({ ...settings.value, backend: 'vulkan' });
    expect(entryOf(service.now('chat')).fit.verdict).toBe('gpu');
  });

  it('is none until the first detection is through: catches verdicts that change under the person’s eyes', () => {
    const half: Machine = { ...onProcessor, state: 'detecting', memoryBandwidth: null };
    const { machine: watched, service } = setUp(half);
    expect(entryOf(service.now('chat')).fit.verdict).toBe('unknown');
    expect(service.now('chat').recommended).toBeNull();
    watched.set({ ...half, state: 'detected' });
    expect(entryOf(service.now('chat')).fit.verdict).toBe('cpu');
  });
});

it('counts the memory of the loaded model as free, as far as it lies in main memory', () => {
  const { machine: watched, status, inference, service } = setUp();
  watched.set({ ...onProcessor, freeMemoryBytes: 2 * GB });
  expect(entryOf(service.now('chat')).fit.verdict).toBe('too-large');
  inference.loadedBytes = 6 * GB;
  expect(entryOf(service.now('chat')).fit.verdict).toBe('cpu');
  status.set({ ...stopped, gpuLayers: { used: 36, total: 36 } });
  expect(entryOf(service.now('chat')).fit.verdict).toBe('too-large');
});

it('asks for the terms of all but Gemma 4', () => {
  const { service } = setUp();
  expect(service.termsOf('gemma-2b-it-f32')).toBe('gemma-terms');
  expect(service.termsOf('gemma-3-4b-it-qat-q4_0')).toBe('gemma-terms');
  expect(service.termsOf(E2B)).toBeNull();
  expect(service.termsOf('nothing')).toBeNull();
});

describe('a file that is in no list', () => {
  const memory = {
    contextSize: 8192,
    weightsBytes: 4 * GB,
    contextBytes: GB,
    totalBytes: 5 * GB,
    freeBytes: 1,
  };

  it('is judged from its header, by the memory of this machine', async () => {
    const { service } = setUp();
    const { fit, speed } = await service.judge({ header, memory });
    expect(fit).toMatchObject({ verdict: 'cpu', need: { totalBytes: 5 * GB, freeBytes: 11 * GB } });
    expect(speed?.source).toBe('estimated');
  });

  it('is judged after a detection where none was made yet', async () => {
    const { service } = setUp(machines.detecting);
    const { fit } = await service.judge({ header, memory });
    expect(fit.verdict).toBe('cpu');
  });

  it('is as fast as its active weights, where the family is known', async () => {
    const { service } = setUp();
    const experts = {
      ...header,
      architecture: 'gemma4',
      parameterCount: 25_200_000_000,
      fileSizeBytes: 9 * GB,
    };
    const dense = { ...experts, architecture: 'llama' };
    const sparse = await service.judge({ header: experts, memory });
    const whole = await service.judge({ header: dense, memory });
    const ratio = (sparse.speed?.tokensPerSecond ?? 0) / (whole.speed?.tokensPerSecond ?? 1);
    expect(ratio).toBeCloseTo(25.2 / 3.8, 1);
  });
});

describe('while it is watched', () => {
  async function watched(change: (parts: ReturnType<typeof setUp>) => void): Promise<Catalogue[]> {
    const parts = setUp();
    const stop = new AbortController();
    const told: Catalogue[] = [];
    const watching = (async () => {
      for await (const catalogue of parts.service.watch('chat', stop.signal)) told.push(catalogue);
    })();
    await expect.poll(() => told.length).toBe(1);
    change(parts);
    // Something after it, which must come through.
    parts.settings.set({ ...parts.settings.value, contextSize: 4096 });
    await expect.poll(() => told.at(-1)?.contextSize).toBe(4096);
    stop.abort();
    await watching;
    return told;
  }

  it('tells every change of what it is made from', async () => {
    const told = await watched(({ models }) => models.set([{ ...ownModel, sha256: E2B_SHA }]));
    expect(entryOf(told.at(-1) as Catalogue).modelId).toBe(ownModel.id);
  });

  it('rests while a download only goes on, and while free memory trembles', async () => {
    const told = await watched(({ queue, machine: machineNow }) => {
      for (let tick = 1; tick < 50; tick++) queue.set({ ...queue.value, doneBytes: tick });
      machineNow.set({ ...onProcessor, freeMemoryBytes: onProcessor.freeMemoryBytes + 1_000_000 });
    });
    expect(told).toHaveLength(2);
  });

  it('ends with the window that watched', async () => {
    const { service } = setUp();
    const stop = new AbortController();
    stop.abort();
    const told = [];
    for await (const catalogue of service.watch('chat', stop.signal)) told.push(catalogue);
    expect(told).toEqual([]);
  });
});
