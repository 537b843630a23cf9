import { describe, expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { ModelEngine } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import {
  choiceSentence,
  progressSentence,
  speedMeaning,
} from '../../../src-renderer/features/models/installed/speed-words.ts';
import {
  backendHint,
  contextHint,
  contextOptions,
  flashHint,
  layersHint,
} from '../../../src-renderer/features/models/installed/engine-setting-words.ts';
import { EngineSettingsStore } from '../../../src-renderer/features/models/installed/engine-settings-store.svelte.ts';
import { modelSummary } from '../../../src-renderer/features/models/model-words.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { defaultSettings, ownModel } from '../../support/fake-data.ts';
import { planOf, speedOf } from '../../support/fake-tuning.ts';

const automatic = ownModel.engine;

function begin(replace: Parameters<typeof createFakeHost>[0] = {}) {
  const host = createFakeHost(replace);
  const stores = createStores(host.api);
  const model = () => host.models.value.find(({ id }) => id === ownModel.id) ?? ownModel;
  return { host, stores, store: new EngineSettingsStore(stores, model) };
}

function contextFor(engine: Partial<ModelEngine>, model = ownModel) {
  const draft = { ...automatic, ...engine };
  return { model, draft, plan: planOf(model, draft), settings: defaultSettings, cores: 8 };
}

describe('engine settings', () => {
  it('plans what is drafted, and keeps nothing before it is applied', async () => {
    const { host, store } = begin();
    await vi.waitFor(() => expect(store.plan?.contextSize).toBe(16_384));
    store.set({ contextSize: 4096 });
    await vi.waitFor(() => expect(store.plan?.contextSize).toBe(4096));
    expect(store.automatic?.contextSize).toBe(16_384);
    expect(host.models.value[1]?.engine).toEqual(automatic);
    await store.apply();
    expect(host.models.value[1]?.engine).toEqual({ ...automatic, contextSize: 4096 });
    expect(store.applied).toBe('later');
    expect(store.changed).toBe(false);
  });

  // Catches a pair that the host can only refuse.
  it('a compact context takes flash attention with it', () => {
    const { store } = begin();
    store.set({ flashAttention: false });
    store.set({ kvCacheType: 'q8_0' });
    expect(store.draft).toMatchObject({ kvCacheType: 'q8_0', flashAttention: null });
    expect(flashHint(contextFor({ kvCacheType: 'q8_0' }))).toContain('needs it');
  });

  it('what is no number is named and can not be applied; nothing is automatic', () => {
    const { store } = begin();
    for (const text of ['many', '0', '2.5', '999']) {
      store.type('threads', text);
      expect(store.errorOf('threads')).toEqual({ minimum: 1, maximum: 256 });
      expect(store.canApply).toBe(false);
    }
    store.type('threads', '4');
    expect(store.draft.threads).toBe(4);
    expect(store.canApply).toBe(true);
    store.type('threads', ' ');
    expect(store.draft.threads).toBeNull();
    store.type('threads', 'many');
    store.reset();
    expect([store.textOf('threads'), store.errorOf('threads')]).toEqual(['', null]);
  });

  it('shows why it could not be planned or applied, and keeps the draft', async () => {
    const refuse = () => {
      throw new AppError('engine-unavailable', 'No such backend');
    };
    const { store } = begin({ 'models.plan': refuse, 'models.configure': refuse });
    store.set({ backend: 'cuda' });
    await vi.waitFor(() => expect(store.failure?.code).toBe('engine-unavailable'));
    await store.apply();
    expect(store.failure?.code).toBe('engine-unavailable');
    expect(store.draft.backend).toBe('cuda');
    expect(store.applied).toBeNull();
  });

  // Catches "fits easily" beside the reason why it can't be loaded.
  it('a plan that fails takes the figures of the one before with it', async () => {
    const { store } = begin({
      'models.plan': async ({ engine }) => {
        if (engine.backend) throw new AppError('engine-unavailable', 'No such backend');
        return planOf(ownModel, engine);
      },
    });
    await vi.waitFor(() => expect(store.plan).not.toBeNull());
    store.set({ backend: 'cuda' });
    await vi.waitFor(() => expect(store.failure).not.toBeNull());
    expect(store.plan).toBeNull();
  });

  // Catches "Automatic (2,048 tokens)" from the answer to what was set a moment before.
  it('an answer to an earlier draft is never taken for the automatic one', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const { store } = begin({
      'models.plan': async ({ engine }) => {
        if (engine.contextSize === 2048) {
          asked.resolve();
          await answer.promise;
        }
        return planOf(ownModel, engine);
      },
    });
    await vi.waitFor(() => expect(store.automatic?.contextSize).toBe(16_384));
    store.set({ contextSize: 2048 });
    await asked.promise;
    store.reset();
    answer.resolve();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(store.automatic?.contextSize).toBe(16_384);
  });

  // Catches a model that no longer loads because what its context can't do was kept.
  it('what the model can never do can not be applied', async () => {
    const { store } = begin({
      'models.plan': ({ engine }) => {
        if (engine.kvCacheType) throw new AppError('kv-cache-unsupported', 'Not in blocks of 32');
        return planOf(ownModel, engine);
      },
    });
    store.set({ kvCacheType: 'q4_0' });
    await vi.waitFor(() => expect(store.failure).not.toBeNull());
    expect(store.canApply).toBe(false);
    store.set({ kvCacheType: null, threads: 2 });
    expect(store.canApply).toBe(true);
  });

  // Catches an answer to an earlier draft that comes late and overwrites the later one.
  it('only the last draft counts', async () => {
    const { store } = begin({
      'models.plan': async ({ engine }) => {
        await new Promise((resolve) => setTimeout(resolve, engine.contextSize === null ? 120 : 0));
        return planOf(ownModel, engine);
      },
    });
    store.set({ contextSize: 2048 });
    await vi.waitFor(() => expect(store.plan?.contextSize).toBe(2048));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(store.plan?.contextSize).toBe(2048);
  });
});

