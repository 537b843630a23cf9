// Model files the person has added. Whether a file is still there is not stored: the service looks.
import { AppError } from '#contract/errors.ts';
import { modelHeader, type Model, type ModelHeader } from '#contract/models.ts';
import type { WriteDatabase } from './connection.ts';
import { readJson } from './json-column.ts';

/** `fileSizeBytes` and `fileModifiedAt` (ms) are those of the file whose header was read. */
export type StoredModel = Omit<Model, 'fileState'> & {
  fileSizeBytes: number;
  fileModifiedAt: number;
  lastUsedAt: number | null;
};
export type NewModel = Omit<StoredModel, 'id' | 'lastUsedAt'>;
export type ModelFile = Pick<StoredModel, 'name' | 'path' | 'header' | 'fileSizeBytes' | 'fileModifiedAt'>;

export class ModelRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** In the order they were added. */
  list(): StoredModel[] {
    return this.#statements.list.all().map(toModel);
  }

  get(id: number): StoredModel | null {
    const row = this.#statements.get.get({ id });
    return row ? toModel(row) : null;
  }

  getByPath(path: string): StoredModel | null {
    const row = this.#statements.getByPath.get({ path });
    return row ? toModel(row) : null;
  }

  /** The model that `markUsed` was last told of. */
  lastUsed(): StoredModel | null {
    const row = this.#statements.lastUsed.get();
    return row ? toModel(row) : null;
  }

  /** Throws `model-already-added` when a model has this path. */
  add(model: NewModel): StoredModel {
    return this.#db.transaction(() => {
      const known = this.getByPath(model.path);
      if (known)
        throw new AppError('model-already-added', 'A model with this path', {
          details: { name: known.name },
        });
      const { placement, addedAt } = model;
      const row = { ...fileColumns(model), placement, demo: model.demo ? 1 : 0, addedAt };
      const id = this.#statements.add.get(row)?.id ?? 0;
      return { ...model, id, lastUsedAt: null };
    });
  }

  /** After the file has moved or changed. Throws `not-found`. */
  updateFile(id: number, file: ModelFile): StoredModel {
    this.#statements.updateFile.run({ id, ...fileColumns(file) });
    const updated = this.get(id);
    if (!updated) throw new AppError('not-found', `No model ${id}`);
    return updated;
  }

  markUsed(id: number, now: number): void {
    this.#statements.markUsed.run({ id, now });
  }

  /** Returns false when there was none. */
  remove(id: number): boolean {
    return this.#statements.remove.run({ id }) > 0;
  }
}

interface ModelRow {
  id: number;
  name: string;
  path: string;
  placement: string;
  demo: number;
  header: string;
  fileSizeBytes: number;
  fileModifiedAt: number;
  addedAt: number;
  lastUsedAt: number | null;
}

function toModel(row: ModelRow): StoredModel {
  return {
    ...row,
    placement: row.placement as Model['placement'],
    demo: row.demo === 1,
    header: readJson(modelHeader, row.header) ?? unreadableHeader(row.fileSizeBytes),
  };
}

function unreadableHeader(fileSizeBytes: number): ModelHeader {
  const silent = { name: null, parameterCount: null, quantization: null, contextLength: null };
  return { architecture: '', ...silent, layerCount: null, chatTemplate: null, licence: null, fileSizeBytes };
}

/** File times have fractions of a millisecond; the column has none. */
function fileColumns({ name, path, header, fileSizeBytes, fileModifiedAt }: ModelFile) {
  return {
    name,
    path,
    header: JSON.stringify(header),
    fileSizeBytes,
    fileModifiedAt: Math.trunc(fileModifiedAt),
  };
}

const COLUMNS = `id, name, path, placement, demo, header, file_size AS fileSizeBytes, file_mtime AS fileModifiedAt,
  added_at AS addedAt, last_used_at AS lastUsedAt`;

function prepare(db: WriteDatabase) {
  return {
    list: db.query<ModelRow>(`SELECT ${COLUMNS} FROM models ORDER BY id`),
    get: db.query<ModelRow>(`SELECT ${COLUMNS} FROM models WHERE id = :id`),
    getByPath: db.query<ModelRow>(`SELECT ${COLUMNS} FROM models WHERE path = :path`),
    lastUsed: db.query<ModelRow>(
      `SELECT ${COLUMNS} FROM models WHERE last_used_at IS NOT NULL ORDER BY last_used_at DESC LIMIT 1`,
    ),
    add: db.command<{ id: number }>(`
      INSERT INTO models(name, path, placement, demo, header, file_size, file_mtime, added_at)
      VALUES (:name, :path, :placement, :demo, :header, :fileSizeBytes, :fileModifiedAt, :addedAt) RETURNING id`),
    updateFile: db.command(`
      UPDATE models SET name = :name, path = :path, header = :header, file_size = :fileSizeBytes,
        file_mtime = :fileModifiedAt WHERE id = :id`),
    markUsed: db.command('UPDATE models SET last_used_at = :now WHERE id = :id'),
    remove: db.command('DELETE FROM models WHERE id = :id'),
  };
}
