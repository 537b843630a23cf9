// What goes along with the messages being written, per conversation: pasted texts, files on their way, other
// conversations; and whether the question fits what the model can see.
import type { Attachment, AttachmentUse } from '#contract/attachment.ts';
import type { DraftPlace, Measured } from '#contract/attachments.ts';
import type { Contract } from '#contract/index.ts';
import type { OutputOf } from '#rpc/define.ts';
import { asFailure, errorMessage } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import type { ConversationSession } from '../conversation-session.svelte.ts';
import type { ConversationStore } from '../conversation-store.svelte.ts';
import { isLongPaste, pasteName } from './attach-words.ts';
import { IncomingFiles } from './incoming-files.svelte.ts';
import type { PendingFile } from './pending-file.ts';

const MEASURE_AFTER_MS = 400;
/** Shorter messages fit anywhere. */
const MEASURED_CHARACTERS = 4_000;

type Lists = Readonly<Record<string, readonly Attachment[]>>;

export class AttachStore {
  readonly #stores: Stores;
  readonly #conversations: ConversationStore;
  readonly #incoming: IncomingFiles;
  #lists = $state.raw<Lists>({});
  readonly #loaded = new Set<string>();
  #measured = $state.raw<Measured | null>(null);
  #measuring = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #text = '';
  #changed: () => void = () => {};
  /** The one whose text is looked at. */
  shown = $state.raw<Attachment | null>(null);
  /** What happened last, for those who can't see it. */
  news = $state('');
  /** The model is being asked how much fits. */
  fitting = $state(false);

  constructor(stores: Stores, conversations: ConversationStore) {
    this.#stores = stores;
    this.#conversations = conversations;
    this.#incoming = new IncomingFiles(stores.api, (file, attachment) => this.#took(file, attachment));
  }

  get list(): readonly Attachment[] {
    return this.#lists[this.#key] ?? [];
  }

  readonly pending: readonly PendingFile[] = $derived.by(() =>
    this.#incoming.files.filter(({ draftKey }) => draftKey === this.#key),
  );
  /** A file is still on its way, or can't be read: the message would go without it. */
  readonly waiting: boolean = $derived(this.pending.length > 0);
  readonly ids: readonly number[] = $derived.by(() => this.list.map(({ id }) => id));

  /** Null while nothing is known, or nothing needs to be. */
  get measured(): Measured | null {
    return this.#measured;
  }

  /** The question is longer than what the model can see. */
  readonly tooLong: boolean = $derived.by(() => {
    const measured = this.#measured;
    return measured?.roomTokens != null && measured.questionTokens > measured.roomTokens;
  });

  /** Hears when something is attached or taken off. */
  whenChanged(listener: () => void): void {
    this.#changed = listener;
  }