describe('words', () => {
  it('says what automatic comes to and why', () => {
    const measured = { ...ownModel, speeds: [speedOf('vulkan'), speedOf('cpu')] };
    expect(backendHint(contextFor({}))).toContain('GPU (Vulkan), the best that works');
    expect(backendHint(contextFor({}, measured))).toContain('the fastest in its speed test');
    expect(backendHint({ ...contextFor({}), settings: { ...defaultSettings, backend: 'vulkan' } })).toContain(
      'Settings',
    );
    expect(contextHint(contextFor({}))).toContain('16,384 tokens, about 33 pages');
    expect(layersHint(contextFor({}))).toBe('Automatic: all 35 are on the GPU.');
    expect(layersHint(contextFor({ contextSize: 65_536 }))).toContain('21 of 35');
  });

  it('offers context sizes up to what the model was trained on, and never more', () => {
    const values = contextOptions(ownModel, 3000, 16_384).map(({ value }) => value);
    expect(values[0]).toBe('automatic');
    expect(values).toContain('3000');
    expect(values.at(-1)).toBe('131072');
  });

  it('puts speed beside the model and in relation to reading', () => {
    expect(modelSummary({ ...ownModel, speeds: [speedOf('vulkan'), speedOf('cpu')] })).toContain(
      'writes 31 tokens/s on GPU (Vulkan)',
    );
    expect(modelSummary(ownModel)).not.toContain('tokens/s');
    const at = (rate: number): string => speedMeaning(speedOf('cpu', { generationTokensPerSecond: rate }));
    expect([at(2), at(6), at(30)]).toEqual([
      'It writes more slowly than people read.',
      'It writes about as fast as people read.',
      'It writes faster than people read.',
    ]);
    const chosen = (engine: Partial<ModelEngine>, forAll: Settings['backend'] = 'automatic'): string =>
      choiceSentence(
        'vulkan',
        { ...ownModel, engine: { ...automatic, ...engine } },
        { ...defaultSettings, backend: forAll },
      );
    expect(chosen({})).toContain('automatic choice');
    expect(chosen({ backend: 'cpu' })).toContain('you have set CPU for this model');
    // Catches a promise that the settings for all models break.
    expect(chosen({}, 'cpu')).toContain('you have set CPU for all models');
    expect(chosen({ backend: 'vulkan' }, 'cpu')).toContain('automatic choice');
    const moment = { type: 'progress', backend: 'cpu', phase: 'reading', progress: 0.4 } as const;
    expect(progressSentence({ ...moment, secondsLeft: 12 })).toBe('CPU: reading… 12 sec left');
  });
});

describe('speed test', () => {
  it('runs once at a time, tells how far it is, and ends with the fastest', async () => {
    const { host, stores } = begin();
    const { speedTest } = stores;
    const running = speedTest.start(ownModel.id);
    expect(speedTest.modelId).toBe(ownModel.id);
    await speedTest.start(1);
    await vi.waitFor(() => expect(speedTest.progress?.backend).toBe('vulkan'));
    await running;
    expect(speedTest.modelId).toBeNull();
    expect(speedTest.outcomeOf(ownModel.id)).toMatchObject({ fastest: 'vulkan', failed: [], stopped: false });
    expect(host.models.value[1]?.speeds).toHaveLength(2);
    expect(speedTest.outcomeOf(1)).toBeNull();
  });

  it('can be stopped; a backend that failed is named beside it', async () => {
    const aborted = vi.fn();
    const { stores } = begin({
      async *'models.testSpeed'(_, signal) {
        yield {
          type: 'failed' as const,
          backend: 'cuda' as const,
          failure: { code: 'engine-stopped' as const },
        };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted();
      },
    });
    const running = stores.speedTest.start(ownModel.id);
    await vi.waitFor(() => expect(stores.speedTest.outcomeOf(ownModel.id)?.failed).toHaveLength(1));
    stores.speedTest.stop();
    await running;
    expect(stores.speedTest.outcomeOf(ownModel.id)).toMatchObject({ stopped: true, fastest: null });
    await vi.waitFor(() => expect(aborted).toHaveBeenCalled());
  });
});
