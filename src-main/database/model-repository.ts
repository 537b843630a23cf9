// Model files the person has added. Whether a file is still there is not stored: the service looks.
import { AppError } from '#contract/errors.ts';
import {
  modelEngine,
  modelHeader,
  modelOrigin,
  speedResult,
  type Model,
  type ModelEngine,
  type ModelHeader,
  type SpeedResult,
} from '#contract/models.ts';
import type { WriteDatabase } from './connection.ts';
import { readJson, writeJson } from './json-column.ts';

/** `fileSizeBytes` and `fileModifiedAt` (ms) are those of the file whose header was read. */
export type StoredModel = Omit<Model, 'fileState'> & {
  fileSizeBytes: number;
  fileModifiedAt: number;
};
export type NewModel = Omit<StoredModel, 'id' | 'lastUsedAt' | 'engine' | 'speeds'>;
export type ModelFile = Pick<
  StoredModel,
  | 'name'
  | 'path'
  | 'placement'
  | 'header'
  | 'fileSizeBytes'
  | 'fileModifiedAt'
  | 'sizeBytes'
  | 'sha256'
  | 'origin'
>;

/** Everything automatic. */
export const AUTOMATIC_ENGINE: ModelEngine = {
  backend: null,
  contextSize: null,
  gpuLayers: null,
  kvCacheType: null,
  flashAttention: null,
  threads: null,
};

export class ModelRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** In the order they were added. */
  list(): StoredModel[] {
    return this.#statements.list.all().map((row) => this.#toModel(row));
  }

  get(id: number): StoredModel | null {
    const row = this.#statements.get.get({ id });
    return row ? this.#toModel(row) : null;
  }

  getByPath(path: string): StoredModel | null {
    const row = this.#statements.getByPath.get({ path });
    return row ? this.#toModel(row) : null;
  }

  /** The model that `markUsed` was last told of. */
  lastUsed(): StoredModel | null {
    const row = this.#statements.lastUsed.get();
    return row ? this.#toModel(row) : null;
  }

  /** Throws `model-already-added` when a model has this path. */
  add(model: NewModel): StoredModel {
    return this.#db.transaction(() => {
      const known = this.getByPath(model.path);
      if (known)
        throw new AppError('model-already-added', 'A model with this path', {
          details: { name: known.name },
        });
      const row = { ...fileColumns(model), demo: model.demo ? 1 : 0, addedAt: model.addedAt };
      const id = this.#statements.add.get(row)?.id ?? 0;
      return { ...model, id, engine: AUTOMATIC_ENGINE, speeds: [], lastUsedAt: null };
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

  configure(id: number, engine: ModelEngine): void {
    this.#statements.configure.run({ id, engine: JSON.stringify(engine) });
  }

  /** Replaces an earlier result of the same backend. */
  putSpeed(id: number, result: SpeedResult): void {
    const { backend, measuredAt } = result;
    this.#statements.putSpeed.run({ id, backend, result: JSON.stringify(result), measuredAt });
  }

  /** Returns false when there was none. */
  remove(id: number): boolean {
    return this.#statements.remove.run({ id }) > 0;
  }

  #toModel(row: ModelRow): StoredModel {
    const speeds = this.#statements.speeds.all({ id: row.id });
    const results = speeds.flatMap(({ result }) => readJson(speedResult, result) ?? []);
    return {
      ...toModel(row),
      speeds: results.toSorted((a, b) => b.generationTokensPerSecond - a.generationTokensPerSecond),
    };
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
  sizeBytes: number;
  sha256: string | null;
  origin: string | null;
  engine: string;
  addedAt: number;
  lastUsedAt: number | null;
}

function toModel(row: ModelRow): Omit<StoredModel, 'speeds'> {
  return {
    ...row,
    placement: row.placement as Model['placement'],
    demo: row.demo === 1,
    header: readJson(modelHeader, row.header) ?? unreadableHeader(row.fileSizeBytes),
    origin: readJson(modelOrigin, row.origin),
    engine: readJson(modelEngine, row.engine) ?? AUTOMATIC_ENGINE,
  };
}

function unreadableHeader(fileSizeBytes: number): ModelHeader {
  const silent = { name: null, parameterCount: null, quantization: null, contextLength: null };
  return { architecture: '', ...silent, layerCount: null, chatTemplate: null, licence: null, fileSizeBytes };
}

/** File times have fractions of a millisecond; the column has none. */
function fileColumns(file: ModelFile) {
  const { name, path, placement, header, fileSizeBytes, fileModifiedAt, sizeBytes, sha256, origin } = file;
  return {
    name,
    path,
    placement,
    sizeBytes,
    sha256,
    origin: writeJson(origin),
    header: JSON.stringify(header),
    fileSizeBytes,
    fileModifiedAt: Math.trunc(fileModifiedAt),
  };
}

const COLUMNS = `id, name, path, placement, demo, header, file_size AS fileSizeBytes, file_mtime AS fileModifiedAt,
  size_bytes AS sizeBytes, sha256, origin, engine, added_at AS addedAt, last_used_at AS lastUsedAt`;

function prepare(db: WriteDatabase) {
  return {
    list: db.query<ModelRow>(`SELECT ${COLUMNS} FROM models ORDER BY id`),
    get: db.query<ModelRow>(`SELECT ${COLUMNS} FROM models WHERE id = :id`),
    getByPath: db.query<ModelRow>(`SELECT ${COLUMNS} FROM models WHERE path = :path`),
    lastUsed: db.query<ModelRow>(
      `SELECT ${COLUMNS} FROM models WHERE last_used_at IS NOT NULL ORDER BY last_used_at DESC LIMIT 1`,
    ),
    add: db.command<{ id: number }>(`
      INSERT INTO models(name, path, placement, demo, header, file_size, file_mtime, size_bytes, sha256,
        origin, added_at)
      VALUES (:name, :path, :placement, :demo, :header, :fileSizeBytes, :fileModifiedAt, :sizeBytes,
        :sha256, :origin, :addedAt) RETURNING id`),
    updateFile: db.command(`
      UPDATE models SET name = :name, path = :path, placement = :placement, header = :header,
        file_size = :fileSizeBytes, file_mtime = :fileModifiedAt, size_bytes = :sizeBytes, sha256 = :sha256,
        origin = :origin WHERE id = :id`),
    markUsed: db.command('UPDATE models SET last_used_at = :now WHERE id = :id'),
    configure: db.command('UPDATE models SET engine = :engine WHERE id = :id'),
    speeds: db.query<{ result: string }>('SELECT result FROM speed_tests WHERE model_id = :id'),
    putSpeed: db.command(`
      INSERT INTO speed_tests(model_id, backend, result, measured_at) VALUES (:id, :backend, :result, :measuredAt)
      ON CONFLICT(model_id, backend) DO UPDATE SET result = excluded.result, measured_at = excluded.measured_at`),
    remove: db.command('DELETE FROM models WHERE id = :id'),
  };
}
