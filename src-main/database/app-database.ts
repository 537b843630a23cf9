// The app's database while it is open: one repository per aggregate, and the promise that what was committed lasts.
import type Sqlite from 'better-sqlite3';
import type { Log } from '../lib/log.ts';
import { Connection } from './connection.ts';
import { ContextStateRepository } from './context-state-repository.ts';
import { ConversationRepository } from './conversation-repository.ts';
import { MessageRepository } from './message-repository.ts';
import { ModelRepository } from './model-repository.ts';
import { SearchRepository } from './search-repository.ts';
import { SettingRepository } from './setting-repository.ts';
import { WalSync } from './wal-sync.ts';

export class AppDatabase {
  /** The file can't be written: everything can be read, every write throws `database-read-only`. */
  readonly readOnly: boolean;
  readonly conversations: ConversationRepository;
  readonly messages: MessageRepository;
  readonly search: SearchRepository;
  readonly models: ModelRepository;
  readonly settings: SettingRepository;
  readonly contextStates: ContextStateRepository;
  readonly #sqlite: Sqlite.Database;
  readonly #connection: Connection;
  readonly #walSync: WalSync;

  constructor(sqlite: Sqlite.Database, file: string, log?: Log) {
    const db = new Connection(sqlite, log);
    this.#sqlite = sqlite;
    this.#connection = db;
    this.#walSync = new WalSync(file);
    this.readOnly = sqlite.readonly;
    this.conversations = new ConversationRepository(db);
    this.messages = new MessageRepository(db, this.conversations);
    this.search = new SearchRepository(db);
    this.models = new ModelRepository(db);
    this.settings = new SettingRepository(db);
    this.contextStates = new ContextStateRepository(db);
  }

  /** Several calls of any repositories, all or nothing. `work` must be synchronous. */
  transaction<T>(work: () => T): T {
    return this.#connection.transaction(work);
  }

  /** Resolves when everything committed before the call survives a loss of power. Never blocks this thread. */
  async flush(): Promise<void> {
    if (!this.readOnly) await this.#walSync.sync();
  }

  /** Resolves when all is on the disk. The database must not be used afterwards. */
  async close(): Promise<void> {
    await this.flush();
    await this.#walSync.close();
    this.#sqlite.close();
  }
}
