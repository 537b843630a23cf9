// What the engine process does behind its contract: one model at a time, one generation at a time.
import type { Llama } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import { createQueue } from '#rpc/queue.ts';
import type {
  CountInput,
  EngineEvent,
  EngineInfo,
  GenerateInput,
  Heartbeat,
  LoadEvent,
  LoadInput,
  MeasureEvent,
  MeasureInput,
  PromptView,
  TokenCounts,
} from '#contract/engine.ts';
import type { EnginePlan } from '#contract/models.ts';
import { collectGarbage } from './collect-garbage.ts';
import { countTokens } from './count-question.ts';
import { generate, prepare, viewPrompt } from './generate.ts';
import { backendOf, startLlama } from './llama.ts';
import { planLoad, type LoadSettings } from './load-plan.ts';
import { loadModel, type ModelInMemory } from './loaded-model.ts';
import { physicalCores } from '../lib/physical-cores.ts';
import { measure } from './measure.ts';
import { readHeader } from './read-header.ts';
import { saveState, type SavedFile } from './saved-state.ts';

const HEARTBEAT_MS = 250;
const PROGRESS_STEP = 0.01;

export class EngineProcess {
  #loaded: ModelInMemory | null = null;
  /** Resolves when the work that was asked for last has ended. */
  #idle: Promise<unknown> = Promise.resolve();

  async start(): Promise<EngineInfo> {
    const llama = await startLlama();
    return {
      backend: backendOf(llama),
      gpuNames: await llama.getGpuDeviceNames(),
      physicalCores: physicalCores(),
    };
  }

  async *heartbeat(signal: AbortSignal): AsyncGenerator<Heartbeat, void, void> {
    while (!signal.aborted) {
      yield { memoryBytes: process.memoryUsage.rss(), threads: this.#loaded?.threads.threads ?? null };
      await new Promise((resolve) => setTimeout(resolve, HEARTBEAT_MS));
    }
  }

  /** Works beside everything else. Errors: those of readHeader and planLoad. */
  async plan({ path, ...settings }: LoadSettings & { path: string }): Promise<EnginePlan> {
    const llama = await startLlama();
    const reclaimableGraphicsBytes = this.#loaded?.graphicsBytes ?? 0;
    return planLoad(llama, await readHeader(path), { ...settings, reclaimableGraphicsBytes });
  }

  /** Errors: those of loadModel. */
  async *load(input: LoadInput, signal: AbortSignal): AsyncGenerator<LoadEvent, void, void> {
    const llama = await startLlama();
    const release = await this.#occupy();
    const progress = createQueue<LoadEvent>();
    const loading = this.#replace(llama, input, (event) => progress.push(event), signal)
      .then(() => progress.close())
      .catch((error: Error) => progress.fail(error))
      .finally(release);
    try {
      yield* progress;
    } finally {
      await loading;
    }
  }

  async unload(): Promise<undefined> {
    const release = await this.#occupy();
    try {
      await this.#forget();
      return undefined;
    } finally {
      release();
    }
  }

  /** Errors: no-model, prompt-too-long. */
  async *generate(input: GenerateInput, signal: AbortSignal): AsyncGenerator<EngineEvent, void, void> {
    const release = await this.#occupy();
    try {
      yield* generate(this.#require(), input, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      release();
    }
  }

  /** Errors: no-model, prompt-too-long. */
  async prepare(input: GenerateInput, signal: AbortSignal): Promise<void> {
    const release = await this.#occupy();
    try {
      if (!signal.aborted) await prepare(this.#require(), input, signal);
    } finally {
      release();
    }
  }

  /** Errors: no-model, prompt-too-long. */
  async view(input: GenerateInput, signal: AbortSignal): Promise<PromptView> {
    const release = await this.#occupy();
    try {
      return await viewPrompt(this.#require(), input, signal);
    } finally {
      release();
    }
  }

  /** Works beside everything else. Errors: no-model. */
  count(input: CountInput, signal: AbortSignal): Promise<TokenCounts> {
    return countTokens(this.#require(), input, signal);
  }

  /** Errors: no-model. */
  async *measure(input: MeasureInput, signal: AbortSignal): AsyncGenerator<MeasureEvent, void, void> {
    const llama = await startLlama();
    const release = await this.#occupy();
    try {
      yield* measure(llama, this.#require(), input, signal);
    } finally {
      release();
    }
  }

  /** Errors: disk-full. */
  async saveState(file: string, maxBytes: number): Promise<SavedFile | null> {
    const release = await this.#occupy();
    try {
      if (!this.#loaded) return null;
      return await saveState(this.#loaded.sequence, file, maxBytes);
    } finally {
      release();
    }
  }

  async #replace(
    llama: Llama,
    input: LoadInput,
    tell: (event: LoadEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#forget();
    let told = -1;
    const onProgress = (progress: number): void => {
      if (progress < 1 && progress - told < PROGRESS_STEP) return;
      told = progress;
      tell({ type: 'progress', progress });
    };
    this.#loaded = await loadModel(llama, input, { onProgress, signal });
    tell({ type: 'loaded', model: this.#loaded.description });
  }

  async #forget(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    if (!loaded) return;
    await loaded.unload();
    collectGarbage();
  }

  #require(): ModelInMemory {
    if (!this.#loaded) throw new AppError('no-model', 'No model is loaded');
    return this.#loaded;
  }

  /** Waits for all earlier work: what was cancelled needs a moment to stop, and its successor must not suffer. */
  async #occupy(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#idle;
    this.#idle = promise;
    await before;
    return resolve;
  }
}
