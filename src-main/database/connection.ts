// One open SQLite connection with what better-sqlite3 lacks: errors with our codes, a report of slow statements, and
// reading kept apart from writing. Repositories see only the two interfaces.
import type Sqlite from 'better-sqlite3';
import type { Log } from '../lib/log.ts';
import { registerSearchText } from './search-text.ts';
import { withDatabaseErrors } from './sqlite-errors.ts';
import type { WriteGate } from './write-gate.ts';

/** Statements longer than this are logged: the host thread must answer the window meanwhile. */
export const SLOW_STATEMENT_MS = 8;

export type Parameters = Record<string, string | number | Buffer | null>;

export interface Query<Row> {
  get(parameters?: Parameters): Row | undefined;
  all(parameters?: Parameters): Row[];
}

export interface Command<Row> extends Query<Row> {
  /** Returns how many rows it changed. */
  run(parameters?: Parameters): number;
}

/** Can only be read: preparing a writing statement throws. */
export interface ReadDatabase {
  query<Row>(sql: string): Query<Row>;
}

export interface WriteDatabase extends ReadDatabase {
  command<Row = never>(sql: string): Command<Row>;
  /** All or nothing; nests. The lock is taken at the start, so that a second process waits instead of failing. */
  transaction<T>(work: () => T): T;
}

export class Connection implements WriteDatabase {
  readonly #sqlite: Sqlite.Database;
  readonly #log: Pick<Log, 'info'> | undefined;

  readonly #gate: WriteGate | undefined;

  /** `gate`: others with much to write wait while this one writes. */
  constructor(sqlite: Sqlite.Database, log?: Pick<Log, 'info'>, gate?: WriteGate) {
    this.#sqlite = sqlite;
    registerSearchText(sqlite);
    this.#log = log;
    this.#gate = gate;
  }

  query<Row>(sql: string): Query<Row> {
    const statement = this.#prepare(sql);
    if (!statement.readonly) throw new Error(`Not a query: ${sql}`);
    return this.#timed<Row>(statement, sql);
  }

  command<Row = never>(sql: string): Command<Row> {
    return this.#timed<Row>(this.#prepare(sql), sql);
  }

  transaction<T>(work: () => T): T {
    const nested = this.#sqlite.inTransaction;
    const run = () => this.#sqlite.transaction(work).immediate();
    return nested ? run() : this.#measure('transaction', () => this.#first(run));
  }

  #prepare(sql: string): Sqlite.Statement<[Parameters]> {
    return withDatabaseErrors(() => this.#sqlite.prepare<[Parameters]>(sql));
  }

  #timed<Row>(statement: Sqlite.Statement<[Parameters]>, sql: string): Command<Row> {
    const measured = <T>(work: () => T): T =>
      this.#measure(sql, () => (statement.readonly ? work() : this.#first(work)));
    return {
      get: (parameters = {}) => measured(() => first(statement, parameters) as Row | undefined),
      all: (parameters = {}) => measured(() => statement.all(parameters) as Row[]),
      run: (parameters = {}) => measured(() => statement.run(parameters).changes),
    };
  }

  /** Before those who only come in steps. */
  #first<T>(work: () => T): T {
    return this.#gate ? this.#gate.hold(work) : work();
  }

  /** Logs the statement's text and never its parameters: they hold what people write. */
  #measure<T>(sql: string, work: () => T): T {
    const start = performance.now();
    try {
      return withDatabaseErrors(work);
    } finally {
      const elapsedMs = performance.now() - start;
      if (elapsedMs > SLOW_STATEMENT_MS) {
        this.#log?.info(`slow statement, ${elapsedMs.toFixed(1)} ms: ${sql.replace(/\s+/g, ' ').trim()}`);
      }
    }
  }
}

/** `get` of better-sqlite3 ends at the first row: of a statement that writes, the commit comes after that, and that it
 * failed (a full disk) would go unheard. */
function first(statement: Sqlite.Statement<[Parameters]>, parameters: Parameters): unknown {
  return statement.readonly ? statement.get(parameters) : statement.all(parameters)[0];
}
