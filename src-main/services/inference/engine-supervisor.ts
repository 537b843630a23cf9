// Keeps one engine process alive: starts it on demand, notices at once that it died and in 20 s that it hangs, and
// decides with which backend the next one runs. Knows nothing of models; who had work in it sees `engine-stopped`.
import { AppError } from '#contract/errors.ts';
import type { EngineContract, EngineInfo, Heartbeat } from '#contract/engine.ts';
import type { Backend } from '#contract/common.ts';
import { createClient, type Client } from '#rpc/client.ts';
import type { ChildService } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';
import { Watchable } from '../../lib/watchable.ts';
import { BackendChoice, backendOrder } from './backend-choice.ts';
import { followHeartbeat } from './engine-heartbeat.ts';

export interface RunningEngine {
  readonly info: EngineInfo;
  readonly client: Client<EngineContract>;
}

interface EngineProcessState {
  state: 'stopped' | 'starting' | 'running';
  info: EngineInfo | null;
  heartbeat: Heartbeat | null;
}

interface SupervisorOptions {
  start(environment: Record<string, string>): ChildService;
  platform: string;
  backend: Backend | 'automatic';
  log: Log;
  /** Told after each death that nobody asked for; `willRetry` is false when no backend is left. */
  onCrash(willRetry: boolean): void;
}

/** A driver that hangs while it is asked for its devices costs its backend, not the app. */
export const START_LIMIT_MS = 60_000;

/** The fewer of libuv's threads take turns at the tokens, the warmer their caches: 3 to 5 % on a tiny model. */
const LIBUV_THREADS = '2';

/** What every engine process starts with, for this backend. */
export function environmentFor(backend: Backend | 'automatic'): Record<string, string> {
  const chosen = backend === 'automatic' ? null : { LAPIDARY_BACKEND: backend };
  return { UV_THREADPOOL_SIZE: LIBUV_THREADS, ...chosen };
}

const STOPPED: EngineProcessState = { state: 'stopped', info: null, heartbeat: null };

export class EngineSupervisor {
  readonly state = new Watchable<EngineProcessState>(STOPPED);
  readonly backends: BackendChoice;
  readonly #options: SupervisorOptions;
  #process: ChildService | null = null;
  #running: Promise<RunningEngine> | null = null;
  #gaveUp = false;
  #deaths = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.backends = new BackendChoice(backendOrder(options.platform), options.backend);
  }

  /** How often the engine has died without being asked to. */
  get deaths(): number {
    return this.#deaths;
  }

  /** No backend is left to try; asking for the engine again makes one more attempt. */
  get gaveUp(): boolean {
    return this.#gaveUp;
  }

  /**
   * The engine, started if it is not running.
   * @throws AppError engine-unavailable when no backend starts on this machine.
   */
  engine(): Promise<RunningEngine> {
    if (this.#running) return this.#running;
    const running = this.#start();
    this.#running = running;
    running.catch(() => {
      if (this.#running === running) this.#running = null;
    });
    return running;
  }

  /** Whether the process that runs now is what `wanted` would start. */
  runs(wanted: Backend | 'automatic'): boolean {
    const { state, info } = this.state.value;
    return state === 'running' && (info?.backend === wanted || this.backends.wanted === wanted);
  }

  /** What the model that is loaded next wants; a process on another backend ends, with what is in it. */
  prefer(wanted: Backend | 'automatic'): void {
    if (this.backends.wanted === wanted) return;
    this.backends.prefer(wanted);
    if (this.state.value.info?.backend !== this.backends.next) this.stop();
  }

  /** Ends the process, if any; the memory goes back to the system with it. */
  stop(): void {
    const process = this.#process;
    this.#forget();
    process?.kill();
  }

  async #start(): Promise<RunningEngine> {
    this.#gaveUp = false;
    for (;;) {
      const backend = this.backends.next;
      this.state.set({ ...STOPPED, state: 'starting' });
      const child = this.#options.start(environmentFor(backend));
      const client = createClient<EngineContract>(child.port, 'engine-stopped');
      this.#process = child;
      child.onExit((code) => this.#exited(child, code));
      try {
        const info = await client.call('engine.start', undefined, AbortSignal.timeout(START_LIMIT_MS));
        this.#options.log.info(`Engine ${child.pid} runs on ${info.backend}`);
        this.state.set({ state: 'running', info, heartbeat: null });
        void followHeartbeat(client, {
          beat: (heartbeat) => this.#heard(child, heartbeat),
          hangs: () => this.#endHung(child),
        });
        return { info, client };
      } catch (error) {
        if (this.#retryAfter(error, child)) continue;
        if (!this.#gaveUp) throw error;
        throw new AppError('engine-unavailable', 'No backend starts on this machine', { cause: error });
      }
    }
  }

  /** Whether another start makes sense after this one failed. */
  #retryAfter(error: unknown, child: ChildService): boolean {
    const crashed = error instanceof AppError && error.code === 'engine-stopped';
    // A stop that was asked for, while starting, is no reason to start again; #exited has counted a crash.
    if (crashed) return this.#process === null && this.state.value.state === 'starting';
    if (this.#process === child) this.#process = null;
    child.kill();
    this.#options.log.error(`Engine can't start on ${this.backends.next}`, error);
    if (this.backends.unavailable()) return true;
    this.#gaveUp = true;
    this.state.set(STOPPED);
    return false;
  }

  #exited(child: ChildService, code: number | null): void {
    if (this.#process !== child) return;
    const { info, state } = this.state.value;
    this.#deaths += 1;
    const willRetry = this.backends.crashed(info?.backend ?? null);
    this.#options.log.info(`Engine ${child.pid} died (exit code ${code ?? 'none, by a signal'})`);
    this.#process = null;
    this.#gaveUp = !willRetry;
    if (state === 'running') this.#forget();
    else if (!willRetry) this.state.set(STOPPED);
    this.#options.onCrash(willRetry);
  }

  #forget(): void {
    this.#process = null;
    this.#running = null;
    this.state.set(STOPPED);
  }

  #heard(child: ChildService, heartbeat: Heartbeat): void {
    if (this.#process === child) this.state.set({ ...this.state.value, heartbeat });
  }

  #endHung(child: ChildService): void {
    this.#options.log.info(`Engine ${child.pid} hangs and is ended`);
    child.kill();
  }
}
