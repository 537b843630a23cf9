// What this machine is. Nothing is detected before a place asks for it: the first watcher starts the detection.
import type { Machine } from '#contract/hardware.ts';
import type { Api } from '../bridge.ts';

export class HardwareStore {
  readonly #api: Api;
  #machine = $state.raw<Machine | null>(null);
  #following = false;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Null until someone follows and the host has told. */
  get machine(): Machine | null {
    return this.#machine;
  }

  /** From now on `machine` is kept up to date, for as long as the page lives. */
  follow(): void {
    if (this.#following) return;
    this.#following = true;
    this.#api.subscribe('hardware.watch', undefined, (machine) => (this.#machine = machine));
  }
}
