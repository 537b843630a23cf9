// One file from the first byte to the right checksum: opens what is there, fetches what lacks, hashes, repairs.
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#contract/errors.ts';
import type { ResolvedFile } from '../../hub/hub-types.ts';
import { requireRoom, toDiskError } from './disk-error.ts';
import { Fetcher } from './fetcher.ts';
import { changedError, FetchLink, ReplacedError } from './fetch-link.ts';
import { compare, identityOf, isWrong } from './file-identity.ts';
import { PartFile } from './part-file.ts';
import { repair } from './repair.ts';
import type { TransferProgress, TransferTask, TransferTools } from './transfer-types.ts';

/** How often a file may be replaced on the server while it is fetched. */
const MOST_VERSIONS = 5;
const LOOK_EVERY_MS = 3000;
/** So that little is left to be waited for at the end. */
const SYNC_EVERY_BYTES = 64 * 1024 * 1024;
/** While writing, less than the spare may be left: others write too. */
const SPARE_WHILE_WRITING = 0.25;

export class Transfer {
  readonly #task: TransferTask;
  readonly #tools: TransferTools;
  #part: PartFile | null = null;
  #fetcher: Fetcher | null = null;
  /** Bytes compared again, in a repair. */
  #comparedBytes: number | null = null;
  #lookedAt = performance.now();
  #syncedBytes = 0;

  constructor(task: TransferTask, tools: TransferTools) {
    this.#task = task;
    this.#tools = tools;
  }

  /** Null before the file is open. */
  get progress(): TransferProgress | null {
    const { map, sha } = this.#part ?? {};
    if (!map || !sha) return null;
    const shared = {
      sizeBytes: map.sizeBytes,
      bytesPerSecond: this.#fetcher?.rate.perSecond() ?? null,
      connections: this.#fetcher?.connections ?? 0,
    };
    if (!map.complete) return { ...shared, phase: 'running', doneBytes: map.doneBytes };
    return { ...shared, phase: 'verifying', doneBytes: this.#comparedBytes ?? sha.position };
  }

  /**
   * Returns the sha256 and size of the whole file. Everything that was fetched stays for the next time, however it ends.
   * @throws AppError download-changed, download-damaged, disk-full, disk-file-limit, folder-missing, and those of hub
   *   and network; the signal's reason.
   */
  async run(signal: AbortSignal): Promise<{ sha256: string; sizeBytes: number }> {
    let link: ResolvedFile | null = null;
    for (let version = 0; version < MOST_VERSIONS; version++) {
      try {
        return await this.#runVersion(link, signal);
      } catch (error) {
        const missingBytes = this.#part ? this.#part.map.sizeBytes - this.#part.map.doneBytes : 0;
        if (!(error instanceof ReplacedError))
          throw await toDiskError(error, this.#task.partPath, missingBytes);
        link = error.found;
      } finally {
        await this.#part?.close();
        this.#part = null;
        this.#fetcher = null;
      }
    }
    throw changedError(this.#task.wanted);
  }

  async #runVersion(
    known: ResolvedFile | null,
    signal: AbortSignal,
  ): Promise<{ sha256: string; sizeBytes: number }> {
    const { part, link } = await this.#open(known, signal);
    const { sizeBytes, sha256: expected } = part.identity;
    if (part.verified !== null) return { sha256: part.verified, sizeBytes };
    const { spareBytes } = this.#tools.tuning;
    await requireRoom(dirname(part.path), sizeBytes - part.map.doneBytes, part.map.complete ? 0 : spareBytes);
    let sha256 = await this.#complete(part, link, signal);
    if (expected !== null && sha256 !== expected) sha256 = await this.#mend(part, link, expected, signal);
    await part.markVerified(sha256);
    return { sha256, sizeBytes };
  }

  /** The file that was begun, or a new one. What is whole already needs no network. */
  async #open(known: ResolvedFile | null, signal: AbortSignal): Promise<{ part: PartFile; link: FetchLink }> {
    const { wanted, partPath } = this.#task;
    const { resolve, hasher } = this.#tools;
    const ask = (asking: AbortSignal): Promise<ResolvedFile> => resolve(wanted, asking);
    this.#part = known ? null : await PartFile.open(partPath, hasher);
    const promised = this.#part && (wanted.sha256 === null || wanted.sha256 === this.#part.identity.sha256);
    if (this.#part && promised && this.#part.map.complete) {
      return {
        part: this.#part,
        link: new FetchLink(ask, { wanted, begun: this.#part.identity, link: null }),
      };
    }
    const link = known ?? (await ask(signal));
    if (isWrong(wanted, link)) throw changedError(wanted);
    if (this.#part && compare(this.#part.identity, wanted, link) === 'changed') {
      await this.#part.close();
      this.#part = null;
    }
    this.#part ??= await PartFile.create(partPath, identityOf(wanted, link), hasher);
    const begun = this.#part.identity;
    return { part: this.#part, link: new FetchLink(ask, { wanted, begun, link }) };
  }

  /** Fetches and hashes until both are at the end. Returns the sha256. */
  async #complete(part: PartFile, link: FetchLink, signal: AbortSignal): Promise<string> {
    const fetcher = new Fetcher(part, link, this.#tools);
    this.#fetcher = fetcher;
    const stop = new AbortController();
    const stopping = AbortSignal.any([signal, stop.signal]);
    let failed: unknown = null;
    const hashing = part.sha.run(stopping).catch((error: unknown) => (failed = error));
    try {
      while (part.sha.digest === null) {
        signal.throwIfAborted();
        if (failed !== null) throw failed;
        if (part.map.complete) await settledWithin(hashing, this.#tools.tuning.lookMs);
        else await fetcher.step(signal);
        await this.#look(part);
      }
      return part.sha.digest;
    } finally {
      stop.abort();
      await fetcher.stop();
      await hashing;
    }
  }

  /** Every few seconds, or some dozen megabytes: the disk keeps what is written, has room, and is still there. */
  async #look(part: PartFile): Promise<void> {
    const now = performance.now();
    const { doneBytes } = part.map;
    const due = now - this.#lookedAt >= LOOK_EVERY_MS || doneBytes - this.#syncedBytes >= SYNC_EVERY_BYTES;
    if (!due) return;
    this.#lookedAt = now;
    this.#syncedBytes = doneBytes;
    void part.sync().catch(() => {}); // The last sync, which is waited for, tells.
    const found = await stat(part.path, { bigint: true }).catch(() => null);
    await part.requirePlace(found?.ino ?? null);
    const missingBytes = part.map.sizeBytes - doneBytes;
    const spareBytes = this.#tools.tuning.spareBytes * SPARE_WHILE_WRITING;
    if (missingBytes > 0) await requireRoom(dirname(part.path), missingBytes, spareBytes);
  }

  /** First what the disk has changed, then what the way has changed. */
  async #mend(part: PartFile, link: FetchLink, expected: string, signal: AbortSignal): Promise<string> {
    part.sha.restart();
    if ((await this.#complete(part, link, signal)) === expected) return expected;
    const repairing = repair({ part, link, tools: this.#tools }, expected, signal);
    for (let step = await repairing.next(); ; step = await repairing.next()) {
      if (step.done && step.value) return expected;
      if (step.done) break;
      this.#comparedBytes = step.value;
    }
    throw new AppError('download-damaged', `${part.identity.path} has another checksum`, {
      details: { name: part.identity.path },
    });
  }
}

/** Waits for it, but no longer than this. */
async function settledWithin(promise: Promise<unknown>, limitMs: number): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([promise, wait(limitMs, undefined, { signal: waiting.signal }).catch(() => {})]);
  waiting.abort();
}
