// Asks an engine what it would do with a model. The one that runs is asked when it is on the right backend; for
// another backend a process is started that ends with the answer, since only that backend knows its own memory.
import type { EnginePlan, Model } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';
import { backendFor, loadInput } from './load-options.ts';
import { startSideEngine, type StartEngine } from './side-engine.ts';

interface PlannerOptions {
  supervisor: EngineSupervisor;
  /** What unloading the present model would give back. */
  loadedBytes(): number;
  settings: Watchable<Settings>;
  start: StartEngine;
}

export class EnginePlanner {
  readonly #options: PlannerOptions;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /** @throws AppError of `engine.plan`: model-file-*, model-not-gguf, kv-cache-unsupported; engine-unavailable. */
  async plan(model: Pick<Model, 'path' | 'engine' | 'speeds'>, signal: AbortSignal): Promise<EnginePlan> {
    const { supervisor, settings, start } = this.#options;
    // What is loaded goes before another one comes.
    const input = { ...loadInput(model, settings.value), reclaimableBytes: this.#options.loadedBytes() };
    const backend = backendFor(model, settings.value, supervisor.backends.broken);
    if (supervisor.runs(backend)) {
      return (await supervisor.engine()).client.call('engine.plan', input, signal);
    }
    const engine = await startSideEngine(start, supervisor.backends.resolve(backend), signal);
    try {
      return await engine.client.call('engine.plan', input, signal);
    } finally {
      engine.end();
    }
  }
}
