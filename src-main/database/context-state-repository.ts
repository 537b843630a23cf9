// Which saved model context belongs to which conversation. The files themselves are the service's.
import type { WriteDatabase } from './connection.ts';

export interface ContextState {
  conversationId: number;
  /** Names the model file, template and context settings the state is valid for. */
  stateKey: string;
  file: string;
  sha256: string;
  sizeBytes: number;
  tokens: number;
  usedAt: number;
}

export class ContextStateRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#statements = prepare(db);
  }

  get(conversationId: number): ContextState | null {
    return this.#statements.get.get({ conversationId }) ?? null;
  }

  /** Replaces what the conversation had. */
  put(state: ContextState): void {
    this.#statements.put.run({ ...state });
  }

  touch(conversationId: number, usedAt: number): void {
    this.#statements.touch.run({ conversationId, usedAt });
  }

  remove(conversationId: number): void {
    this.#statements.remove.run({ conversationId });
  }

  /** All of them, for finding files that belong to none. */
  list(): ContextState[] {
    return this.#statements.list.all();
  }

  /** The one to give up first; null when there is none. */
  leastRecentlyUsed(): ContextState | null {
    return this.#statements.leastRecentlyUsed.get() ?? null;
  }

  totalBytes(): number {
    return this.#statements.totalBytes.get()?.total ?? 0;
  }
}

const COLUMNS = `conversation_id AS conversationId, state_key AS stateKey, file, sha256, size_bytes AS sizeBytes,
  tokens, used_at AS usedAt`;

function prepare(db: WriteDatabase) {
  return {
    get: db.query<ContextState>(
      `SELECT ${COLUMNS} FROM context_states WHERE conversation_id = :conversationId`,
    ),
    put: db.command(`
      INSERT OR REPLACE INTO context_states(conversation_id, state_key, file, sha256, size_bytes, tokens, used_at)
      VALUES (:conversationId, :stateKey, :file, :sha256, :sizeBytes, :tokens, :usedAt)`),
    touch: db.command('UPDATE context_states SET used_at = :usedAt WHERE conversation_id = :conversationId'),
    remove: db.command('DELETE FROM context_states WHERE conversation_id = :conversationId'),
    list: db.query<ContextState>(`SELECT ${COLUMNS} FROM context_states ORDER BY used_at`),
    leastRecentlyUsed: db.query<ContextState>(
      `SELECT ${COLUMNS} FROM context_states ORDER BY used_at LIMIT 1`,
    ),
    totalBytes: db.query<{ total: number }>(
      'SELECT coalesce(sum(size_bytes), 0) AS total FROM context_states',
    ),
  };
}
