// Writes the text of one document with its passages, in steps so short that whoever else writes hardly waits.
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { DocumentBlock } from '#contract/documents.ts';
import type { ReadBlock } from '#contract/reader.ts';
import type { Connection } from '../../database/connection.ts';
import { TextRepository, type NewPassage } from '../../database/text-repository.ts';
import type { WriteGate } from '../../database/write-gate.ts';
import { countWords } from './count-words.ts';
import { languageOf } from './language.ts';
import { PassageSplitter } from './passage-splitter.ts';
import { BlockPlacer } from './place-blocks.ts';

/** One transaction. */
const STEP_CHARACTERS = 30_000;
const ERASE_ROWS = 200;
/** Enough to tell the language from. */
const SAMPLE_CHARACTERS = 20_000;

export interface WrittenText {
  characters: number;
  words: number;
  language: string | null;
}

export class TextWriter {
  readonly #db: Connection;
  readonly #gate: WriteGate;
  readonly #texts: TextRepository;
  #begun: { documentId: number; text: PlacedText } | null = null;

  /** `gate`: each step waits until nobody else wants to write. */
  constructor(db: Connection, gate: WriteGate) {
    this.#db = db;
    this.#gate = gate;
    this.#texts = new TextRepository(db);
  }

  /** Erases what is there. What was begun and not ended, by a kill too, is erased by the next one. */
  async begin(documentId: number): Promise<void> {
    await this.erase(documentId);
    this.#begun = { documentId, text: new PlacedText() };
  }

  async add(blocks: readonly ReadBlock[]): Promise<void> {
    const { documentId, text } = this.#require();
    for (const step of text.take(blocks)) await this.#writeStep(documentId, step);
  }

  async end(): Promise<WrittenText> {
    const { documentId, text } = this.#require();
    for (const step of text.end()) await this.#writeStep(documentId, step);
    this.#begun = null;
    return text.facts();
  }

  /** The text of a document, which stays in the library. */
  async erase(documentId: number): Promise<void> {
    for (let more = true; more;) more = await this.#step(() => this.#texts.erase(documentId, ERASE_ROWS));
  }

  /** All of it, for good. */
  async eraseDocument(documentId: number): Promise<void> {
    await this.erase(documentId);
    await this.#step(() => this.#texts.eraseDocument(documentId));
  }

  #require(): { documentId: number; text: PlacedText } {
    if (!this.#begun) throw new Error('No text was begun');
    return this.#begun;
  }

  async #writeStep(documentId: number, { blocks, passages }: Step): Promise<void> {
    await this.#step(() => {
      for (const block of blocks) this.#texts.addBlock(documentId, block);
      for (const passage of passages) this.#texts.addPassage(documentId, passage);
    });
  }

  async #step<T>(work: () => T): Promise<T> {
    while (this.#gate.taken) await sleep(1);
    const result = this.#db.transaction(work);
    await breathe();
    return result;
  }
}

interface Step {
  blocks: DocumentBlock[];
  passages: NewPassage[];
}

/** The blocks with their places, and their passages as soon as enough is there to tell the language. */
class PlacedText {
  readonly #placer = new BlockPlacer();
  #splitter: PassageSplitter | null = null;
  #language: string | null = null;
  #waiting: DocumentBlock[] = [];
  #waitingCharacters = 0;
  #words = 0;

  *take(blocks: readonly ReadBlock[]): Generator<Step> {
    for (const block of blocks) {
      this.#words += countWords(block.text);
      this.#waiting.push(this.#placer.place(block));
      this.#waitingCharacters += block.text.length;
      const least = this.#splitter ? STEP_CHARACTERS : SAMPLE_CHARACTERS;
      if (this.#waitingCharacters >= least) yield this.#step();
    }
  }

  *end(): Generator<Step> {
    yield this.#step();
    yield { blocks: [], passages: this.#splitter?.end() ?? [] };
  }

  facts(): WrittenText {
    return { characters: this.#placer.characters, words: this.#words, language: this.#language };
  }

  #step(): Step {
    const blocks = this.#waiting;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    if (!this.#splitter) {
      this.#language = languageOf(blocks.map(({ text }) => text).join('\n'));
      this.#splitter = new PassageSplitter(this.#language);
    }
    const splitter = this.#splitter;
    return { blocks, passages: blocks.flatMap((block) => splitter.take(block)) };
  }
}
