// How each model runs: the person's settings for it, what they would lead to, and how fast it is with them.
import { AppError } from '#contract/errors.ts';
import type { Backend } from '#contract/common.ts';
import type { EnginePlan, Model, ModelEngine, SpeedTestEvent } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import type { ModelRepository } from '../../database/model-repository.ts';
import type { Log } from '../../lib/log.ts';
import type { Watchable } from '../../lib/watchable.ts';
import { EnginePlanner } from '../inference/engine-planner.ts';
import type { EngineSupervisor } from '../inference/engine-supervisor.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { backendFor, loadInput } from '../inference/load-options.ts';
import type { StartEngine } from '../inference/side-engine.ts';
import type { ModelLibrary } from '../models/model-library.ts';
import { SpeedTest } from './speed-test.ts';

interface TuningOptions {
  library: ModelLibrary;
  repository: ModelRepository;
  supervisor: EngineSupervisor;
  inference: InferenceService;
  settings: Watchable<Settings>;
  start: StartEngine;
  workingBackends(): Promise<Backend[]>;
  now: () => number;
  log: Log;
}

export class TuningService {
  readonly #options: TuningOptions;
  readonly #planner: EnginePlanner;
  readonly #speedTest: SpeedTest;

  constructor(options: TuningOptions) {
    this.#options = options;
    this.#planner = new EnginePlanner({ ...options, loadedBytes: () => options.inference.loadedBytes });
    this.#speedTest = new SpeedTest(options);
  }

  /**
   * Keeps the settings; a loaded model is loaded again with them, after a running answer.
   * @throws AppError not-found, kv-cache-unsupported, and those of loading; the settings are kept then, too.
   */
  async configure(id: number, engine: ModelEngine): Promise<void> {
    const { library, repository, supervisor, inference, settings } = this.#options;
    const before = library.get(id);
    requireTogether(engine);
    repository.configure(id, engine);
    await library.refresh();
    const now = library.get(id);
    const { broken } = supervisor.backends;
    const use = (model: Model): string =>
      JSON.stringify([backendFor(model, settings.value, broken), loadInput(model, settings.value)]);
    if (use(now) !== use(before)) await inference.reload(false, now);
  }

  /** What loading the model with `engine` would do. */
  async plan(id: number, engine: ModelEngine, signal: AbortSignal): Promise<EnginePlan> {
    requireTogether(engine);
    return this.#planner.plan({ ...this.#options.library.get(id), engine }, signal);
  }

  testSpeed(id: number, backends: Backend[] | null, signal: AbortSignal): AsyncGenerator<SpeedTestEvent> {
    return this.#speedTest.run(id, backends, signal);
  }
}

/** llama.cpp reads compact values by flash attention only. */
function requireTogether({ kvCacheType, flashAttention }: ModelEngine): void {
  const compact = kvCacheType !== null && kvCacheType !== 'f16';
  if (!compact || flashAttention !== false) return;
  throw new AppError('kv-cache-unsupported', 'A compact context needs flash attention');
}
