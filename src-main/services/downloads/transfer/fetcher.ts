// Fetches what a partial file lacks, over as many connections as help. Each takes a stretch of blocks, so that a
// connection that breaks costs nothing but the bytes on their way.
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#contract/errors.ts';
import { BLOCK_BYTES, type Claim } from './block-map.ts';
import { ConnectionCount } from './connection-count.ts';
import { ReplacedError, type FetchLink } from './fetch-link.ts';
import type { PartFile } from './part-file.ts';
import { Patience } from './patience.ts';
import { askRange, strongEtag, type RangeAnswer } from './range-answer.ts';
import { RateMeter } from './rate-meter.ts';
import { StretchWriter } from './stretch-writer.ts';
import type { TransferTools } from './transfer-types.ts';

/** A stretch lasts about this long, so that asking for it does not count; and stays near enough for the checksum. */
const STRETCH_SECONDS = 10;
const SHORTEST_STRETCH_BYTES = 8 * BLOCK_BYTES;
const LONGEST_STRETCH_BYTES = 64 * BLOCK_BYTES;
/** Faster than the disk, a connection waits with so much in memory. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
/** How long a number of connections is watched before it is judged. */
const JUDGE_AFTER_MS = 2000;
/** Then everything is asked for, without a range. */
const MOST_UNFIT = 3;
/** Nothing at the hub changes by asking again at once. */
const AT_ONCE: ReadonlySet<string> = new Set(['network-failed', 'download-stalled', 'hub-unavailable']);

export class Fetcher {
  readonly rate = new RateMeter();
  readonly #part: PartFile;
  readonly #link: FetchLink;
  readonly #tools: TransferTools;
  readonly #count = new ConnectionCount();
  readonly #patience: Patience;
  readonly #active = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #error: unknown = null;
  /** To questions for a range. */
  #unfitAnswers = 0;
  #notBefore = 0;
  #judged = { at: performance.now(), total: 0 };

  constructor(part: PartFile, link: FetchLink, tools: TransferTools) {
    this.#part = part;
    this.#link = link;
    this.#tools = tools;
    this.#patience = new Patience(tools.tuning.firstRetryMs);
    const many = part.map.sizeBytes >= tools.tuning.manyConnectionsFromBytes;
    if (!many) this.#count.onlyOne();
  }

  get connections(): number {
    return this.#active.size;
  }

  /**
   * Opens connections as needed and waits until one of them ends, or for `lookMs`.
   * @throws what ended the transfer; then no connection is left.
   */
  async step(signal: AbortSignal): Promise<void> {
    this.#judge();
    while (
      this.#error === null &&
      this.#active.size < this.#count.allowed &&
      performance.now() >= this.#notBefore
    ) {
      const claim = this.#part.map.claim(this.#stretchBytes());
      if (!claim) break;
      this.#start(claim, signal);
    }
    const looking = new AbortController();
    await Promise.race([
      ...this.#active,
      wait(this.#tools.tuning.lookMs, undefined, { signal: AbortSignal.any([signal, looking.signal]) }).catch(
        () => {},
      ),
    ]);
    looking.abort();
    if (this.#error === null && !signal.aborted) return;
    await this.stop();
    signal.throwIfAborted();
    throw this.#error;
  }

  /** Ends all connections. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#active);
  }

  #start(claim: Claim, signal: AbortSignal): void {
    const running = this.#fetch(claim, AbortSignal.any([signal, this.#stop.signal]))
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#part.map.release(claim);
        this.#active.delete(running);
      });
    this.#active.add(running);
  }

  async #fetch(claim: Claim, signal: AbortSignal): Promise<void> {
    const link = await this.#link.get(signal);
    const question = { link, claim, etag: this.#link.etag, withoutRange: this.#unfitAnswers >= MOST_UNFIT };
    const answer = await askRange(this.#tools.http, question, signal);
    if (answer.kind === 'part') {
      this.#link.etag ??= strongEtag(answer.response);
      await this.#take(answer, claim.start, answer.end, signal);
    } else if (answer.kind === 'whole' && this.#active.size === 1) {
      this.#count.onlyOne();
      await this.#take(answer, 0, link.sizeBytes, signal);
    } else {
      answer.response.discard();
      this.#count.onlyOne();
      if (answer.kind === 'whole') return;
      // A server that keeps saying that the file is another one, or answers otherwise, does not understand ranges.
      const unfit = answer.kind === 'odd' || (answer.kind === 'changed' && this.#link.etag === null);
      if (unfit) this.#unfitAnswers += 1;
      this.#link.drop(link);
      const { status, url } = answer.response;
      const details = { status, host: new URL(url).host };
      throw new AppError('hub-unavailable', `Answer ${status} (${answer.kind})`, { details });
    }
  }

  /** Writes what arrives, from `position` up to `end`, and passes over what is there already. */
  async #take({ response }: RangeAnswer, from: number, end: number, signal: AbortSignal): Promise<void> {
    const writer = new StretchWriter(this.#part, from, this.#tools.buffers);
    let left = end - from;
    try {
      for await (const chunk of response.body) {
        this.rate.add(chunk.length);
        await this.#tools.limit.take(chunk.length, signal);
        writer.push(chunk.length > left ? chunk.subarray(0, left) : chunk);
        if (writer.waitingBytes > MOST_WAITING_BYTES) await writer.drain();
        left -= chunk.length;
        if (left < 0) break;
      }
    } finally {
      // However it ends, what has arrived is kept.
      await writer.drain();
    }
    if (left > 0) throw new AppError('network-failed', `The answer ended ${left} bytes early`);
  }

  #failed(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const replaced = error instanceof ReplacedError;
    const atOnce = error instanceof AppError && AT_ONCE.has(error.code) && !replaced;
    const delayMs = atOnce ? this.#patience.failed(this.rate.total) : null;
    if (delayMs === null) this.#error ??= error;
    else this.#notBefore = performance.now() + delayMs;
    this.#judged = { at: performance.now(), total: this.rate.total };
  }

  #judge(): void {
    const now = performance.now();
    const elapsedMs = now - this.#judged.at;
    if (elapsedMs < JUDGE_AFTER_MS) return;
    if (!this.#tools.limit.limited) this.#count.observe((this.rate.total - this.#judged.total) / elapsedMs);
    this.#judged = { at: now, total: this.rate.total };
  }

  #stretchBytes(): number {
    const { map } = this.#part;
    const perConnection = (this.rate.perSecond() ?? 0) / Math.max(1, this.#active.size);
    const wanted = Math.min(
      LONGEST_STRETCH_BYTES,
      Math.max(SHORTEST_STRETCH_BYTES, perConnection * STRETCH_SECONDS),
    );
    // Towards the end ever shorter ones, so that all connections end together.
    const shared =
      this.#count.allowed === 1 ? Infinity : (map.sizeBytes - map.doneBytes) / this.#count.allowed / 2;
    return Math.max(BLOCK_BYTES, Math.min(wanted, shared));
  }
}
