// The app's database while it is open: one repository per aggregate, and the promise that what was committed lasts.
import type Sqlite from 'better-sqlite3';
import type { Log } from '../lib/log.ts';
import { AttachmentRepository } from './attachment-repository.ts';
import { BinRepository } from './bin-repository.ts';
import { BranchRepository } from './branch-repository.ts';
import { ComparisonRepository } from './comparison-repository.ts';
import { ComposeRepository } from './compose-repository.ts';
import { Connection } from './connection.ts';
import { ContextStateRepository } from './context-state-repository.ts';
import { ConversationRepository, TEMPORARY_FROM_ID } from './conversation-repository.ts';
import { DocumentRepository } from './document-repository.ts';
import { DownloadRepository } from './download-repository.ts';
import { MachineReportRepository } from './machine-report-repository.ts';
import { MessageRepository } from './message-repository.ts';
import { ModelRepository } from './model-repository.ts';
import { NetworkRepository } from './network-repository.ts';
import { NoteRepository } from './note-repository.ts';
import { OrderRepository } from './order-repository.ts';
import { PresetRepository } from './preset-repository.ts';
import { Search } from './search.ts';
import { SearchIndex } from './search-index.ts';
import { SecretRepository } from './secret-repository.ts';
import { SettingRepository } from './setting-repository.ts';
import { SummaryRepository } from './summary-repository.ts';
import { TextRepository } from './text-repository.ts';
import { TemporaryDatabase, type TalkDatabase } from './temporary-database.ts';
import type { Maintenance } from './maintenance.ts';
import { WalSync } from './wal-sync.ts';
import { WriteGate } from './write-gate.ts';

/** A WAL above this size takes longer to move than starting a worker for it. */
const LARGE_CLOSE_BYTES = 1_000_000;

export class AppDatabase {
  /** The file can't be written: everything can be read, every write throws `database-read-only`. */
  readonly readOnly: boolean;
  readonly conversations: ConversationRepository;
  readonly messages: MessageRepository;
  readonly branches: BranchRepository;
  readonly comparisons: ComparisonRepository;
  readonly order: OrderRepository;
  readonly bin: BinRepository;
  readonly attachments: AttachmentRepository;
  readonly notes: NoteRepository;
  readonly presets: PresetRepository;
  readonly compose: ComposeRepository;
  readonly search: Search;
  readonly documents: DocumentRepository;
  readonly texts: TextRepository;
  readonly summaries: SummaryRepository;
  readonly searchIndex: SearchIndex;
  readonly models: ModelRepository;
  readonly settings: SettingRepository;
  readonly contextStates: ContextStateRepository;
  readonly downloads: DownloadRepository;
  readonly network: NetworkRepository;
  readonly secrets: SecretRepository;
  readonly machineReports: MachineReportRepository;
  readonly #log: Log | undefined;
  #temporary: TemporaryDatabase | null = null;
  readonly #sqlite: Sqlite.Database;
  readonly #connection: Connection;
  readonly #walSync: WalSync;
  readonly #maintenance: Maintenance | null;
  readonly file: string;
  /** Threads with much to write wait for it to be free. */
  readonly writeGate = new WriteGate();

  /** `maintenance` is null for a database that can only be read. */
  constructor(
    sqlite: Sqlite.Database,
    source: { file: string; log?: Log | undefined; workerEntry?: URL | undefined },
    maintenance: Maintenance | null,
  ) {
    const { file, log } = source;
    const db = new Connection(sqlite, log, this.writeGate);
    this.#sqlite = sqlite;
    this.#connection = db;
    this.#maintenance = maintenance;
    this.#walSync = new WalSync(file, (sizeBytes) => {
      if (maintenance) void this.writeGate.holdFor(maintenance.walGrew(sizeBytes));
    });
    this.file = file;
    this.#log = log;
    this.readOnly = maintenance === null;
    this.conversations = new ConversationRepository(db);
    this.attachments = new AttachmentRepository(db);
    this.messages = new MessageRepository(db, this.conversations, this.attachments);
    this.branches = new BranchRepository(db, this.conversations);
    this.comparisons = new ComparisonRepository(db, this.messages);
    this.order = new OrderRepository(db);
    this.bin = new BinRepository(db);
    this.notes = new NoteRepository(db);
    this.presets = new PresetRepository(db);
    this.compose = new ComposeRepository(db);
    this.search = new Search(db, maintenance ? source : null);
    this.documents = new DocumentRepository(db);
    this.texts = new TextRepository(db);
    this.summaries = new SummaryRepository(db);
    const { writeGate: gate } = this;
    const filling = maintenance && { file, log, gate, worker: maintenance.worker, flush: () => this.flush() };
    this.searchIndex = new SearchIndex(db, filling);
    this.models = new ModelRepository(db);
    this.settings = new SettingRepository(db);
    this.contextStates = new ContextStateRepository(db);
    this.machineReports = new MachineReportRepository(db);
    this.downloads = new DownloadRepository(db);
    this.network = new NetworkRepository(db);
    this.secrets = new SecretRepository(db);
  }

  /** For conversations that are never stored. Made when first asked for, gone when this database closes. */
  get temporary(): TalkDatabase {
    this.#temporary ??= new TemporaryDatabase(this.#log);
    return this.#temporary;
  }

  /** Where a conversation or a message with this id is kept. */
  holding(id: number): TalkDatabase {
    return id >= TEMPORARY_FROM_ID ? this.temporary : this;
  }

  /** Several calls of any repositories, all or nothing. `work` must be synchronous. */
  transaction<T>(work: () => T): T {
    return this.#connection.transaction(work);
  }

  /** Resolves when everything committed before the call survives a loss of power. Never blocks this thread.
   * Throws `disk-full` and other database errors. */
  async flush(): Promise<void> {
    if (!this.readOnly) await this.#walSync.sync();
  }

  /** Resolves when all is on the disk and no task is at work on the file. The database must not be used afterwards.
   * Rejects when the last sync failed; it is closed all the same. */
  async close(): Promise<void> {
    this.#temporary?.close();
    await this.searchIndex.close();
    try {
      await this.flush();
    } finally {
      await this.#walSync.close();
      await this.search.close();
      await this.#maintenance?.stop();
      await this.#closeConnection();
    }
  }

  /** The last connection to close moves the WAL into the database. When there is much to move, that is the worker's. */
  async #closeConnection(): Promise<void> {
    const worker = this.#maintenance?.worker;
    const leaveToWorker =
      worker !== undefined && (worker.running || this.#walSync.sizeBytes > LARGE_CLOSE_BYTES);
    try {
      if (leaveToWorker) await worker.run({ task: 'hold', file: this.file });
      this.#sqlite.close();
      if (leaveToWorker) await worker.run({ task: 'release' });
    } finally {
      this.#sqlite.close();
      await worker?.close();
    }
  }
}
