// Measures how fast a model runs on each backend. Each has an engine process of its own, so that a driver that
// crashes costs its own result only, and the engine that answers is neither disturbed nor measured along.
import { AppError, toWireError } from '#contract/errors.ts';
import type { Backend, Failure } from '#contract/common.ts';
import type { Model, SpeedResult, SpeedTestEvent } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import type { ModelRepository } from '../../database/model-repository.ts';
import type { Log } from '../../lib/log.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { backendFor, fastestBackend, loadInput } from '../inference/load-options.ts';
import { startSideEngine, type SideEngine, type StartEngine } from '../inference/side-engine.ts';
import type { ModelLibrary } from '../models/model-library.ts';
import { measuringLimitMs, speedProgress, type SpeedPhase } from './speed-progress.ts';

/** Enough to be sure within a tenth. */
const AMOUNTS = { promptTokens: 512, answerTokens: 256 };

interface SpeedTestOptions {
  library: ModelLibrary;
  repository: ModelRepository;
  inference: InferenceService;
  settings: Watchable<Settings>;
  start: StartEngine;
  /** Those that work on this machine, best first. */
  workingBackends(): Promise<Backend[]>;
  now: () => number;
  log: Log;
}

type Step = { phase: SpeedPhase; share: number } | { result: SpeedResult };

export class SpeedTest {
  readonly #options: SpeedTestOptions;

  constructor(options: SpeedTestOptions) {
    this.#options = options;
  }

  /** Tests one backend after the other, each when its turn has come; what was measured is kept when it is stopped. */
  async *run(id: number, asked: Backend[] | null, signal: AbortSignal): AsyncGenerator<SpeedTestEvent> {
    const { library, inference } = this.#options;
    const { sizeBytes: modelBytes } = library.get(id);
    const backends = asked ?? (await this.#options.workingBackends());
    const doneMs: number[] = [];
    try {
      for (const backend of backends) {
        if (signal.aborted) return;
        const tell = (phase: SpeedPhase, share: number): SpeedTestEvent => {
          const moment = { doneMs, backends: backends.length, phase, share, modelBytes };
          return { type: 'progress', backend, phase, ...speedProgress(moment) };
        };
        let startedAt = performance.now();
        yield* inference.alone(signal, (turn, makeRoom) => {
          startedAt = performance.now(); // Waiting for the turn says nothing about the next backend.
          return this.#attempt({ id, backend, startedAt, turn, makeRoom, tell });
        });
        doneMs.push(performance.now() - startedAt);
      }
      if (signal.aborted) return;
      yield { type: 'done', fastest: this.#fastest(id) };
    } finally {
      this.#settle(id);
    }
  }

  /** One backend; a failure becomes an event, a stop ends it in silence. */
  async *#attempt(attempt: {
    id: number;
    backend: Backend;
    startedAt: number;
    turn: AbortSignal;
    makeRoom: () => Promise<void>;
    tell: (phase: SpeedPhase, share: number) => SpeedTestEvent;
  }): AsyncGenerator<SpeedTestEvent, void, void> {
    const { id, backend, startedAt, turn, tell } = attempt;
    const { repository, library, start } = this.#options;
    let engine: SideEngine | null = null;
    try {
      const model = library.get(id);
      yield tell('starting', 0);
      engine = await startSideEngine(start, backend, turn);
      if (await this.#needsRoom(engine, model, turn)) await attempt.makeRoom();
      for await (const step of this.#measure(engine, model, startedAt, turn)) {
        if (!('result' in step)) {
          yield tell(step.phase, step.share);
          continue;
        }
        repository.putSpeed(id, step.result);
        await library.refresh();
        yield { type: 'measured', result: step.result };
      }
    } catch (error) {
      if (turn.aborted) return;
      yield { type: 'failed', backend, failure: this.#explain(error, backend) };
    } finally {
      engine?.end();
    }
  }

  async *#measure(
    engine: SideEngine,
    model: Model,
    startedAt: number,
    signal: AbortSignal,
  ): AsyncGenerator<Step, void, void> {
    const { settings, now } = this.#options;
    const { client, info } = engine;
    let contextSize = 0;
    yield { phase: 'loading', share: 0 };
    for await (const event of client.stream('engine.load', loadInput(model, settings.value), signal)) {
      if (event.type === 'loaded') ({ contextSize } = event.model);
      else yield { phase: 'loading', share: event.progress };
    }
    const input = { ...AMOUNTS, limitMs: measuringLimitMs(performance.now() - startedAt) };
    for await (const event of client.stream('engine.measure', input, signal)) {
      if (event.type !== 'measured') {
        yield { phase: event.type, share: event.progress };
        continue;
      }
      const { type: _, ...figures } = event;
      yield { result: { backend: info.backend, ...figures, contextSize, measuredAt: now() } };
    }
  }

  /** Whether the model that answers must go: too little is free beside it, or both would share a GPU. */
  async #needsRoom(engine: SideEngine, model: Model, signal: AbortSignal): Promise<boolean> {
    const { inference, settings } = this.#options;
    const { loadedBytes, status } = inference;
    if (loadedBytes === 0) return false;
    if (engine.info.backend !== 'cpu' && status.value.backend !== 'cpu') return true;
    const input = { ...loadInput(model, settings.value), reclaimableBytes: loadedBytes };
    const { memory } = await engine.client.call('engine.plan', input, signal);
    return memory.totalBytes > memory.freeBytes - loadedBytes;
  }

  #explain(error: unknown, backend: Backend): Failure {
    const expected = error instanceof AppError;
    const logId = expected ? undefined : this.#options.log.error(`Speed test on ${backend}`, error);
    const { code, details } = toWireError(error, logId);
    return { code, ...(details && { details }) };
  }

  #fastest(id: number): Backend | null {
    const { library, settings } = this.#options;
    return fastestBackend(library.get(id).speeds, settings.value.excludedBackends);
  }

  /** Loads again what had to go, and moves the tested model to the backend that is now its own. */
  #settle(id: number): void {
    const { library, inference, settings, log } = this.#options;
    const find = (wanted: number): Model | undefined =>
      library.list.value.find((model) => model.id === wanted);
    const back = inference.displaced && find(inference.displaced.id);
    const tested = find(id);
    const { modelId, backend } = inference.status.value;
    const wanted = tested && backendFor(tested, settings.value);
    const moves = modelId === id && wanted !== 'automatic' && wanted !== backend;
    const work = back ? inference.loadAgain(back) : moves && tested ? inference.reload(false, tested) : null;
    work?.catch((error: unknown) => log.error('Loading after a speed test', error));
  }
}
