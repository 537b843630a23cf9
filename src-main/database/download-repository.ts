// The queue of downloads in its order. Bytes are not counted here: the journal beside each partial file knows them.
import { z } from 'zod';
import { failure } from '#contract/common.ts';
import { downloadSource, type Download } from '#contract/downloads.ts';
import type { WriteDatabase } from './connection.ts';
import { readJson, writeJson } from './json-column.ts';

/** Where the partial files lie, and how far they were when that was last stored; one entry for each file. */
export const storedProgress = z.object({
  folder: z.string().nullable(),
  files: z.array(z.object({ sizeBytes: z.number().nullable(), doneBytes: z.number() })),
});
export type StoredProgress = z.output<typeof storedProgress>;

/** What is running is stored as waiting: after a crash it goes on by itself. */
export const storedState = z.enum(['waiting', 'paused', 'failed', 'done']);

export interface StoredDownload extends Pick<
  Download,
  'id' | 'name' | 'source' | 'catalogueId' | 'failure' | 'retryAt' | 'modelId' | 'addedAt'
> {
  acceptedLicence: string | null;
  state: z.output<typeof storedState>;
  progress: StoredProgress;
}
export type NewDownload = Pick<
  StoredDownload,
  'name' | 'source' | 'catalogueId' | 'acceptedLicence' | 'addedAt'
>;
/** What changes while a download lives. */
export type DownloadChange = Pick<StoredDownload, 'state' | 'failure' | 'retryAt' | 'modelId' | 'progress'>;

export class DownloadRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** In the order of the queue. A row that can't be read is left out. */
  list(): StoredDownload[] {
    return this.#statements.list.all().flatMap(toDownload);
  }

  /** At the end of the queue, waiting. */
  add(added: NewDownload): StoredDownload {
    const { name, source, catalogueId, acceptedLicence, addedAt } = added;
    const id =
      this.#statements.add.get({
        name,
        source: JSON.stringify(source),
        catalogueId,
        acceptedLicence,
        addedAt,
      })?.id ?? 0;
    const files = source.files.map(({ sizeBytes }) => ({ sizeBytes, doneBytes: 0 }));
    const progress = { folder: null, files };
    return { ...added, id, state: 'waiting', failure: null, retryAt: null, modelId: null, progress };
  }

  update(id: number, change: DownloadChange): void {
    const { state, retryAt, modelId } = change;
    this.#statements.update.run({
      id,
      state,
      retryAt,
      modelId,
      failure: writeJson(change.failure),
      progress: writeJson(change.progress),
    });
  }

  /** The ids of the whole queue in its new order. */
  reorder(ids: readonly number[]): void {
    this.#db.transaction(() => {
      for (const [position, id] of ids.entries()) this.#statements.place.run({ id, position });
    });
  }

  remove(id: number): void {
    this.#statements.remove.run({ id });
  }
}

interface DownloadRow {
  id: number;
  name: string;
  source: string;
  catalogueId: string | null;
  acceptedLicence: string | null;
  progress: string | null;
  state: string;
  failure: string | null;
  retryAt: number | null;
  modelId: number | null;
  addedAt: number;
}

function toDownload(row: DownloadRow): StoredDownload[] {
  const source = readJson(downloadSource, row.source);
  if (!source) return [];
  const progress = readJson(storedProgress, row.progress);
  const files = source.files.map(
    ({ sizeBytes }, index) => progress?.files[index] ?? { sizeBytes, doneBytes: 0 },
  );
  return [
    {
      ...row,
      source,
      state: storedState.catch('waiting').parse(row.state),
      failure: readJson(failure, row.failure),
      progress: { folder: progress?.folder ?? null, files },
    },
  ];
}

function prepare(db: WriteDatabase) {
  return {
    list: db.query<DownloadRow>(`
      SELECT id, name, source, catalogue_id AS catalogueId, accepted_licence AS acceptedLicence, progress, state,
        failure, retry_at AS retryAt, model_id AS modelId, added_at AS addedAt
      FROM downloads ORDER BY position, id`),
    add: db.command<{ id: number }>(`
      INSERT INTO downloads(position, name, source, catalogue_id, accepted_licence, state, added_at)
      VALUES ((SELECT coalesce(max(position) + 1, 0) FROM downloads), :name, :source, :catalogueId,
        :acceptedLicence, 'waiting', :addedAt)
      RETURNING id`),
    update: db.command(`
      UPDATE downloads SET state = :state, failure = :failure, retry_at = :retryAt, model_id = :modelId,
        progress = :progress WHERE id = :id`),
    place: db.command('UPDATE downloads SET position = :position WHERE id = :id'),
    remove: db.command('DELETE FROM downloads WHERE id = :id'),
  };
}
