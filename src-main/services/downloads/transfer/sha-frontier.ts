// How far the sha256 of a file that arrives in any order has come. It follows the bytes as they are written. Where that
// is the only proof, or when the sum has come out wrong, each block is compared with the crc of what was received.
import { basename } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { BlockMap } from './block-map.ts';
import type { FileHasher } from './file-hashes.ts';

/** Fewer bytes are not worth the asking, unless they end a block. */
const STEP_BYTES = 4 * 1024 * 1024;
/** A disk that gives a block back wrong so often does not keep it. */
const MOST_DAMAGES = 3;

interface FrontierOptions {
  path: string;
  map: BlockMap;
  hasher: FileHasher;
  /** Nobody has promised a checksum: compares every block from the start. */
  compares: boolean;
  /** A block is on the disk with other bytes than were received. */
  onDamaged: (block: number) => void;
}

export class ShaFrontier {
  readonly #options: FrontierOptions;
  #position = 0;
  #compares: boolean;
  #digest: string | null = null;
  #restarting = false;
  /** By block, how often. */
  readonly #damages = new Map<number, number>();
  #wake: (() => void) | null = null;

  /** The hasher is at the start of the file. */
  constructor(options: FrontierOptions) {
    this.#options = options;
    this.#compares = options.compares;
  }

  get position(): number {
    return this.#position;
  }

  /** The sha256 in hex; null while the end is not reached. */
  get digest(): string | null {
    return this.#digest;
  }

  /** Forgets everything: all bytes will be read again, and compared. Not while it runs. */
  restart(): void {
    this.#compares = true;
    this.#restarting = true;
    this.#digest = null;
    this.#position = 0;
  }

  /** To be called when more is there. */
  noticeBytes(): void {
    this.#wake?.();
  }

  /**
   * Follows the bytes until the end is reached or the signal aborts. Once at a time.
   * @throws AppError download-damaged when the disk keeps changing a block
   */
  async run(signal: AbortSignal): Promise<void> {
    const { map, hasher, path } = this.#options;
    const wake = (): void => this.noticeBytes();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (!signal.aborted && this.#digest === null) {
        if (this.#restarting) await this.#restart();
        else if (this.#position === map.sizeBytes) this.#digest = await hasher.digest(path);
        else if (this.#isWorthIt()) await this.#advance();
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #isWorthIt(): boolean {
    const { map } = this.#options;
    const until = map.readyUntil(this.#position);
    return until >= this.#position + STEP_BYTES || until === map.endOf(map.blockAt(this.#position));
  }

  async #restart(): Promise<void> {
    await this.#options.hasher.restart(this.#options.path);
    this.#restarting = false;
    this.#position = 0;
  }

  async #advance(): Promise<void> {
    const { map, hasher, path, onDamaged } = this.#options;
    const block = map.blockAt(this.#position);
    const until = map.readyUntil(this.#position);
    const state = await hasher.advance(path, until, this.#compares);
    const tooShort = state.position < until;
    const ended = state.position === map.endOf(block);
    const wrong = this.#compares && ended && state.crc !== map.get(block).crc;
    this.#position = tooShort || wrong ? map.startOf(block) : state.position;
    if (!tooShort && !wrong) return;
    await hasher.back(path);
    const damages = (this.#damages.get(block) ?? 0) + 1;
    this.#damages.set(block, damages);
    if (damages > MOST_DAMAGES) {
      const details = { name: basename(path, '.part') };
      throw new AppError('download-damaged', `The disk does not keep block ${block}`, { details });
    }
    onDamaged(block);
  }
}
