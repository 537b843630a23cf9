// One model, one engine, many wishes: gives each its turn, streams its events, and saves what was evaluated.
import { AppError, type ErrorCode } from '#contract/errors.ts';
import type { CountInput, EngineEvent, PromptView, TokenCounts } from '#contract/engine.ts';
import type { EngineStatus, Model } from '#contract/models.ts';
import type { Log } from '../../lib/log.ts';
import { TurnQueue, type Turn, type Wish } from '../../lib/turn-queue.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { ContextStates } from './context-states.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';
import type { GenerationRequest, InferenceEvent } from './generation-request.ts';
import type { ModelLoader, ReadyEngine } from './model-loader.ts';

/** Quiet time after an answer before its evaluated context is saved: the next question often comes sooner. */
const SAVE_AFTER_MS = 700;
/** Pause before a crashed engine is started again with the model it had. */
const RELOAD_AFTER_MS = 250;

/** Of the person, to the engine itself: before any answer that waits. */
const ENGINE_WORK: Wish = { priority: 'engine', conversationId: null };

interface InferenceOptions {
  supervisor: EngineSupervisor;
  loader: ModelLoader;
  states: ContextStates;
  log: Log;
  now: () => number;
}

export class InferenceService {
  readonly status: Watchable<EngineStatus>;
  readonly #closing = new AbortController();
  readonly #queue = new TurnQueue(this.#closing.signal);
  readonly #options: InferenceOptions;
  /** The conversation whose evaluated context is in the engine. */
  #held: { conversationId: number; saved: boolean } | null = null;
  #saveTimer: NodeJS.Timeout | undefined;
  #displaced: Model | null = null;

  constructor(options: InferenceOptions) {
    this.#options = options;
    this.status = options.loader.status;
  }

  /** The model that is loaded, or that will be loaded again: it crashed, or had to make room. */
  wantedModel(): Model | null {
    return this.#options.loader.model ?? this.#displaced;
  }

  /** What had to make room and is not back yet, while nothing else is loaded. */
  get displaced(): Model | null {
    return this.#displaced;
  }

  /** What unloading would give back, in bytes. */
  get loadedBytes(): number {
    return this.#options.loader.loadedBytes;
  }

  /** The files of these models lie elsewhere now; the loaded one keeps running. */
  modelsMoved(models: readonly Model[]): void {
    for (const model of models) {
      this.#options.loader.moved(model);
      if (this.#displaced?.id === model.id) this.#displaced = model;
    }
  }

  /** Loads a model; resolves when it is ready. Waits for running work. */
  async load(model: Model, signal: AbortSignal): Promise<void> {
    await this.#queue.within(ENGINE_WORK, signal, async (turn) => {
      if (!this.#options.loader.isLoaded(model)) await this.#saveHeldState();
      await this.#ready(model, turn.signal);
    });
  }

