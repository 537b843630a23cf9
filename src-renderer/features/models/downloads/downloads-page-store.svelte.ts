// The downloads page: order, what is asked before a cancel, the limit, and what is read out: changes of state and each
// quarter of the way, never every percent.
import type { Download } from '#contract/downloads.ts';
import { errorMessage } from '../../../messages/error-message.ts';
import { formatNumber, formatPercent } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import { downloadShare } from './download-words.ts';

/** Throwing away less than this is not worth a question. */
const ASK_FROM_BYTES = 100 * 1024 ** 2;
const LEAST_LIMIT = 0.1;
const MOST_LIMIT = 10_000;

export class DownloadsPageStore {
  readonly #stores: Stores;
  #cancelling = $state.raw<Download | null>(null);
  #limitProblem = $state<string | null>(null);
  #said = $state('');
  #known = new Map<number, { state: Download['state']; quarter: number }>();

  readonly queue = $derived.by(() => this.#stores.downloads.list.filter(({ state }) => state !== 'done'));
  readonly finished = $derived.by(() => this.#stores.downloads.list.filter(({ state }) => state === 'done'));

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** The one that is asked about. */
  get cancelling(): Download | null {
    return this.#cancelling;
  }

  /** For the live region. */
  get said(): string {
    return this.#said;
  }

  get limitProblem(): string | null {
    return this.#limitProblem;
  }

  /** Cancels at once, or asks first when much was fetched. */
  cancel(download: Download): void {
    if (download.doneBytes > ASK_FROM_BYTES) this.#cancelling = download;
    else void this.#stores.downloads.cancel(download.id);
  }

  stopAsking(): void {
    this.#cancelling = null;
  }

  /** Takes it to another place among those that are not done, from 0; beyond the ends: to the end. */
  async move(download: Download, place: number): Promise<void> {
    const others = this.queue.filter(({ id }) => id !== download.id);
    const index = Math.min(others.length, Math.max(0, place));
    if (this.queue[index]?.id === download.id) return;
    // The host counts the whole list, with those that are done.
    const list = this.#stores.downloads.list.filter(({ id }) => id !== download.id);
    const before = others[index];
    const position = before ? list.indexOf(before) : list.length;
    await this.#stores.downloads.move(download.id, position);
    this.#said = t('downloads.moved', {
      name: download.name,
      position: formatNumber(index + 1),
      count: formatNumber(this.queue.length),
    });
  }

  /** Saves the bandwidth limit as it was typed; empty is none. */
  async setLimit(text: string): Promise<void> {
    const trimmed = text.trim().replace(',', '.');
    const value = trimmed === '' ? null : Number(trimmed);
    const allowed = value === null || (value >= LEAST_LIMIT && value <= MOST_LIMIT);
    this.#limitProblem = allowed
      ? null
      : t('downloads.limitProblem', {
          minimum: formatNumber(LEAST_LIMIT),
          maximum: formatNumber(MOST_LIMIT),
        });
    if (!allowed) return;
    const failure = await this.#stores.settings.save('downloadLimit', value);
    if (failure) this.#limitProblem = errorMessage(failure).title;
  }

  /** Looks at the queue as it is now and decides what is worth saying. */
  listen(list: readonly Download[]): void {
    const words: string[] = [];
    const known = new Map<number, { state: Download['state']; quarter: number }>();
    for (const download of list) {
      const quarter = Math.floor((downloadShare(download) ?? 0) * 4);
      known.set(download.id, { state: download.state, quarter });
      const before = this.#known.get(download.id);
      const text = before && announcement(download, before, quarter);
      if (text) words.push(text);
    }
    this.#known = known;
    if (words.length > 0) this.#said = words.join(' ');
  }
}

/** Null where there is nothing new; done and failed have their own notice. */
function announcement(
  { name, state }: Download,
  before: { state: Download['state']; quarter: number },
  quarter: number,
): string | null {
  if (state === 'done' || state === 'failed') return null;
  if (state !== before.state) return t(`downloads.announce.${state}`, { name });
  if (state !== 'running' || quarter <= before.quarter || quarter > 3) return null;
  return t('downloads.announce.part', { name, percent: formatPercent(quarter / 4) });
}
