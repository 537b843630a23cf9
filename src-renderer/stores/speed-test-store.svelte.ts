// The one speed test that may run: it goes on while the person looks at something else, and can be stopped anywhere.
import type { Backend, Failure } from '#contract/common.ts';
import type { SpeedTestEvent } from '#contract/models.ts';
import type { Api } from '../bridge.ts';
import { asFailure, type ShownFailure } from '../messages/error-message.ts';

type Progress = Extract<SpeedTestEvent, { type: 'progress' }>;

/** What the last test of a model came to, beside the results, which the model itself has. */
export interface SpeedTestOutcome {
  failed: readonly { backend: Backend; failure: Failure }[];
  /** Null while it runs, and where there was nothing to compare. */
  fastest: Backend | null;
  stopped: boolean;
  /** The test itself could not be made. */
  failure: ShownFailure | null;
}

const NOTHING_YET: SpeedTestOutcome = { failed: [], fastest: null, stopped: false, failure: null };

export class SpeedTestStore {
  readonly #api: Api;
  #modelId = $state<number | null>(null);
  #progress = $state.raw<Progress | null>(null);
  #outcomes = $state.raw<ReadonlyMap<number, SpeedTestOutcome>>(new Map());
  #abort = new AbortController();

  constructor(api: Api) {
    this.#api = api;
  }

  /** The model that is tested now. */
  get modelId(): number | null {
    return this.#modelId;
  }

  /** Null until the test has told. */
  get progress(): Progress | null {
    return this.#progress;
  }

  outcomeOf(id: number): SpeedTestOutcome | null {
    return this.#outcomes.get(id) ?? null;
  }

  /** Tests on every backend that works; does nothing while another test runs. */
  async start(id: number): Promise<void> {
    if (this.#modelId !== null) return;
    this.#modelId = id;
    this.#abort = new AbortController();
    this.#note(id, NOTHING_YET);
    try {
      const ended = await this.#follow(id);
      if (!ended) this.#change(id, { stopped: true });
    } catch (error) {
      this.#change(id, { failure: asFailure(error) });
    } finally {
      this.#modelId = null;
      this.#progress = null;
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Whether it came to its end. */
  async #follow(id: number): Promise<boolean> {
    const events = this.#api.stream('models.testSpeed', { id, backends: null }, this.#abort.signal);
    for await (const event of events) {
      if (event.type === 'progress') this.#progress = event;
      if (event.type === 'failed') {
        const { backend, failure } = event;
        this.#change(id, { failed: [...(this.outcomeOf(id)?.failed ?? []), { backend, failure }] });
      }
      if (event.type !== 'done') continue;
      this.#change(id, { fastest: event.fastest });
      return true;
    }
    return false;
  }

  #change(id: number, change: Partial<SpeedTestOutcome>): void {
    this.#note(id, { ...NOTHING_YET, ...this.outcomeOf(id), ...change });
  }

  #note(id: number, outcome: SpeedTestOutcome): void {
    this.#outcomes = new Map(this.#outcomes).set(id, outcome);
  }
}