  /** Fetches what was attached before a restart. */
  async load(): Promise<void> {
    const key = this.#key;
    this.#measured = null;
    if (this.#loaded.has(key)) return this.#measureSoon();
    this.#loaded.add(key);
    try {
      const kept = await this.#stores.api.call('attachments.list', this.#place());
      const known = new Set((this.#lists[key] ?? []).map(({ id }) => id));
      this.#put(key, [...kept.filter(({ id }) => !known.has(id)), ...(this.#lists[key] ?? [])]);
    } catch {
      this.#loaded.delete(key); // Asked again when one comes back here.
    }
  }

  /** The message says something else now. */
  textChanged(text: string): void {
    this.#text = text;
    this.#measureSoon();
  }

  /** A model is there now that can count. */
  modelReady(): void {
    if (this.#measured?.estimated ?? true) this.#measureSoon();
  }

  addFiles(files: readonly File[]): void {
    for (const file of files) this.#incoming.add(file, this.#key, this.#place());
  }

  /** Another try, with a password if it needs one. */
  retry(file: PendingFile, password?: string): void {
    this.#incoming.retry(file, this.#place(), password);
  }

  giveUp(file: PendingFile): void {
    this.#incoming.remove(file);
    this.#changed();
  }

  /** Whether what is pasted goes along as an attachment instead of into the field. */
  paste(data: DataTransfer | null): boolean {
    const text = data?.getData('text/plain') ?? '';
    const files = [...(data?.files ?? [])];
    if (text === '' && files.length > 0) this.addFiles(files);
    else if (isLongPaste(text)) void this.addText(text);
    else return false;
    return true;
  }

  addText(text: string): Promise<void> {
    const add = { ...this.#place(), name: pasteName(text), text };
    return this.#add(() => this.#stores.api.call('attachments.addText', add));
  }

  addConversation(sourceId: number): Promise<void> {
    const add = { ...this.#place(), sourceId };
    return this.#add(() => this.#stores.api.call('attachments.addConversation', add));
  }

  addDocument(attachmentId: number): Promise<void> {
    const add = { ...this.#place(), attachmentId };
    return this.#add(() => this.#stores.api.call('attachments.addDocument', add));
  }

  /** With a notice that puts it back. */
  async remove({ id, name }: Attachment): Promise<void> {
    const key = this.#key;
    this.#put(
      key,
      (this.#lists[key] ?? []).filter((each) => each.id !== id),
    );
    await this.#try(() => this.#stores.api.call('attachments.remove', { id }));
    const restore = async (): Promise<void> => {
      const restored = await this.#try(() => this.#stores.api.call('attachments.restore', { id }));
      if (restored) this.#put(key, [...(this.#lists[key] ?? []), restored]);
    };
    const action = { label: t('ui.undo'), run: () => void restore() };
    this.#stores.toasts.show({ text: t('attach.removed', { name }), action });
  }

  /** Takes a text back out of its attachment; null where that failed. */
  async intoMessage(attachment: Attachment): Promise<string | null> {
    const key = this.#key;
    const text = await this.#try(() => this.#wholeText(attachment.id));
    if (text === null) return null;
    this.#put(
      key,
      (this.#lists[key] ?? []).filter(({ id }) => id !== attachment.id),
    );
    await this.#try(() => this.#stores.api.call('attachments.remove', { id: attachment.id }));
    return text;
  }

  /** Those of the open draft, which go along with what is sent now. */
  take(session: ConversationSession): readonly Attachment[] {
    const key = this.#keyOf(session);
    const taken = this.#lists[key] ?? [];
    this.#put(key, []);
    return taken;
  }

  /** It was not sent. */
  giveBack(session: ConversationSession, attachments: readonly Attachment[]): void {
    const key = this.#keyOf(session);
    this.#put(key, [...attachments, ...(this.#lists[key] ?? [])]);
  }

  /** The next conversation is stored, or not: what goes along with it is kept where it belongs. */
  async moveTo(place: DraftPlace, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const moved = await this.#try(() =>
      this.#stores.api.call('attachments.move', { ...place, ids: [...ids] }),
    );
    if (moved) this.#put(keyOf(place), moved);
  }

  /** Chooses how much of each the model is given, so that the question fits. */
  async fit(use: AttachmentUse): Promise<void> {
    const key = this.#key;
    this.fitting = true;
    const fitted = await this.#try(() =>
      this.#stores.api.call('attachments.fit', { ...this.#question(), use }),
    );
    this.fitting = false;
    if (!fitted) return;
    this.#put(key, fitted);
    this.news = t('attach.fitted');
  }

  get #key(): string {
    return this.#keyOf(this.#conversations.current);
  }

  #keyOf(session: ConversationSession): string {
    const { current, temporary } = this.#conversations;
    return keyOf({ conversationId: session.id, temporary: session === current && temporary });
  }

  #place(): DraftPlace {
    const { current, temporary } = this.#conversations;
    return { conversationId: current.id, temporary };
  }

  #question() {
    const place = this.#place();
    const begin = place.conversationId === null ? { setup: this.#conversations.newSetup } : {};
    return { ...place, ...begin, text: this.#text, ids: [...this.ids] };
  }

  async #wholeText(id: number): Promise<string> {
    let whole = '';
    let part: number | null = 0;
    while (part !== null) {
      const read: OutputOf<Contract, 'attachments.text'> = await this.#stores.api.call('attachments.text', {
        id,
        part,
      });
      whole += read.text;
      part = read.nextPart;
    }
    return whole;
  }

  async #add(add: () => Promise<Attachment>): Promise<void> {
    const key = this.#key;
    const added = await this.#try(add);
    if (added) this.#join(key, added);
  }

  #took({ draftKey }: PendingFile, attachment: Attachment): void {
    this.#join(draftKey, attachment);
  }

  #join(key: string, attachment: Attachment): void {
    this.#put(key, [...(this.#lists[key] ?? []), attachment]);
    this.news = t('attach.added', { name: attachment.name });
  }

  #put(key: string, list: readonly Attachment[]): void {
    this.#lists = { ...this.#lists, [key]: list };
    this.#measureSoon();
    this.#changed();
  }

  #measureSoon(): void {
    clearTimeout(this.#timer);
    this.#measuring.abort();
    if (this.list.length > 0 || this.#text.length > MEASURED_CHARACTERS) {
      this.#timer = setTimeout(() => void this.#measure(), MEASURE_AFTER_MS);
    } else this.#measured = null;
  }

  async #measure(): Promise<void> {
    this.#measuring = new AbortController();
    const { signal } = this.#measuring;
    try {
      const measured = await this.#stores.api.call('attachments.measure', this.#question(), signal);
      if (!signal.aborted) this.#measured = measured;
    } catch {
      // Only a forecast: what does not fit is said when it is sent.
    }
  }

  async #try<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
      return null;
    }
  }
}

function keyOf({ conversationId, temporary }: DraftPlace): string {
  return String(conversationId ?? (temporary ? 'temporary' : 'new'));
}
