// The folder that downloads and copies go to: what it takes of its disk, and moving it to another place, which goes on
// while the person looks at something else.
import type { DiskUse, MoveEvent } from '#contract/models.ts';
import type { Api } from '../bridge.ts';
import { asFailure, errorMessage } from '../messages/error-message.ts';
import { t } from '../messages/translate.ts';
import { FileWork } from './file-work.svelte.ts';
import type { ToastStore } from './toast-store.svelte.ts';

type MoveStep = Exclude<MoveEvent, { type: 'moved' }>;

export class ModelsFolderStore {
  readonly #api: Api;
  readonly #toasts: ToastStore;
  #use = $state.raw<DiskUse | null>(null);
  #target = $state<string | null>(null);
  #givingUp = $state(false);
  readonly work = new FileWork<MoveStep>(({ doneBytes, totalBytes }) => doneBytes / Math.max(1, totalBytes));
  /** Somebody sees how the move goes, so that its end needs no notice. */
  watched = false;

  constructor(api: Api, toasts: ToastStore) {
    this.#api = api;
    this.#toasts = toasts;
  }

  /** Null until the host has told. */
  get use(): DiskUse | null {
    return this.#use;
  }

  /** Where the last move goes, or went. */
  get target(): string | null {
    return this.#target;
  }

  get givingUp(): boolean {
    return this.#givingUp;
  }

  /** Only the line about the disk needs it: without an answer it stays as it was. */
  async refresh(): Promise<void> {
    this.#use = await this.#api.call('models.diskUse', undefined).catch(() => this.#use);
  }

  /** Whether it came to its end. Does nothing while another move runs. */
  async move(folder: string): Promise<boolean> {
    if (this.work.running) return false;
    this.#target = folder;
    const end = await this.work.run<{ type: 'moved' }>((signal) =>
      this.#api.stream('models.moveFolder', { folder }, signal),
    );
    await this.refresh();
    const { failure } = this.work;
    if (end)
      this.#toasts.show({ text: t('models.moveDialog.done', { folder: this.#use?.folder ?? folder }) });
    else if (failure && !this.watched) this.#tell(errorMessage(failure).title);
    return end !== null;
  }

  /** What an unfinished move has copied goes; the models are where they were. */
  async giveUp(): Promise<void> {
    this.#givingUp = true;
    try {
      await this.#api.call('models.giveUpMove', undefined);
      this.work.forget();
      this.#toasts.show({ text: t('models.folder.gaveUp') });
    } catch (error) {
      this.#tell(errorMessage(asFailure(error)).title);
    } finally {
      this.#givingUp = false;
      await this.refresh();
    }
  }

  async open(): Promise<void> {
    try {
      await this.#api.call('models.openFolder', undefined);
    } catch (error) {
      this.#tell(errorMessage(asFailure(error)).title);
    }
  }

  #tell(text: string): void {
    this.#toasts.show({ text, tone: 'error' });
  }
}
