// Gets one model into the engine and keeps it there: loads on demand, again after a crash, and with new settings.
import { AppError, toWireError, type ErrorCode } from '#contract/errors.ts';
import type { LoadedModel } from '#contract/engine.ts';
import type { Failure } from '#contract/common.ts';
import type { EngineStatus, Model } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import { Watchable } from '../../lib/watchable.ts';
import { backendFor, loadInput } from './load-options.ts';
import { describeEngine } from './engine-status.ts';
import type { EngineSupervisor, RunningEngine } from './engine-supervisor.ts';

interface LoaderState {
  /** The model in the engine, or the one that should be: it crashed, or is being loaded. */
  model: Model | null;
  loaded: LoadedModel | null;
  loadProgress: number | null;
  generating: boolean;
  failure: Failure | null;
}

export interface ReadyEngine extends RunningEngine {
  readonly model: Model;
  readonly loaded: LoadedModel;
}

/** Failures of a load after which trying the same again makes no sense and the interface should show them. */
const SILENT: ErrorCode[] = ['cancelled', 'engine-stopped'];

export class ModelLoader {
  readonly status: Watchable<EngineStatus>;
  readonly #supervisor: EngineSupervisor;
  readonly #settings: Watchable<Settings>;
  #state: LoaderState = { model: null, loaded: null, loadProgress: null, generating: false, failure: null };

  constructor(supervisor: EngineSupervisor, settings: Watchable<Settings>) {
    this.#supervisor = supervisor;
    this.#settings = settings;
    this.status = new Watchable(this.#describe());
    void this.#followProcess();
  }

  get model(): Model | null {
    return this.#state.model;
  }

  /** What unloading would give back, in bytes, as far as can be told. */
  get loadedBytes(): number {
    return this.#state.loaded?.memory.totalBytes ?? 0;
  }

  /** The file of a model lies elsewhere now; it stays loaded, and is found there when it has to be loaded again. */
  moved(model: Model): void {
    if (this.#state.model?.id === model.id) this.#change({ model });
  }

  isLoaded(model: Model): boolean {
    return this.#state.loaded !== null && this.#state.model?.id === model.id;
  }

  /**
   * Loads `model` unless it is loaded. Only one caller at a time (the turn queue sees to that).
   * @throws AppError of `engine.load` or `engine.start`; model-load-failed when it makes the engine crash.
   */
  async ensureLoaded(model: Model, signal: AbortSignal): Promise<ReadyEngine> {
    const { loaded } = this.#state;
    if (loaded && this.isLoaded(model)) return { ...(await this.#supervisor.engine()), model, loaded };
    this.#change({ model, loaded: null, loadProgress: 0, failure: null });
    const { broken } = this.#supervisor.backends;
    this.#supervisor.prefer(backendFor(model, this.#settings.value, broken));
    try {
      const ready = await this.#loadWithRetries(model, signal);
      this.#change({ loaded: ready.loaded, loadProgress: null });
      return ready;
    } catch (error) {
      const { code, details } = toWireError(error);
      const failure = SILENT.includes(code) ? null : { code, ...(details && { details }) };
      this.#change({ model: null, loadProgress: null, failure });
      throw error;
    }
  }

  async unload(): Promise<void> {
    const wasLoaded = this.#state.loaded !== null;
    this.#change({ model: null, loaded: null, loadProgress: null, failure: null });
    if (!wasLoaded) return;
    const { client } = await this.#supervisor.engine();
    await client.call('engine.unload', undefined);
    // The process goes too: only that gives back all memory, whatever a driver keeps.
    this.#supervisor.stop();
  }

  /** The engine died: what was loaded is gone, the model stays the one to load again. */
  crashed(willRetry: boolean): void {
    const failure = willRetry ? null : { code: 'engine-unavailable' as const };
    this.#change({ loaded: null, generating: false, failure });
  }

  setGenerating(generating: boolean): void {
    this.#change({ generating });
  }

  async #loadWithRetries(model: Model, signal: AbortSignal): Promise<ReadyEngine> {
    for (;;) {
      const running = await this.#supervisor.engine();
      const deaths = this.#supervisor.deaths;
      try {
        return { ...running, model, loaded: await this.#load(running, model, signal) };
      } catch (error) {
        const died = error instanceof AppError && error.code === 'engine-stopped';
        if (!died || signal.aborted || this.#supervisor.deaths === deaths) throw error;
        if (!this.#supervisor.gaveUp) continue;
        throw new AppError('model-load-failed', 'Loading this model ends the engine', { cause: error });
      }
    }
  }

  async #load({ client }: RunningEngine, model: Model, signal: AbortSignal): Promise<LoadedModel> {
    const input = loadInput(model, this.#settings.value);
    for await (const event of client.stream('engine.load', input, signal)) {
      if (event.type === 'loaded') return event.model;
      this.#change({ loadProgress: event.progress });
    }
    throw new AppError('cancelled', 'Loading was cancelled');
  }

  #change(changes: Partial<LoaderState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#publish();
  }

  #publish(): void {
    const next = this.#describe();
    if (JSON.stringify(next) !== JSON.stringify(this.status.value)) this.status.set(next);
  }

  #describe(): EngineStatus {
    const { state, info, heartbeat } = this.#supervisor.state.value;
    return describeEngine({
      process: state,
      info,
      heartbeat,
      fallback: this.#supervisor.backends.fallback,
      ...this.#state,
    });
  }

  async #followProcess(): Promise<void> {
    const forever = new AbortController().signal;
    for await (const _ of this.#supervisor.state.watch(forever)) this.#publish();
  }
}
