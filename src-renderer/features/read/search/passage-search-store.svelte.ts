// Search over the texts of the library: what is typed and what was found, by document.
import type { PassageHit } from '#contract/documents.ts';
import type { Api } from '../../../bridge.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';

const SEARCH_AFTER_MS = 80;
const LIMIT = 60;

export class PassageSearchStore {
  readonly #api: Api;
  #query = $state('');
  #hits = $state.raw<readonly PassageHit[] | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = new AbortController();

  constructor(api: Api) {
    this.#api = api;
  }

  /** Best first; null before the first answer. */
  get hits(): readonly PassageHit[] | null {
    return this.#hits;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  get query(): string {
    return this.#query;
  }

  set query(text: string) {
    this.#query = text;
    this.#running.abort();
    clearTimeout(this.#timer);
    if (text.trim() === '') this.#hits = null;
    else this.#timer = setTimeout(() => void this.#ask(text), SEARCH_AFTER_MS);
  }

  async #ask(query: string): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      const asked = { query, documentIds: null, limit: LIMIT };
      const hits = await this.#api.call('documents.search', asked, running.signal);
      if (running.signal.aborted) return;
      this.#hits = hits;
      this.#failure = null;
    } catch (error) {
      if (!running.signal.aborted) this.#failure = asFailure(error);
    }
  }
}
