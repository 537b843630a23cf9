// The summaries of the document that is open: those that are there, the one that is shown, and what it does now. One
// runs on in the host whether this window looks or not; coming back joins it where it is.
import type { Citation, Summary, SummaryEvent, SummaryRequest } from '#contract/summaries.ts';
import type { Api } from '../../../bridge.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';
import type { DocumentStore } from '../document/document-store.svelte.ts';

export type Wish = Omit<SummaryRequest, 'sources'>;

const USUAL: Wish = { length: { kind: 'medium' }, form: 'bullets', focus: '', language: null, level: null };

export class SummaryStore {
  readonly #api: Api;
  readonly #document: DocumentStore;
  #documentId: number | null = null;
  #list = $state.raw<readonly Summary[]>([]);
  #shownId = $state<number | null>(null);
  /** Words of the one that is shown, before they are checked. */
  #draft = $state('');
  #waiting = $state<'turn' | 'engine' | 'model' | null>(null);
  #leftMs = $state<number | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #following = new AbortController();
  wish = $state<Wish>({ ...USUAL });
  /** The wish is being written, in the place of a summary. */
  choosing = $state(false);

  constructor(api: Api, document: DocumentStore) {
    this.#api = api;
    this.#document = document;
  }

  /** Newest first. */
  get list(): readonly Summary[] {
    return this.#list;
  }

  get shown(): Summary | null {
    return this.#list.find(({ id }) => id === this.#shownId) ?? null;
  }

  get draft(): string {
    return this.#draft;
  }

  get waiting(): 'turn' | 'engine' | 'model' | null {
    return this.#waiting;
  }

  get leftMs(): number | null {
    return this.#leftMs;
  }

  /** Why the last thing that was asked for did not begin. */
  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** Of this document; joins the one that runs. */
  async open(documentId: number): Promise<void> {
    this.#leave();
    this.#documentId = documentId;
    this.#list = [];
    this.choosing = false;
    await this.#try(async () => {
      const list = await this.#api.call('summaries.list', { documentIds: [documentId] });
      if (this.#documentId !== documentId) return;
      this.#list = list;
      const newest = list[0];
      if (newest) this.show(newest.id);
    });
  }

  show(id: number): void {
    this.#leave();
    this.#shownId = id;
    this.choosing = false;
    if (this.shown?.state === 'running')
      void this.#follow((signal) => this.#api.stream('summaries.attach', { id }, signal));
  }

  start(): void {
    if (this.#documentId === null) return;
    this.#leave();
    const request = {
      ...$state.snapshot(this.wish),
      sources: [{ documentId: this.#documentId, range: null }],
    };
    this.choosing = false;
    void this.#follow((signal) => this.#api.stream('summaries.start', request, signal));
  }

  /** From where it ended. */
  continue(): void {
    const id = this.#shownId;
    if (id === null) return;
    this.#leave();
    void this.#follow((signal) => this.#api.stream('summaries.continue', { id }, signal));
  }

  async stop(): Promise<void> {
    const id = this.#shownId;
    if (id !== null) await this.#try(() => this.#api.call('summaries.stop', { id }));
  }

  async remove(id: number): Promise<void> {
    await this.#try(async () => {
      await this.#api.call('summaries.remove', { id });
      this.#list = this.#list.filter((each) => each.id !== id);
      if (this.#shownId === id) this.#shownId = this.#list[0]?.id ?? null;
    });
  }

  /** Shows the place in the document that is open. */
  reach({ documentId, start, end }: Citation): void {
    if (documentId === this.#documentId) this.#document.show({ start, end });
  }

  async #follow(begin: (signal: AbortSignal) => AsyncGenerator<SummaryEvent, void, void>): Promise<void> {
    const following = new AbortController();
    this.#following = following;
    this.#failure = null;
    try {
      for await (const event of begin(following.signal)) this.#take(event);
    } catch (error) {
      if (!following.signal.aborted) this.#failure = asFailure(error);
    }
  }

  #take(event: SummaryEvent): void {
    this.#waiting = event.type === 'waiting' ? event.for : null;
    if (event.type === 'snapshot' || event.type === 'done') this.#put(event.summary);
    else if (event.type === 'text') this.#draft += event.text;
    else if (event.type === 'left') this.#leftMs = event.leftMs;
    else if (event.type === 'step') this.#change({ step: event.step });
    else if (event.type === 'section') {
      const sections = this.shown?.sections.map((section, index) =>
        index === event.index ? { ...section, state: event.state } : section,
      );
      if (sections) this.#change({ sections });
    }
  }

  #put(summary: Summary): void {
    const others = this.#list.filter(({ id }) => id !== summary.id);
    this.#list = [summary, ...others].toSorted((one, other) => other.createdAt - one.createdAt);
    this.#shownId = summary.id;
    this.#draft = '';
    if (summary.state !== 'running') this.#leftMs = null;
  }

  #change(change: Partial<Summary>): void {
    this.#list = this.#list.map((each) => (each.id === this.#shownId ? { ...each, ...change } : each));
  }

  #leave(): void {
    this.#following.abort();
    this.#draft = '';
    this.#waiting = null;
    this.#leftMs = null;
    this.#failure = null;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure = asFailure(error);
    }
  }
}
