// Whether the host answers, for the quiet banner.
import type { Api, ConnectionState } from '../bridge.ts';

export class ConnectionStore {
  #state = $state.raw<ConnectionState>('connecting');

  constructor(api: Api) {
    api.onConnection((state) => (this.#state = state));
  }

  get state(): ConnectionState {
    return this.#state;
  }
}
