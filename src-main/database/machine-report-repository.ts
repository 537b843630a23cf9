// What was found out about the machine, kept so that the next start knows it at once. Can be lost at any time.
import type { WriteDatabase } from './connection.ts';

export interface StoredReport {
  /** JSON; its reader checks what it is worth. */
  report: string;
  /** Milliseconds since 1970. */
  madeAt: number;
}

export class MachineReportRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#statements = prepare(db);
  }

  get(name: string): StoredReport | null {
    return this.#statements.get.get({ name }) ?? null;
  }

  /** Replaces an earlier report of this name. */
  put(name: string, { report, madeAt }: StoredReport): void {
    this.#statements.put.run({ name, report, madeAt });
  }
}

function prepare(db: WriteDatabase) {
  return {
    get: db.query<StoredReport>('SELECT report, made_at AS madeAt FROM machine_reports WHERE name = :name'),
    put: db.command(`
      INSERT INTO machine_reports(name, report, made_at) VALUES (:name, :report, :madeAt)
      ON CONFLICT(name) DO UPDATE SET report = excluded.report, made_at = excluded.made_at`),
  };
}
