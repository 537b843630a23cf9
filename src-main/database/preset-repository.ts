// The person's own presets.
import { answerSettings, type Preset } from '#contract/presets.ts';
import { AppError } from '#contract/errors.ts';
import type { WriteDatabase } from './connection.ts';
import { readJson } from './json-column.ts';

export class PresetRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#statements = prepare(db);
  }

  /** By name. Settings that can't be read are as good as none. */
  list(): Preset[] {
    return this.#statements.list.all().map(({ id, name, settings }) => ({
      id,
      name,
      builtIn: null,
      settings: readJson(answerSettings, settings) ?? answerSettings.parse({}),
    }));
  }

  /** Throws `not-found` for an id that is none of the person's own. */
  save(id: number | null, { name, settings }: Pick<Preset, 'name' | 'settings'>): Preset {
    const values = { name, settings: JSON.stringify(settings) };
    const saved =
      id === null ? this.#statements.add.get(values) : this.#statements.change.get({ id, ...values });
    if (!saved) throw new AppError('not-found', `There is no preset ${id}`);
    return { id: saved.id, name, builtIn: null, settings };
  }

  /** Returns whether there was one. */
  remove(id: number): boolean {
    return this.#statements.remove.run({ id }) > 0;
  }
}

function prepare(db: WriteDatabase) {
  return {
    list: db.query<{ id: number; name: string; settings: string }>(
      'SELECT id, name, settings FROM presets ORDER BY name COLLATE NOCASE, id',
    ),
    add: db.command<{ id: number }>(
      'INSERT INTO presets(name, settings) VALUES (:name, :settings) RETURNING id',
    ),
    change: db.command<{ id: number }>(
      'UPDATE presets SET name = :name, settings = :settings WHERE id = :id RETURNING id',
    ),
    remove: db.command('DELETE FROM presets WHERE id = :id'),
  };
}
