// Knows what this machine has to run models with: detects it in processes that may crash, remembers it between starts,
// and tells engine processes what to leave alone.
import type { Backend } from '#contract/common.ts';
import { AppError } from '#contract/errors.ts';
import type { Machine } from '#contract/hardware.ts';
import type { Log } from '../../lib/log.ts';
import { Watchable } from '../../lib/watchable.ts';
import { backendOrder } from '../inference/backend-choice.ts';
import type { StartEngine } from '../inference/side-engine.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { describeMachine, type Exclusions, type Facts } from './describe-machine.ts';
import { detectBackend, type Detected } from './detect-backend.ts';
import { detection as detectionSchema, type Detection, type FoundBackend } from './detection.ts';
import { gpuKey, isUsed, showOnly } from './gpu-choice.ts';
import type { Look } from './look.ts';
import { takeTurns } from './take-turns.ts';

const REPORT = 'machine';
const FRESH_MS = 7 * 24 * 3_600_000;
/** A first start may wait for a slow disk, and for a virus scanner to read libraries of 200 MB. */
const LIMIT_MS = 20_000;
/** Starting a process holds the host up for some milliseconds; several at once would add up. */
const START_APART_MS = 15;
const MEMORY_EVERY_MS = 3000;
/** Free memory never stands still; smaller steps are not worth a word. */
const MEMORY_STEP_BYTES = 16 * 1024 ** 2;

interface HardwareOptions {
  start: StartEngine;
  look: Look;
  settings: Pick<SettingsService, 'current' | 'change'>;
  reports: {
    get(name: string): { report: string } | null;
    put(name: string, report: { report: string; madeAt: number }): void;
  };
  facts: Facts;
  freeMemory: () => Promise<number>;
  version: string;
  now: () => number;
  log: Log;
  /** For each process that is asked. */
  limitMs?: number;
}

export class HardwareService {
  readonly machine: Watchable<Machine>;
  readonly #options: HardwareOptions;
  readonly #order: readonly Backend[];
  readonly #closing = new AbortController();
  readonly #turnToStart = takeTurns(START_APART_MS);
  #facts: Facts;
  #detection: Detection | null;
  #running: Promise<void> | null = null;
  #watchers = 0;
  #memoryTimer: NodeJS.Timeout | undefined;

  constructor(options: HardwareOptions) {
    this.#options = options;
    this.#order = backendOrder(options.look.platform);
    this.#facts = options.facts;
    this.#detection = this.#stored();
    this.machine = new Watchable(this.#describe());
    void this.#followSettings();
  }

  /** What is known, then every change. The first watcher starts a detection when there is none, or an old one. */
  async *watch(signal: AbortSignal): AsyncGenerator<Machine, void, void> {
    this.#watchers += 1;
    this.#readMemory();
    if (this.#isStale()) void this.refresh();
    try {
      yield* this.machine.watch(signal);
    } finally {
      this.#watchers -= 1;
    }
  }

  /** Detects everything again; one detection at a time. Never rejects: what fails is part of the result. */
  refresh(): Promise<void> {
    return this.#detect(
      this.#order.filter((backend) => !this.#exclusions.excludedBackends.includes(backend)),
    );
  }

  /**
   * Leaves a backend or one of its graphics processors alone, or uses it again.
   * @throws AppError bad-input when nothing would be left to run models with.
   */
  exclude(backend: Backend, gpu: string | null, excluded: boolean): void {
    const before = this.#describe();
    const change = this.#exclusionChange(before, backend, gpu, excluded);
    const after = this.#describe({ ...this.#exclusions, ...change });
    if (before.best !== null && after.best === null)
      throw new AppError('bad-input', 'Something has to be left to run models with');
    this.#options.settings.change(change);
    this.#publish(this.#running !== null);
  }

  /** Backends that must not be taken for 'automatic'. */
  excludedBackends(): Backend[] {
    return this.#describe().backends.flatMap(({ backend, state }) => (state === 'excluded' ? backend : []));
  }

  /** What every engine process must have in its environment, so that it sees only what may be used. */
  deviceEnvironment(): Record<string, string> {
    const limited = this.#describe().backends.filter(({ gpus }) => !gpus.every(isUsed));
    const variables = limited.map(({ backend, gpus }) => {
      const kept = gpus.filter(isUsed).map((gpu) => gpu.index);
      return showOnly(backend, kept, this.#options.look.environment);
    });
    return Object.assign({}, ...variables) as Record<string, string>;
  }

  /** Ends all processes at once. */
  close(): void {
    clearInterval(this.#memoryTimer);
    this.#closing.abort();
  }

  get #exclusions(): Exclusions {
    return this.#options.settings.current.value;
  }

  #exclusionChange(
    machine: Machine,
    backend: Backend,
    gpu: string | null,
    excluded: boolean,
  ): Partial<Exclusions> {
    const { excludedBackends, excludedGpus } = this.#exclusions;
    const gpus = machine.backends.find((report) => report.backend === backend)?.gpus ?? [];
    const own = gpus.map(({ name }) => gpuKey(backend, name));
    const allIn = (keys: readonly string[]): boolean =>
      own.length > 0 && own.every((key) => keys.includes(key));
    if (gpu === null) {
      const change = { excludedBackends: toggled(excludedBackends, backend, excluded) };
      if (excluded || !allIn(excludedGpus)) return change;
      // Without any of them the backend could not be used again.
      return { ...change, excludedGpus: excludedGpus.filter((key) => !own.includes(key)) };
    }
    const change = { excludedGpus: toggled(excludedGpus, gpuKey(backend, gpu), excluded) };
    // All of them left alone is the backend left alone, and back.
    if (allIn(excludedGpus) === allIn(change.excludedGpus)) return change;
    return { ...change, excludedBackends: toggled(excludedBackends, backend, excluded) };
  }

  /** What took too long perhaps did so only because the computer was busy. */
  #isStale(): boolean {
    const { version, now } = this.#options;
    const known = this.#detection;
    if (known?.version !== version || Math.abs(now() - known.detectedAt) > FRESH_MS) return true;
    const { excludedBackends } = this.#exclusions;
    return Object.values(known.backends).some(
      ({ backend, problem }) => problem === 'timed-out' && !excludedBackends.includes(backend),
    );
  }

