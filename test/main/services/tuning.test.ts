// Which backend a model gets and how long a speed test still takes: pure rules that a machine with one backend
// would never show to be wrong.
import { expect, it } from 'vitest';
import type { Backend } from '#contract/common.ts';
import type { ModelEngine, SpeedResult } from '#contract/models.ts';
import { AUTOMATIC_ENGINE } from '../../../src-main/database/model-repository.ts';
import { backendFor, fastestBackend, loadInput } from '../../../src-main/services/inference/load-options.ts';
import { speedProgress } from '../../../src-main/services/tuning/speed-progress.ts';
import { settings } from '#contract/settings.ts';

const DEFAULTS = settings.parse({});

function speed(backend: Backend, generationTokensPerSecond: number): SpeedResult {
  const figures = { promptTokensPerSecond: 100, timeToFirstTokenMs: 300, peakMemoryBytes: 1e9 };
  return { backend, generationTokensPerSecond, ...figures, contextSize: 4096, measuredAt: 1 };
}

function model(engine: Partial<ModelEngine>, speeds: SpeedResult[]) {
  return { path: '/a.gguf', engine: { ...AUTOMATIC_ENGINE, ...engine }, speeds };
}

it('the fastest measured backend is the automatic one', () => {
  const speeds = [speed('cpu', 9), speed('vulkan', 31), speed('cuda', 30)];
  expect(backendFor(model({}, speeds), DEFAULTS)).toBe('vulkan');
});

// Catches a speed test overruling what the person has set, for this model or for all.
it('what the person set comes before what was measured', () => {
  const speeds = [speed('cpu', 9), speed('vulkan', 31)];
  expect(backendFor(model({ backend: 'cpu' }, speeds), DEFAULTS)).toBe('cpu');
  expect(backendFor(model({}, speeds), { ...DEFAULTS, backend: 'cuda' })).toBe('cuda');
  expect(backendFor(model({ backend: 'cuda' }, speeds), { ...DEFAULTS, excludedBackends: ['cuda'] })).toBe(
    'vulkan',
  );
});

// Catches a model that stays on the processor because only the processor was tested.
it('one result, or one that is left, decides nothing', () => {
  expect(fastestBackend([speed('cpu', 9)])).toBeNull();
  expect(fastestBackend([speed('cpu', 9), speed('vulkan', 31)], ['vulkan'])).toBeNull();
});

// Catches a plan that fails, and a start that fails each time, because of what was measured before a driver went away.
it('a fastest backend that no longer works is passed over; one that the person set is tried', () => {
  const speeds = [speed('cpu', 9), speed('vulkan', 31), speed('cuda', 60)];
  expect(backendFor(model({}, speeds), DEFAULTS, ['cuda'])).toBe('vulkan');
  expect(backendFor(model({}, speeds), DEFAULTS, ['cuda', 'vulkan'])).toBe('automatic');
  expect(backendFor(model({ backend: 'cuda' }, speeds), DEFAULTS, ['cuda'])).toBe('cuda');
});

it("a model's own settings come before those for all", () => {
  const all = { ...DEFAULTS, contextSize: 8192, threads: 4 };
  expect(loadInput(model({}, []), all)).toMatchObject({ contextSize: 8192, threads: 4, kvCacheType: null });
  expect(loadInput(model({ contextSize: 1024, kvCacheType: 'q8_0' }, []), all)).toMatchObject({
    contextSize: 1024,
    threads: 4,
    kvCacheType: 'q8_0',
  });
});

it('progress only grows and time left only shrinks along the way', () => {
  const moments = [0, 1].flatMap((done) =>
    (['starting', 'loading', 'reading', 'writing'] as const).flatMap((phase) =>
      [0, 0.5, 1].map((share) =>
        speedProgress({
          doneMs: Array<number>(done).fill(20_000),
          backends: 2,
          phase,
          share,
          modelBytes: 2e9,
        }),
      ),
    ),
  );
  const shares = moments.map(({ progress }) => progress);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares[0]).toBe(0);
  expect(shares.at(-1)).toBeCloseTo(1);
  const left = moments.map(({ secondsLeft }) => secondsLeft);
  expect(left.slice(0, 12)).toEqual(left.slice(0, 12).toSorted((a, b) => b - a));
  expect(moments.at(-1)?.secondsLeft).toBe(1);
});
