// Reads the header of a model that nobody has downloaded yet: a few megabytes from the beginning of each file, by
// range requests, looked at by the engine as any other file.
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basename } from 'node:path/posix';
import type { DownloadSource } from '#contract/downloads.ts';
import { AppError } from '#contract/errors.ts';
import type { MemoryNeed, ModelHeader } from '#contract/models.ts';
import type { HttpClient } from '../network/http-types.ts';
import type { HubClient } from './hub-client.ts';
import { hubError } from './hub-error.ts';

/** A header without a vocabulary fits the first; Gemma's, with 262,000 words, takes 5 to 16 MB. */
const STEPS_BYTES = [1, 4, 16, 32, 64].map((megabytes) => megabytes * 1_048_576);
/** Of all files together: what every part of the largest split models begins with, and no full disk. */
const MOST_BYTES = 256 * 1_048_576;

export interface ReadHeader {
  header: ModelHeader;
  memory: MemoryNeed;
}

interface RemoteHeaderOptions {
  client: HubClient;
  http: HttpClient;
  /** Reads the header in the engine process from the beginning of a file; model-incomplete when that is too little. */
  inspect: (path: string, options: { headerOnly: true }) => Promise<ReadHeader>;
}

/** One file, and how much of its beginning is here. */
interface Beginning {
  remotePath: string;
  file: FileHandle;
  haveBytes: number;
  sizeBytes: number;
}

interface Reading {
  source: DownloadSource;
  signal: AbortSignal;
  /** By the names of the files here. */
  beginnings: Map<string, Beginning>;
}

export class RemoteHeaders {
  readonly #options: RemoteHeaderOptions;

  constructor(options: RemoteHeaderOptions) {
    this.#options = options;
  }

  /** Errors: hub-*, those of the network, and those of a model's file. Leaves nothing behind. */
  async read(source: DownloadSource, signal: AbortSignal): Promise<ReadHeader> {
    const folder = await mkdtemp(join(tmpdir(), 'lapidary-header-'));
    const beginnings = new Map<string, Beginning>();
    const reading = { source, signal, beginnings };
    try {
      for (const { path } of source.files) {
        const name = basename(path);
        const file = await open(join(folder, name), 'w');
        const beginning = { remotePath: path, file, haveBytes: 0, sizeBytes: Infinity };
        beginnings.set(name, beginning);
        await this.#grow(beginning, reading);
      }
      const first = join(folder, basename(source.files[0]?.path ?? ''));
      const read = await this.#inspectGrowing(first, reading);
      refuseCutFile(read.header, [...beginnings.values()]);
      return read;
    } finally {
      for (const { file } of beginnings.values()) await file.close();
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #inspectGrowing(first: string, reading: Reading): Promise<ReadHeader> {
    for (;;) {
      try {
        return await this.#options.inspect(first, { headerOnly: true });
      } catch (error) {
        const short = error instanceof AppError && error.code === 'model-incomplete' ? error.details : null;
        const beginning = reading.beginnings.get(String(short?.['file']));
        if (!beginning || !(await this.#grow(beginning, reading))) throw error;
      }
    }
  }

  /** Fetches up to the next step; false when there is none, no more of the file, or the server gives no more. */
  async #grow(beginning: Beginning, { source, signal, beginnings }: Reading): Promise<boolean> {
    const { client, http } = this.#options;
    const step = STEPS_BYTES.find((bytes) => bytes > beginning.haveBytes);
    const othersBytes = bytesHere(beginnings.values()) - beginning.haveBytes;
    if (step === undefined || othersBytes + step > MOST_BYTES) return false;
    if (beginning.haveBytes >= beginning.sizeBytes) return false;
    const asking = { reason: 'inspect', signal } as const;
    const { url, token, sizeBytes } = await client.resolve(source, beginning.remotePath, asking);
    beginning.sizeBytes = sizeBytes;
    const end = Math.min(step, sizeBytes);
    if (end === 0) return false;
    const response = await http.request(url, {
      ...asking,
      token,
      redirect: 'follow',
      headers: { range: `bytes=${beginning.haveBytes}-${end - 1}` },
    });
    // An answer with everything starts at the beginning.
    if (response.status === 200) beginning.haveBytes = 0;
    else if (response.status !== 206) {
      response.discard();
      const { repository } = source;
      throw hubError(response, { repository, path: beginning.remotePath, withToken: token !== null });
    }
    for await (const chunk of response.body) {
      const wanted = chunk.subarray(0, end - beginning.haveBytes);
      await beginning.file.write(wanted, 0, wanted.length, beginning.haveBytes);
      beginning.haveBytes += wanted.length;
      if (beginning.haveBytes >= end) break;
    }
    return beginning.haveBytes >= end;
  }
}

function bytesHere(beginnings: Iterable<Beginning>): number {
  return [...beginnings].reduce((sum, beginning) => sum + beginning.haveBytes, 0);
}

/** The server has less than the header promises: somebody uploaded half a model. */
function refuseCutFile({ fileSizeBytes }: ModelHeader, files: Beginning[]): void {
  const thereBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (thereBytes >= fileSizeBytes) return;
  throw new AppError('model-incomplete', 'The file on the server ends before the model does', {
    details: { fileSizeBytes: thereBytes, neededBytes: fileSizeBytes },
  });
}
