// Where drafts are kept: with the window, which brings them back after a reload at once, and with the host, which
// brings them back after a restart.
import type { Api } from '../../../bridge.ts';

const STORAGE_KEY = 'lapidary.drafts';

/** Texts by the conversation's id, or 'new'. */
export type Drafts = Readonly<Record<string, string>>;

export class DraftStorage {
  readonly #api: Api;
  #kept: Drafts = {};

  constructor(api: Api) {
    this.#api = api;
  }

  /** What this window had before a reload. */
  here(): Drafts {
    try {
      const stored: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '{}');
      const entries = Object.entries(stored ?? {}).filter(([, text]) => typeof text === 'string');
      return Object.fromEntries(entries) as Drafts;
    } catch {
      // Unreadable drafts are as good as none.
      return {};
    }
  }

  /** What the host has; nothing when it can't tell. */
  async kept(): Promise<Drafts> {
    try {
      const drafts = await this.#api.call('drafts.list', undefined);
      this.#kept = Object.fromEntries(
        drafts.map(({ conversationId, text }) => [conversationId ?? 'new', text]),
      );
    } catch {
      // The window's own drafts are still there.
    }
    return this.#kept;
  }

  /** Keeps them all here, and with the host what has changed. */
  keep(drafts: Drafts): void {
    try {
      sessionStorage.setItem(STORAGE_KEY, JSON.stringify(drafts));
    } catch {
      // Too long for the storage, or none: the drafts still live in this window, and with the host.
    }
    for (const key of new Set([...Object.keys(drafts), ...Object.keys(this.#kept)])) {
      const text = drafts[key] ?? '';
      if (text === (this.#kept[key] ?? '')) continue;
      const conversationId = key === 'new' ? null : Number(key);
      this.#api.call('drafts.save', { conversationId, text }).catch(() => {}); // Tried again with the next change.
    }
    this.#kept = { ...drafts };
  }
}
