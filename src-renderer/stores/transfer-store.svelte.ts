// Taking conversations out and bringing them in: which dialog is open for what, and the work, which goes on while the
// person looks at something else.
import type { ConversationExportEvent, ExportFormat, ImportEvent, ImportReport } from '#contract/transfer.ts';
import type { Api } from '../bridge.ts';
import { asFailure, errorMessage } from '../messages/error-message.ts';
import { t } from '../messages/translate.ts';
import { exportWords } from './export-words.ts';
import { FileWork } from './file-work.svelte.ts';
import type { ToastStore } from './toast-store.svelte.ts';

type Reading = Extract<ImportEvent, { type: 'reading' }>;
type Writing = Extract<ConversationExportEvent, { type: 'writing' }>;

/** What a dialog is open for. Null in `ids`: all conversations. */
type AskedTransfer = { kind: 'import' } | { kind: 'export'; ids: readonly number[] | null };

export class TransferStore {
  readonly #api: Api;
  readonly #toasts: ToastStore;
  #asked = $state.raw<AskedTransfer | null>(null);
  #report = $state.raw<ImportReport | null>(null);
  #page = $state<string | null>(null);
  readonly importing = new FileWork<Reading>(
    ({ doneBytes, totalBytes }) => doneBytes / Math.max(1, totalBytes),
  );
  readonly exporting = new FileWork<Writing>(
    ({ doneConversations, totalConversations }) => doneConversations / Math.max(1, totalConversations),
  );

  constructor(api: Api, toasts: ToastStore) {
    this.#api = api;
    this.#toasts = toasts;
  }

  get asked(): AskedTransfer | null {
    return this.#asked;
  }

  /** What the last import came to; null before its end. */
  get report(): ImportReport | null {
    return this.#report;
  }

  /** The inside of the page that is being printed. */
  get page(): string | null {
    return this.#page;
  }

  askImport(): void {
    if (!this.importing.running) this.#report = null;
    this.#asked = { kind: 'import' };
  }

  /** Null: all conversations. */
  askExport(ids: readonly number[] | null): void {
    this.#asked = { kind: 'export', ids };
  }

  close(): void {
    this.#asked = null;
  }

  async import(path: string): Promise<void> {
    this.#report = null;
    const end = await this.importing.run<Extract<ImportEvent, { type: 'imported' }>>((signal) =>
      this.#api.stream('transfer.import', { path }, signal),
    );
    const { failure } = this.importing;
    if (end) this.#report = end.report;
    if (this.#asked?.kind === 'import') return;
    if (end)
      this.#toasts.show({
        text: t('transfer.importedNotice', { count: end.report.imported + end.report.completed }),
      });
    else if (failure) this.#toasts.show({ text: errorMessage(failure).title, tone: 'error' });
  }

  /** It ends with its report. */
  async stopImport(): Promise<void> {
    await this.#try(() => this.#api.call('transfer.stopImport', undefined));
  }

  /** Whether it came to its end. */
  async export(format: ExportFormat, folder: string, ids: readonly number[] | null): Promise<boolean> {
    const end = await this.exporting.run<Extract<ConversationExportEvent, { type: 'exported' }>>((signal) =>
      this.#api.stream(
        'transfer.export',
        { ids: ids && [...ids], format, folder, words: exportWords() },
        signal,
      ),
    );
    const { failure } = this.exporting;
    if (end)
      this.#toasts.show({ text: t('transfer.exported', { count: end.conversations, path: end.path }) });
    else if (failure && this.#asked?.kind !== 'export')
      this.#toasts.show({ text: errorMessage(failure).title, tone: 'error' });
    return end !== null;
  }

  /** Shows the page to print, and the print dialog over it. */
  async print(id: number): Promise<void> {
    this.#page = null;
    await this.#try(async () => {
      this.#page = (await this.#api.call('transfer.page', { id, words: exportWords() })).html;
    });
  }

  printed(): void {
    this.#page = null;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }
}
