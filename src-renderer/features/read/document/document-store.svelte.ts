// The document that is open: its outline, and as many of its blocks as are near the eye. A long one is never on the
// page as a whole; the room of the rest is guessed from its characters.
import type { DocumentBlock, Section, TextRange } from '#contract/documents.ts';
import type { Api } from '../../../bridge.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';

const BATCH_BLOCKS = 80;
/** Before a place that is asked for. */
const LEAD_CHARACTERS = 4_000;
/** Blocks that stay on the page. */
const MOST_BLOCKS = 320;

/** A place to show, once for each object. */
export interface ShownPlace {
  range: TextRange;
}

export class DocumentStore {
  readonly #api: Api;
  #id: number | null = null;
  #wanted: { id: number; range: TextRange } | null = null;
  #characters = $state(0);
  #blocks = $state.raw<readonly DocumentBlock[]>([]);
  #sections = $state.raw<readonly Section[]>([]);
  #failure = $state.raw<ShownFailure | null>(null);
  #place = $state.raw<ShownPlace | null>(null);
  /** One request at a time, in order; those of another document are dropped. */
  #loading: Promise<void> = Promise.resolve();

  constructor(api: Api) {
    this.#api = api;
  }

  /** In their order, without gaps between them. */
  get blocks(): readonly DocumentBlock[] {
    return this.#blocks;
  }

  get sections(): readonly Section[] {
    return this.#sections;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** What was asked to be shown last. */
  get place(): ShownPlace | null {
    return this.#place;
  }

  /** Of the text before the first block, and after the last one. */
  get hiddenCharacters(): { before: number; after: number } {
    const first = this.#blocks[0];
    const last = this.#blocks.at(-1);
    return { before: first?.start ?? 0, after: Math.max(0, this.#characters - (last?.end ?? 0)) };
  }

  /** The next opening of this document begins there. */
  openAt(id: number, range: TextRange): void {
    this.#wanted = { id, range };
  }

  /** From its beginning, or from the place that was wanted; also when it was read anew. */
  open(id: number): void {
    const wanted = this.#wanted?.id === id ? this.#wanted.range : null;
    this.#wanted = null;
    this.#id = id;
    this.#blocks = [];
    this.#sections = [];
    this.#characters = 0;
    this.#failure = null;
    this.#place = null;
    this.#queue(id, async () => {
      const { blocks, characters } = await this.#fetch(id, 0);
      const sections = await this.#api.call('documents.outline', { id });
      return () => {
        this.#characters = characters;
        this.#sections = sections;
        this.#blocks = blocks;
      };
    });
    if (wanted) this.show(wanted);
  }

  close(): void {
    this.#id = null;
    this.#blocks = [];
    this.#sections = [];
  }

  /** Brings a range of the text into view. */
  show(range: TextRange): void {
    const shown = (): void => void (this.#place = { range });
    if (this.#blocks.some(({ start, end }) => start <= range.start && range.start <= end)) return shown();
    this.#jump(range.start, shown);
  }

  /** To about this position, when someone scrolls far away. */
  jump(position: number): void {
    this.#jump(position, () => {});
  }

  /** The next blocks. */
  more(): void {
    const id = this.#id;
    if (id === null || this.hiddenCharacters.after === 0) return;
    this.#queue(id, async () => {
      const from = this.#blocks.at(-1)?.end ?? 0;
      const { blocks } = await this.#fetch(id, from);
      return () => (this.#blocks = [...this.#blocks, ...blocks].slice(-MOST_BLOCKS));
    });
  }

  /** The blocks before. */
  earlier(): void {
    const id = this.#id;
    const first = this.#blocks[0];
    if (id === null || !first || first.start === 0) return;
    this.#queue(id, async () => {
      const { start } = this.#blocks[0] ?? first;
      const blocks = await this.#before(id, start);
      return () => (this.#blocks = [...blocks, ...this.#blocks].slice(0, MOST_BLOCKS));
    });
  }

  #jump(position: number, then: () => void): void {
    const id = this.#id;
    if (id === null) return;
    this.#queue(id, async () => {
      const before = await this.#before(id, position);
      const { blocks } = await this.#fetch(id, before.at(-1)?.end ?? 0);
      return () => {
        this.#blocks = [...before, ...blocks];
        then();
      };
    });
  }

  /** Blocks that begin before this position, the last of them the nearest. */
  async #before(id: number, position: number): Promise<readonly DocumentBlock[]> {
    for (let lead = LEAD_CHARACTERS; ; lead *= 4) {
      const { blocks } = await this.#fetch(id, Math.max(0, position - lead));
      const before = blocks.filter(({ start }) => start < position);
      if (before.length > 0 || lead >= position) return before;
    }
  }

  #fetch(id: number, from: number): Promise<{ blocks: DocumentBlock[]; characters: number }> {
    return this.#api.call('documents.blocks', { id, from, limit: BATCH_BLOCKS });
  }

  #queue(id: number, work: () => Promise<() => void>): void {
    this.#loading = this.#loading
      .then(async () => {
        if (this.#id !== id) return;
        const take = await work();
        if (this.#id === id) take();
      })
      .catch((error: unknown) => {
        if (this.#id === id) this.#failure = asFailure(error);
      });
  }
}
