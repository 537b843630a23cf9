// Files that were dropped, chosen or pasted, until each has become an attachment. One comes in after the other.
import type { Attachment } from '#contract/attachment.ts';
import type { DraftPlace } from '#contract/attachments.ts';
import type { Api } from '../../../bridge.ts';
import { asFailure } from '../../../messages/error-message.ts';
import { giveUp, uploadFile } from '../../../stores/upload-file.ts';
import type { PendingFile } from './pending-file.ts';

export class IncomingFiles {
  readonly #api: Api;
  readonly #took: (file: PendingFile, attachment: Attachment) => void;
  #files = $state.raw<readonly PendingFile[]>([]);
  readonly #stops = new Map<number, AbortController>();
  #last: Promise<void> = Promise.resolve();
  #nextKey = 1;

  /** `took` hears of each that has been read. */
  constructor(api: Api, took: (file: PendingFile, attachment: Attachment) => void) {
    this.#api = api;
    this.#took = took;
  }

  get files(): readonly PendingFile[] {
    return this.#files;
  }

  add(file: File, draftKey: string, place: DraftPlace): void {
    const key = this.#nextKey++;
    const { name } = file;
    const begun = { key, draftKey, name, file, progress: 0, failure: null, uploadId: null };
    this.#files = [...this.#files, { ...begun, state: 'uploading' }];
    this.#take(key, place);
  }

  retry({ key }: PendingFile, place: DraftPlace, password?: string): void {
    this.#change(key, { state: 'uploading', progress: 0, failure: null });
    this.#take(key, place, password);
  }

  remove({ key, uploadId }: PendingFile): void {
    this.#stops.get(key)?.abort();
    this.#files = this.#files.filter((each) => each.key !== key);
    if (uploadId !== null) giveUp(this.#api, uploadId);
  }

  #take(key: number, place: DraftPlace, password?: string): void {
    this.#last = this.#last.then(() => this.#run(key, place, password));
  }

  async #run(key: number, place: DraftPlace, password?: string): Promise<void> {
    const found = this.#find(key);
    if (!found) return;
    const stop = new AbortController();
    this.#stops.set(key, stop);
    try {
      const attachment = await this.#read(
        found,
        { ...place, ...(password !== undefined && { password }) },
        stop.signal,
      );
      const file = this.#find(key);
      this.#files = this.#files.filter((each) => each.key !== key);
      if (file && attachment) this.#took(file, attachment);
    } catch (error) {
      this.#change(key, { state: 'failed', failure: asFailure(error) });
    } finally {
      this.#stops.delete(key);
    }
  }

  async #read(
    { key, file, uploadId: known }: PendingFile,
    input: DraftPlace & { password?: string },
    signal: AbortSignal,
  ): Promise<Attachment | null> {
    const onProgress = (progress: number): void => this.#change(key, { progress });
    const uploadId = known ?? (await uploadFile(this.#api, file, onProgress, signal));
    this.#change(key, { state: 'reading', progress: 0, uploadId });
    for await (const event of this.#api.stream('attachments.read', { ...input, uploadId }, signal)) {
      if (event.type === 'attached') return event.attachment;
      onProgress(event.progress);
    }
    return null;
  }

  #find(key: number): PendingFile | undefined {
    return this.#files.find((each) => each.key === key);
  }

  #change(key: number, change: Partial<PendingFile>): void {
    this.#files = this.#files.map((each) => (each.key === key ? { ...each, ...change } : each));
  }
}
