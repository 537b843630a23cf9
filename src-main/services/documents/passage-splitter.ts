// Divides a document into passages: what is found, cited and given to a model. They follow the structure: a heading
// begins one unless the one before is too small, sentences stay whole, and one that had to end inside a paragraph is
// begun again with its last sentence by the next, so that what spans the cut is found too.
import type { DocumentBlock, TextRange } from '#contract/documents.ts';
import type { NewPassage } from '../../database/text-repository.ts';

/** About 320 tokens; a model that finds by meaning reads 512 or more at once. */
const WANTED_WEIGHT = 1300;
/** Smaller ones are joined with what follows, whatever heading stands between. */
const LEAST_WEIGHT = 400;
/** A sentence longer than this is cut, in a table or where there are no full stops. */
const MOST_WEIGHT = 2200;
/** A character of Chinese, Japanese or Korean is about a token, four of the others are one. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const DENSE_WEIGHT = 3;

/** A sentence, or a piece of one, with its place. */
interface Piece extends TextRange {
  text: string;
  weight: number;
  page: number | null;
  /** Of what it is the first piece, or the whole. */
  begins: 'heading' | 'block' | null;
}

export class PassageSplitter {
  readonly #sentences: Intl.Segmenter;
  #headings: { level: number; title: string }[] = [];
  /** The path of the passage in the making. */
  #path: string[] = [];
  #pieces: Piece[] = [];
  #weight = 0;
  /** What is only repeated from the passage before. */
  #repeated = false;

  /** `language` is a BCP 47 tag; null where it is not known. */
  constructor(language: string | null) {
    this.#sentences = new Intl.Segmenter(language ?? undefined, { granularity: 'sentence' });
  }

  /** Takes the next block of the document; returns the passages that are whole now. */
  take(block: DocumentBlock): NewPassage[] {
    if (block.kind === 'heading') return this.#takeHeading(block);
    const done: NewPassage[] = [];
    if (this.#pieces.length === 0) this.#path = this.#headings.map(({ title }) => title);
    const whole = this.#weight + weigh(block.text);
    if (whole > WANTED_WEIGHT && this.#weight >= LEAST_WEIGHT) done.push(...this.#end(null));
    for (const piece of this.#piecesOf(block)) {
      const full = this.#weight + piece.weight > WANTED_WEIGHT && this.#weight >= LEAST_WEIGHT;
      if (full) done.push(...this.#end(piece.begins ? null : (this.#pieces.at(-1) ?? null)));
      this.#add(piece);
    }
    return done;
  }

  /** The last one. */
  end(): NewPassage[] {
    return this.#end(null);
  }

  #takeHeading(block: DocumentBlock): NewPassage[] {
    const level = block.level ?? 1;
    const done = this.#weight >= LEAST_WEIGHT ? this.#end(null) : [];
    this.#headings = [...this.#headings.filter((each) => each.level < level), { level, title: block.text }];
    // In a small passage that goes on under another heading, that heading is part of the text.
    if (this.#pieces.length > 0) this.#add(toPiece(block, 0, block.text, 'heading'));
    return done;
  }

  #add(piece: Piece): void {
    this.#pieces.push(piece);
    this.#weight += piece.weight;
    this.#repeated = false;
  }

  #end(repeat: Piece | null): NewPassage[] {
    const ended = this.#repeated ? [] : this.#pieces.slice(0, this.#pieces.findLastIndex(notHeading) + 1);
    const passage = toPassage(ended, this.#path);
    // Half a passage said twice would be too much.
    const again = repeat && repeat.weight < LEAST_WEIGHT ? [repeat] : [];
    this.#pieces = again;
    this.#weight = again.reduce((sum, { weight }) => sum + weight, 0);
    this.#repeated = again.length > 0;
    this.#path = this.#headings.map(({ title }) => title);
    return passage ? [passage] : [];
  }

  *#piecesOf(block: DocumentBlock): Generator<Piece> {
    let begins: Piece['begins'] = 'block';
    for (const { segment, index } of this.#segments(block)) {
      for (const [at, text] of cut(segment)) {
        yield toPiece(block, index + at, text, begins);
        begins = null;
      }
    }
  }

  /** Code and tables have lines instead of sentences. */
  #segments({ kind, text }: DocumentBlock): Iterable<{ segment: string; index: number }> {
    if (kind !== 'code' && kind !== 'table') return this.#sentences.segment(text);
    return Array.from(text.matchAll(/[^\n]*\n|[^\n]+$/g), (match) => ({
      segment: match[0],
      index: match.index,
    }));
  }
}

/** A heading at the end belongs to what follows. */
function notHeading({ begins }: Piece): boolean {
  return begins !== 'heading';
}

function toPassage(pieces: readonly Piece[], headings: string[]): NewPassage | null {
  const first = pieces[0];
  const last = pieces.at(-1);
  if (!first || !last) return null;
  const parts = pieces.map(({ text, start }, index) => {
    const before = pieces[index - 1];
    return '\n'.repeat(before ? start - before.end : 0) + text;
  });
  return { start: first.start, end: last.end, headings, page: first.page, text: parts.join('') };
}

function toPiece(block: DocumentBlock, at: number, text: string, begins: Piece['begins']): Piece {
  const start = block.start + at;
  return { start, end: start + text.length, text, weight: weigh(text), page: block.page, begins };
}

function weigh(text: string): number {
  // eslint-disable-next-line no-control-regex -- plain ASCII, which most text is, needs no look at its scripts
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  return text.length + (text.match(DENSE)?.length ?? 0) * (DENSE_WEIGHT - 1);
}

/** In pieces of at most the greatest weight, each with its position; behind a space where there is one. */
function* cut(sentence: string): Generator<[number, string]> {
  const most = weigh(sentence) > sentence.length ? MOST_WEIGHT / DENSE_WEIGHT : MOST_WEIGHT;
  let start = 0;
  while (sentence.length - start > most) {
    const limit = start + Math.floor(most);
    const space = sentence.lastIndexOf(' ', limit);
    let end = space > start + most / 2 ? space + 1 : limit;
    const low = sentence.charCodeAt(end);
    if (low >= 0xdc00 && low <= 0xdfff) end -= 1;
    yield [start, sentence.slice(start, end)];
    start = end;
  }
  if (start < sentence.length) yield [start, sentence.slice(start)];
}