  async unload(signal: AbortSignal): Promise<void> {
    await this.#queue.within(ENGINE_WORK, signal, async () => {
      await this.#makeRoom();
      this.#displaced = null;
    });
  }

  /**
   * Loads the present model again for settings that only a new context can take; with `changed`, only if it is that
   * model. In one turn: a question that comes meanwhile waits for this model instead of loading another.
   */
  async reload(restartEngine: boolean, changed?: Model): Promise<void> {
    const { loader, supervisor } = this.#options;
    if (!loader.model && !restartEngine) return;
    await this.#queue.within(ENGINE_WORK, this.#closing.signal, async (turn) => {
      const model = changed ?? loader.model;
      if (changed && changed.id !== loader.model?.id) return;
      await this.#makeRoom();
      if (restartEngine) supervisor.stop();
      if (model) await this.#ready(model, turn.signal);
    });
  }

  /** Someone looks at this conversation until the signal aborts: its answers come first. */
  look(conversationId: number, signal: AbortSignal): Promise<void> {
    return this.#queue.look(conversationId, signal);
  }

  /** Loads what had to make room, unless another model was wanted meanwhile. */
  async loadAgain(model: Model): Promise<void> {
    const signal = this.#closing.signal;
    if (signal.aborted) return;
    await this.#queue.within(ENGINE_WORK, signal, async (turn) => {
      if (!this.#options.loader.model) await this.#ready(model, turn.signal);
    });
  }

  /**
   * Work that must not disturb answers, nor be disturbed by them, in engine processes of its own. `makeRoom` unloads
   * the model for it, which is the `displaced` one from then on.
   */
  async *alone<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal, makeRoom: () => Promise<void>) => AsyncGenerator<T, void, void>,
  ): AsyncGenerator<T, void, void> {
    const turn = await this.#queue.take({ priority: 'person', conversationId: null }, signal);
    if (!turn) return;
    try {
      yield* work(turn.signal, async () => {
        this.#displaced = (await this.#makeRoom()) ?? this.#displaced;
      });
    } finally {
      turn.release();
    }
  }

  /**
   * Streams one answer. Ending the loop early stops the model within a token.
   * @throws AppError of the engine: no-model, model-*, prompt-too-long, engine-stopped, engine-unavailable.
   */
  async *generate(
    request: GenerationRequest,
    signal: AbortSignal,
  ): AsyncGenerator<InferenceEvent, void, void> {
    clearTimeout(this.#saveTimer);
    const { priority, onBehalfOf = request.conversationId } = request;
    const turn = yield* this.#queue.come({ priority, conversationId: onBehalfOf }, signal);
    if (!turn) return;
    try {
      const model = request.model();
      if (!model) throw new AppError('no-model', 'No model to answer with');
      const loaded = this.#options.loader.isLoaded(model);
      if (!loaded) yield { type: 'waiting', for: this.#missing() };
      if (!loaded || this.#held?.conversationId !== request.conversationId) await this.#saveHeldState();
      // Saving takes a moment in which the app may have been closed: no engine may start after that.
      if (turn.signal.aborted) return;
      const engine = await this.#ready(model, turn.signal);
      this.#options.loader.setGenerating(true);
      yield* this.#run(engine, request, turn);
    } finally {
      this.#options.loader.setGenerating(false);
      turn.release();
      this.#saveTimer = setTimeout(() => void this.#saveWhenQuiet(), SAVE_AFTER_MS).unref();
    }
  }

  /** What the model would read for this request. Loads the model if it must. @throws AppError as `generate`. */
  async view(request: GenerationRequest, signal: AbortSignal): Promise<PromptView> {
    const model = request.model();
    if (!model) throw new AppError('no-model', 'No model to read with');
    return this.#queue.within(request, signal, async (turn) => {
      if (!this.#options.loader.isLoaded(model)) await this.#saveHeldState();
      const { client } = await this.#ready(model, turn.signal);
      return client.call('engine.view', { ...request, restore: null }, turn.signal);
    });
  }

  /** Counts the tokens of texts at once, whatever is being written; null where this model is not loaded. */
  async count(model: Model, input: CountInput, signal: AbortSignal): Promise<TokenCounts | null> {
    const { loader } = this.#options;
    if (!loader.isLoaded(model)) return null;
    const { client } = await loader.ensureLoaded(model, signal);
    return client.call('engine.count', input, signal);
  }

  /** Reads a request ahead of its generation while nobody else needs the engine. Loads nothing, never rejects. */
  async prepare(request: GenerationRequest, signal: AbortSignal): Promise<void> {
    const { loader, states, now } = this.#options;
    const { conversationId } = request;
    const reading = this.#queue.within({ priority: 'background', conversationId }, signal, async (turn) => {
      const model = request.model();
      if (!model || !loader.isLoaded(model)) return;
      await this.#saveHeldState();
      const { client, loaded } = await this.#ready(model, turn.signal);
      const isHeld = conversationId !== null && this.#held?.conversationId === conversationId;
      const restore =
        conversationId === null || isHeld ? null : states.find(conversationId, loaded.stateKey, now());
      // Saved: what is being written is nobody's to keep yet.
      this.#held = conversationId === null ? null : { conversationId, saved: true };
      await client.call('engine.prepare', { ...request, restore }, turn.signal);
    });
    await reading.catch((error: unknown) => {
      if (!(error instanceof AppError)) this.#logUnlessClosing('Reading ahead', error);
    });
  }

  /** The supervisor's news of a death: what was in the engine is gone; the model comes back by itself. */
  engineCrashed(willRetry: boolean): void {
    const { loader } = this.#options;
    const { model } = loader;
    const wasLoaded = model !== null && loader.isLoaded(model);
    this.#held = null;
    loader.crashed(willRetry);
    if (!wasLoaded || !willRetry) return;
    setTimeout(() => {
      this.load(model, this.#closing.signal).catch((error: unknown) =>
        this.#logUnlessClosing('Reload', error),
      );
    }, RELOAD_AFTER_MS).unref();
  }

  /** Stops everything at once; never waits for the model. */
  close(): void {
    clearTimeout(this.#saveTimer);
    this.#closing.abort();
    this.#options.supervisor.stop();
  }

  #missing(): 'engine' | 'model' {
    return this.#options.supervisor.state.value.state === 'running' ? 'model' : 'engine';
  }

  async *#run(
    engine: ReadyEngine,
    request: GenerationRequest,
    turn: Turn,
  ): AsyncGenerator<EngineEvent, void, void> {
    const { conversationId, priority: _, model: __, onBehalfOf: ___, ...input } = request;
    const isHeld = conversationId !== null && this.#held?.conversationId === conversationId;
    const canRestore = conversationId !== null && !isHeld;
    const restore = canRestore
      ? this.#options.states.find(conversationId, engine.loaded.stateKey, this.#options.now())
      : null;
    const before = this.#held;
    this.#held = conversationId === null ? null : { conversationId, saved: false };
    let touched = input.whole !== true;
    for await (const event of engine.client.stream('engine.generate', { ...input, restore }, turn.signal)) {
      if (event.type === 'done') this.#options.supervisor.backends.worked();
      touched ||= event.type !== 'context';
      yield event;
    }
    if (!touched) this.#held = before; // It did not fit as a whole.
  }

  async #makeRoom(): Promise<Model | null> {
    const { loader } = this.#options;
    const { model } = loader;
    await this.#saveHeldState();
    this.#held = null;
    await loader.unload();
    return model;
  }

  async #ready(model: Model, signal: AbortSignal): Promise<ReadyEngine> {
    if (!this.#options.loader.isLoaded(model)) this.#held = null;
    this.#displaced = null;
    return this.#options.loader.ensureLoaded(model, signal);
  }

  async #saveWhenQuiet(): Promise<void> {
    const wish: Wish = { priority: 'background', conversationId: null };
    await this.#queue
      .within(wish, this.#closing.signal, () => this.#saveHeldState())
      .catch((error: unknown) => this.#logUnlessClosing('Saving a context', error));
  }

  /** Saves the held context unless that is done. A failure costs only time later, so it is logged and forgotten. */
  async #saveHeldState(): Promise<void> {
    const held = this.#held;
    const { loader, supervisor, states, now } = this.#options;
    if (!held || held.saved || !loader.model || !loader.isLoaded(loader.model)) return;
    held.saved = true;
    try {
      const place = await states.place(held.conversationId);
      if (!place) return;
      const { client, loaded } = await loader.ensureLoaded(loader.model, this.#closing.signal);
      const written = await client.call('engine.saveState', place);
      if (!written || supervisor.state.value.state !== 'running') return;
      await states.remember(
        { conversationId: held.conversationId, stateKey: loaded.stateKey, ...written },
        now(),
      );
    } catch (error) {
      this.#logUnlessClosing('Saving a context', error);
    }
  }

  #logUnlessClosing(what: string, error: unknown): void {
    const expected: ErrorCode[] = ['cancelled', 'engine-stopped'];
    if (this.#closing.signal.aborted || (error instanceof AppError && expected.includes(error.code))) return;
    this.#options.log.error(what, error);
  }
}
