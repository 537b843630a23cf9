// Engine settings and the speed test as the interface sees them: plans of a machine with a graphics processor that
// a large context does not fit on, and a test whose backends take a moment each.
import type { Backend } from '#contract/common.ts';
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import type { EnginePlan, Model, ModelEngine, SpeedResult, SpeedTestEvent } from '#contract/models.ts';
import type { Handlers } from '#rpc/define.ts';
import type { Watchable } from '../../src-main/lib/watchable.ts';

const GB = 1024 ** 3;
const PHASES = ['starting', 'loading', 'reading', 'writing'] as const;
const CACHE_SHARE = { f16: 1, q8_0: 0.53, q4_0: 0.28 };

const RATES: Record<string, [read: number, write: number]> = { cpu: [41, 9.3], vulkan: [412, 31.4] };

export function speedOf(backend: Backend, more: Partial<SpeedResult> = {}): SpeedResult {
  const [promptTokensPerSecond, generationTokensPerSecond] = RATES[backend] ?? [800, 60];
  return {
    backend,
    promptTokensPerSecond,
    generationTokensPerSecond,
    timeToFirstTokenMs: backend === 'cpu' ? 640 : 120,
    peakMemoryBytes: 3.6 * GB,
    contextSize: 8192,
    measuredAt: Date.UTC(2026, 4, 5, 10),
    ...more,
  };
}

export function planOf(model: Model, engine: ModelEngine): EnginePlan {
  if (engine.kvCacheType && engine.kvCacheType !== 'f16' && engine.flashAttention === false) {
    throw new AppError('kv-cache-unsupported', 'Needs flash attention');
  }
  const trained = model.header.contextLength ?? 8192;
  const backend = engine.backend ?? (model.demo ? 'cpu' : 'vulkan');
  const contextSize = Math.min(trained, engine.contextSize ?? 16_384);
  const kvCacheType = engine.kvCacheType ?? 'f16';
  const weightsBytes = model.header.fileSizeBytes;
  const contextBytes = contextSize * 60_000 * CACHE_SHARE[kvCacheType];
  const total = (model.header.layerCount ?? 34) + 1;
  const used = Math.min(engine.gpuLayers ?? total, contextSize > 32_768 ? 21 : total);
  return {
    backend,
    contextSize,
    kvCacheType,
    flashAttention: engine.flashAttention ?? true,
    gpuLayers: backend === 'cpu' ? null : { used, total },
    threads: engine.threads ?? (model.demo ? 1 : 8),
    memory: {
      contextSize,
      weightsBytes,
      contextBytes,
      totalBytes: weightsBytes + contextBytes + 0.2 * GB,
      freeBytes: 9.5 * GB,
    },
  };
}

/** `stepMs`: how long each phase of a speed test takes. */
export function tuningHandlers(models: Watchable<Model[]>, stepMs = 30) {
  const find = (id: number): Model => {
    const found = models.value.find((model) => model.id === id);
    if (!found) throw new AppError('not-found', 'No such model');
    return found;
  };
  const change = (id: number, changes: Partial<Model>): void =>
    models.set(models.value.map((model) => (model.id === id ? { ...model, ...changes } : model)));
  return {
    'models.plan': ({ id, engine }) => planOf(find(id), engine),
    'models.configure': ({ id, engine }) => change(id, { engine }),
    async *'models.testSpeed'({ id, backends }): AsyncGenerator<SpeedTestEvent> {
      const tested = backends ?? (['vulkan', 'cpu'] as const);
      for (const [index, backend] of tested.entries()) {
        for (const [step, phase] of PHASES.entries()) {
          const progress = (index + step / PHASES.length) / tested.length;
          yield { type: 'progress', backend, phase, progress, secondsLeft: Math.round((1 - progress) * 40) };
          await new Promise((resolve) => setTimeout(resolve, stepMs));
        }
        const result = speedOf(backend);
        const others = find(id).speeds.filter((speed) => speed.backend !== backend);
        const rate = (speed: SpeedResult): number => speed.generationTokensPerSecond;
        change(id, { speeds: [...others, result].toSorted((a, b) => rate(b) - rate(a)) });
        yield { type: 'measured', result };
      }
      yield { type: 'done', fastest: tested.length > 1 ? (find(id).speeds[0]?.backend ?? null) : null };
    },
  } satisfies Partial<Handlers<Contract>>;
}