  #detect(backends: readonly Backend[]): Promise<void> {
    this.#running ??= this.#run(backends)
      .then(() => this.#ended(true))
      .catch((error: unknown) => {
        this.#options.log.error('Detecting hardware', error);
        this.#ended(false);
      });
    return this.#running;
  }

  #ended(told: boolean): void {
    this.#running = null;
    this.#publish();
    if (told) this.#detectUnknown();
  }

  /** A backend that was left alone until now has never been asked. */
  #detectUnknown(): void {
    if (!this.#detection || this.#running || this.#closing.signal.aborted) return;
    const { excludedBackends } = this.#exclusions;
    const unknown = this.#order.filter(
      (backend) => !this.#detection?.backends[backend] && !excludedBackends.includes(backend),
    );
    if (unknown.length > 0) void this.#detect(unknown);
  }

  async #run(backends: readonly Backend[]): Promise<void> {
    this.#publish(true);
    const results = await Promise.all(backends.map((backend) => this.#ask(backend)));
    const working = results.filter((result) => result.process !== null);
    // On the processor alone nothing but memory is measured; where it is no backend of its own, any other will do.
    const measuring = working.find(({ found }) => found.backend === 'cpu') ?? working[0];
    working.forEach((result) => result !== measuring && result.process?.end());
    const measured = await this.#measureMemory(measuring);
    if (this.#closing.signal.aborted) return;
    const memoryBandwidth = Math.max(measured ?? 0, this.#detection?.memoryBandwidth ?? 0) || null;
    const instructionSets = measuring?.instructionSets ?? this.#detection?.instructionSets ?? [];
    this.#learn({ memoryBandwidth, instructionSets });
    this.#store();
  }

  async #ask(backend: Backend): Promise<Detected> {
    const { start, look, limitMs = LIMIT_MS, log } = this.#options;
    const known = this.machine.value.backends.find((report) => report.backend === backend)?.gpus ?? [];
    const result = await detectBackend(backend, known, {
      start,
      turnToStart: this.#turnToStart,
      look,
      limitMs,
      signal: this.#closing.signal,
      note: (message) => log.info(message),
    });
    this.#learn({}, result.found);
    this.#publish(true);
    return result;
  }

  async #measureMemory(result: Detected | undefined): Promise<number | null> {
    const { limitMs = LIMIT_MS, log } = this.#options;
    if (!result?.process) return null;
    const limit = AbortSignal.any([AbortSignal.timeout(limitMs), this.#closing.signal]);
    try {
      return await result.process.client.call('engine.measureMemory', undefined, limit);
    } catch (error) {
      if (!this.#closing.signal.aborted) log.error('Measuring memory', error);
      return null;
    } finally {
      result.process.end();
    }
  }

  #learn(changes: Partial<Detection>, found?: FoundBackend): void {
    const { version, now, look } = this.#options;
    const system = `${look.platform}-${look.architecture}`;
    const before = this.#detection ?? { backends: {}, instructionSets: [], memoryBandwidth: null };
    const backends = found ? { ...before.backends, [found.backend]: found } : before.backends;
    this.#detection = { ...before, ...changes, backends, version, system, detectedAt: now() };
  }

  #stored(): Detection | null {
    const { reports, look } = this.#options;
    const stored = reports.get(REPORT);
    if (!stored) return null;
    try {
      const read = detectionSchema.safeParse(JSON.parse(stored.report)).data;
      return read?.system === `${look.platform}-${look.architecture}` ? read : null;
    } catch {
      return null; // Not JSON: detected anew.
    }
  }

  #store(): void {
    const { reports, now, log } = this.#options;
    try {
      reports.put(REPORT, { report: JSON.stringify(this.#detection), madeAt: now() });
    } catch (error) {
      log.error('Keeping what was detected', error); // The next start detects again; nothing is lost.
    }
  }

  async #followSettings(): Promise<void> {
    for await (const _ of this.#options.settings.current.watch(this.#closing.signal)) {
      this.#publish(this.#running !== null);
      this.#detectUnknown();
    }
  }

  #readMemory(): void {
    const read = async (): Promise<void> => {
      const free = await this.#options.freeMemory();
      if (Math.abs(free - this.#facts.freeMemoryBytes) < MEMORY_STEP_BYTES) return;
      this.#facts = { ...this.#facts, freeMemoryBytes: free };
      this.#publish(this.#running !== null);
    };
    const tick = (): void => {
      if (this.#watchers > 0) return void read();
      clearInterval(this.#memoryTimer);
      this.#memoryTimer = undefined;
    };
    void read();
    this.#memoryTimer ??= setInterval(tick, MEMORY_EVERY_MS).unref();
  }

  #publish(detecting = false): void {
    if (this.#closing.signal.aborted) return;
    this.machine.set(this.#describe(this.#exclusions, detecting));
  }

  #describe(exclusions: Exclusions = this.#exclusions, detecting = false): Machine {
    const known = { facts: this.#facts, order: this.#order, detection: this.#detection };
    return describeMachine({ ...known, exclusions, detecting });
  }
}

function toggled<T>(list: readonly T[], entry: T, present: boolean): T[] {
  const others = list.filter((each) => each !== entry);
  return present ? [...others, entry] : others;
}
