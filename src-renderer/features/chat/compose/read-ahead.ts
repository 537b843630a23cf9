// Lets the model read a long message while the person still looks it over: its answer begins sooner. Short ones are not
// worth the trouble.
import type { Api } from '../../../bridge.ts';
import type { AttachStore } from '../attach/attach-store.svelte.ts';
import type { ConversationStore } from '../conversation-store.svelte.ts';

const LONG_CHARACTERS = 400;
/** The person has stopped writing. */
const PAUSE_MS = 700;

export class ReadAhead {
  readonly #api: Api;
  readonly #conversations: ConversationStore;
  readonly #attach: Pick<AttachStore, 'ids' | 'tooLong'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = new AbortController();

  constructor(api: Api, conversations: ConversationStore, attach: Pick<AttachStore, 'ids' | 'tooLong'>) {
    this.#api = api;
    this.#attach = attach;
    this.#conversations = conversations;
  }

  /** What was being read is no longer what will be asked. */
  changed(text: string): void {
    this.stop();
    const long = text.length >= LONG_CHARACTERS || this.#attach.ids.length > 0;
    if (long) this.#timer = setTimeout(() => void this.#read(text), PAUSE_MS);
  }

  /** The message is being sent, or gone. What was read of it stays read. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#reading.abort();
  }

  async #read(text: string): Promise<void> {
    const { current, newSetup: setup } = this.#conversations;
    if (current.busy || this.#attach.tooLong) return;
    this.#reading = new AbortController();
    const asked = { text, attachmentIds: [...this.#attach.ids] };
    const ahead =
      current.id === null
        ? { conversationId: null, setup, ...asked }
        : { conversationId: current.id, ...asked };
    // Only a shortcut: what is wrong with the message is said when it is sent.
    await this.#api.call('chat.prepare', ahead, this.#reading.signal).catch(() => {});
  }
}
