// The address of the bytes, asked for again when it no longer works; and the certainty that it still leads to the file
// that was begun.
import { AppError } from '#contract/errors.ts';
import type { ResolvedFile } from '../../hub/hub-types.ts';
import { compare, type Wanted } from './file-identity.ts';
import type { FileIdentity } from './journal.ts';

/** The file was replaced, and no checksum had been promised: its new version is to be fetched from the start. */
export class ReplacedError extends Error {
  readonly found: ResolvedFile;

  constructor(found: ResolvedFile) {
    super('The file on the server was replaced');
    this.found = found;
  }
}

export class FetchLink {
  readonly #resolve: (signal: AbortSignal) => Promise<ResolvedFile>;
  readonly #wanted: Wanted;
  readonly #begun: FileIdentity;
  #current: ResolvedFile | null;
  #asking: Promise<ResolvedFile> | null = null;
  /** The ETag that this link answers with. */
  etag: string | null = null;

  constructor(
    resolve: (signal: AbortSignal) => Promise<ResolvedFile>,
    file: { wanted: Wanted; begun: FileIdentity; link: ResolvedFile | null },
  ) {
    this.#resolve = resolve;
    this.#wanted = file.wanted;
    this.#begun = file.begun;
    this.#current = file.link;
  }

  /**
   * The link; several who ask at once share the question.
   * @throws AppError of the hub; download-changed; ReplacedError.
   */
  async get(signal: AbortSignal): Promise<ResolvedFile> {
    if (this.#current) return this.#current;
    this.#asking ??= this.#ask(signal).finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** It no longer works. Does nothing when somebody has already noticed. */
  drop(link: ResolvedFile): void {
    if (this.#current === link) this.#current = null;
  }

  async #ask(signal: AbortSignal): Promise<ResolvedFile> {
    const found = await this.#resolve(signal);
    const comparison = compare(this.#begun, this.#wanted, found);
    if (comparison === 'wrong') throw changedError(this.#wanted);
    if (comparison === 'changed') throw new ReplacedError(found);
    this.etag = null;
    this.#current = found;
    return found;
  }
}

export function changedError({ path }: Wanted): AppError {
  return new AppError('download-changed', `${path} is another file now`, { details: { name: path } });
}
