// What the engine does now; shown in one place, used by many.
import type { EngineStatus } from '#contract/models.ts';
import type { Api } from '../bridge.ts';

export class EngineStore {
  #status = $state.raw<EngineStatus | null>(null);

  constructor(api: Api) {
    api.subscribe('models.watchEngine', undefined, (status) => (this.#status = status));
  }

  /** Null until the host has told. */
  get status(): EngineStatus | null {
    return this.#status;
  }

  /** A model is loaded and can answer, or answers now. */
  get ready(): boolean {
    return this.#status?.state === 'ready' || this.#status?.state === 'generating';
  }
}
