// Conversations that are never stored: the same tables and repositories in a database that exists in memory only.
import Sqlite from 'better-sqlite3';
import type { Log } from '../lib/log.ts';
import { AttachmentRepository } from './attachment-repository.ts';
import { BinRepository } from './bin-repository.ts';
import { BranchRepository } from './branch-repository.ts';
import { ComparisonRepository } from './comparison-repository.ts';
import { Connection } from './connection.ts';
import { ConversationRepository, TEMPORARY_FROM_ID } from './conversation-repository.ts';
import { MessageRepository } from './message-repository.ts';
import { migrate, MIGRATIONS } from './migrate.ts';
import { NoteRepository } from './note-repository.ts';

/** What conversations are kept in, wherever that is. */
export interface TalkDatabase {
  readonly conversations: ConversationRepository;
  readonly messages: MessageRepository;
  readonly branches: BranchRepository;
  readonly comparisons: ComparisonRepository;
  readonly bin: BinRepository;
  readonly notes: NoteRepository;
  readonly attachments: AttachmentRepository;
  /** Several calls of any repositories, all or nothing. `work` must be synchronous. */
  transaction<T>(work: () => T): T;
}

export class TemporaryDatabase implements TalkDatabase {
  readonly conversations: ConversationRepository;
  readonly messages: MessageRepository;
  readonly branches: BranchRepository;
  readonly comparisons: ComparisonRepository;
  readonly bin: BinRepository;
  readonly notes: NoteRepository;
  readonly attachments: AttachmentRepository;
  readonly #sqlite: Sqlite.Database;
  readonly #connection: Connection;

  constructor(log: Log | undefined) {
    const sqlite = new Sqlite(':memory:');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('temp_store = MEMORY'); // Otherwise a large sort may go to a file.
    sqlite.pragma('secure_delete = ON');
    sqlite.function('search_text', { varargs: true }, () => ''); // Never searched: its index stays empty.
    migrate(sqlite, MIGRATIONS);
    const start = sqlite.prepare('INSERT INTO sqlite_sequence(name, seq) VALUES (?, ?)');
    for (const table of ['conversations', 'messages', 'attachments', 'notes'])
      start.run(table, TEMPORARY_FROM_ID);
    const db = new Connection(sqlite, log);
    this.#sqlite = sqlite;
    this.#connection = db;
    this.conversations = new ConversationRepository(db);
    this.attachments = new AttachmentRepository(db);
    this.messages = new MessageRepository(db, this.conversations, this.attachments);
    this.branches = new BranchRepository(db, this.conversations);
    this.comparisons = new ComparisonRepository(db, this.messages);
    this.bin = new BinRepository(db);
    this.notes = new NoteRepository(db);
  }

  transaction<T>(work: () => T): T {
    return this.#connection.transaction(work);
  }

  close(): void {
    this.#sqlite.close();
  }
}
