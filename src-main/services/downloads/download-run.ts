// One attempt at one download: its files one after another, then their names, then the entry in the library.
import type { DownloadSource } from '#contract/downloads.ts';
import type { Model } from '#contract/models.ts';
import type { ModelLibrary } from '../models/model-library.ts';
import {
  findPlace,
  giveNames,
  isPlaced,
  removeJournals,
  type DownloadPlace,
  type Folders,
} from './download-place.ts';
import type { TransferClient } from './transfer-client.ts';
import type { TransferEvent } from './worker-contract.ts';

export interface RunTools {
  client: TransferClient;
  library: Pick<ModelLibrary, 'enter' | 'inspect'>;
  folders: () => Folders;
}

export interface RunTask {
  id: number;
  name: string;
  source: DownloadSource;
  begunIn: string | null;
}

export type RunEvent =
  | { type: 'placed'; folder: string }
  | { type: 'progress'; file: number; progress: Extract<TransferEvent, { type: 'progress' }> }
  | { type: 'fetched'; file: number; sizeBytes: number };

export class DownloadRuns {
  readonly #tools: RunTools;
  /** By the id of their download; nobody else gets these paths. */
  readonly #places = new Map<number, DownloadPlace>();
  #choosing: Promise<unknown> = Promise.resolve();

  constructor(tools: RunTools) {
    this.#tools = tools;
  }

  /**
   * Returns the model; null when the signal aborted first.
   * @throws AppError of Transfer.run, folder-missing, and of ModelLibrary.inspect
   */
  async *run(task: RunTask, signal: AbortSignal): AsyncGenerator<RunEvent, Model | null, void> {
    const place = await this.#choosePlace(task);
    yield { type: 'placed', folder: place.folder };
    const hashes: string[] = [];
    for (const [file, { partPath }] of place.files.entries()) {
      const fetched = yield* fetchFile({ task, file, partPath, place }, this.#tools, signal);
      if (!fetched) return null;
      yield { type: 'fetched', file, sizeBytes: fetched.sizeBytes };
      hashes.push(fetched.sha256);
    }
    return finish(task, place, hashes[0] ?? null, this.#tools);
  }

  /** Its paths are free again. */
  forget(id: number): void {
    this.#places.delete(id);
  }

  /** One at a time: two must not choose the same free name. */
  #choosePlace({ id, source, begunIn }: RunTask): Promise<DownloadPlace> {
    const choose = async (): Promise<DownloadPlace> => {
      const others = [...this.#places].filter(([other]) => other !== id).flatMap(([, { files }]) => files);
      const taken = new Set(others.map(({ partPath }) => partPath));
      const place = await findPlace({ source, begunIn }, this.#tools.folders(), taken);
      this.#places.set(id, place);
      return place;
    };
    const chosen = this.#choosing.then(choose, choose);
    this.#choosing = chosen.catch(() => {}); // Whoever waits for it is told.
    return chosen;
  }
}

interface OneFile {
  task: RunTask;
  file: number;
  partPath: string;
  place: DownloadPlace;
}

async function* fetchFile(
  { task, file, partPath, place }: OneFile,
  { client }: RunTools,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, { sha256: string; sizeBytes: number } | null, void> {
  const { repository, revision, files } = task.source;
  const filePlace = place.files[file];
  const placed = filePlace && (await isPlaced(filePlace));
  if (placed?.verified != null) return { sha256: placed.verified, sizeBytes: placed.identity.sizeBytes };
  const { path = '', sizeBytes = null, sha256 = null } = files[file] ?? {};
  const wanted = { repository, revision, path, sizeBytes, sha256 };
  for await (const event of client.run({ wanted, partPath }, signal)) {
    if (event.type === 'done') return event;
    yield { type: 'progress', file, progress: event };
  }
  return null;
}

async function finish(
  { name, source }: RunTask,
  place: DownloadPlace,
  sha256: string | null,
  { library }: RunTools,
): Promise<Model> {
  const { repository, revision, files } = source;
  const [first, ...others] = place.files;
  // Without a checksum to compare with, only reading it tells that it is a model; before it has the name of one.
  const alone = others.length === 0 && files[0]?.sha256 === null;
  if (first && alone && !(await isPlaced(first))) await library.inspect(first.partPath);
  const paths = await giveNames(place);
  const origin = { repository, revision, path: files[0]?.path ?? '' };
  const model = await library.enter(paths[0] ?? '', { name, origin, sha256 });
  await removeJournals(place.files);
  return model;
}
