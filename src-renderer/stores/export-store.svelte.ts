// The one export of a model that may run: it goes on while the person looks at something else.
import type { ExportEvent, Model } from '#contract/models.ts';
import type { Api } from '../bridge.ts';
import { errorMessage } from '../messages/error-message.ts';
import { t } from '../messages/translate.ts';
import { FileWork } from './file-work.svelte.ts';
import type { ToastStore } from './toast-store.svelte.ts';

type ExportStep = Exclude<ExportEvent, { type: 'exported' }>;

/** Copying is the first half of the way, reading back the second. */
function shareOf({ type, doneBytes, totalBytes }: ExportStep): number {
  const share = doneBytes / Math.max(1, totalBytes) / 2;
  return type === 'copying' ? share : 0.5 + share;
}

export class ExportStore {
  readonly #api: Api;
  readonly #toasts: ToastStore;
  #modelId = $state<number | null>(null);
  readonly work = new FileWork<ExportStep>(shareOf);
  /** Somebody sees how it goes, so that a failure needs no notice. */
  watched = false;

  constructor(api: Api, toasts: ToastStore) {
    this.#api = api;
    this.#toasts = toasts;
  }

  /** The model that is being exported now. */
  get modelId(): number | null {
    return this.work.running ? this.#modelId : null;
  }

  /** Whether it came to its end. Does nothing while another one runs. */
  async start({ id, name }: Pick<Model, 'id' | 'name'>, folder: string): Promise<boolean> {
    if (this.work.running) return false;
    this.#modelId = id;
    const end = await this.work.run<{ type: 'exported'; path: string }>((signal) =>
      this.#api.stream('models.export', { id, folder }, signal),
    );
    const { failure } = this.work;
    if (end) {
      this.#toasts.show({ text: t('models.exportDialog.done', { name, path: end.path }) });
    } else if (failure && !this.watched) {
      const reason = errorMessage(failure).title;
      this.#toasts.show({ text: t('models.exportDialog.failedNotice', { name, reason }), tone: 'error' });
    }
    return end !== null;
  }
}
