// What a model wrote, as the lines of a summary. Models keep to a form more or less: what they add around it goes, and
// what they write in another form is taken as it is meant.
import type { SummaryLine, SummaryRequest } from '#contract/summaries.ts';

type Form = SummaryRequest['form'];
export type ParsedLine = Omit<SummaryLine, 'citations'>;

const HEADING = /^(#{1,6})\s+(\S.*)$/u;
const ITEM = /^(\s*)(?:[-*•–—▪◦]|\(?\d{1,3}[.)]|[a-z][.)])\s+(?:\[[ xX]?\]\s*)?(\S.*)$/u;
const MARKER_ONLY = /^\s*(?:[-*•–—_=#]+|\d+[.)])\s*$/u;
const QUESTION = /^\s*(?:[-*•]\s+)?(?:Q(?:uestion)?\s*\d*|F(?:rage)?\s*\d*)\s*[:.)]\s*(\S.*)$/iu;
const ANSWER = /^\s*(?:[-*•]\s+)?(?:A(?:nswer|ntwort)?\s*\d*)\s*[:.)]\s*(\S.*)$/iu;
/** 'Here is a summary of the text:' */
const INTRODUCTION = /^[^.!?]{0,120}:$/u;
const SENTENCE_END = /[.!?…。！？»”"')\]]$/u;
const INDENT_CHARACTERS = 2;
const MOST_LEVEL = 6;

interface ParseOptions {
  form: Form;
  /** BCP 47, for the ends of sentences; null where it is not known. */
  language: string | null;
  /** The model was not at its end: its last line may be half a one. */
  cut: boolean;
}

export function parseLines(text: string, options: ParseOptions): ParsedLine[] {
  const parser = new Parser(options);
  const rows = text.replaceAll('\r', '').split('\n');
  const first = rows.findIndex((row) => row.trim() !== '');
  rows.forEach((row, index) => {
    const more = rows.slice(index + 1).some((later) => later.trim() !== '');
    if (index === first && more && INTRODUCTION.test(row.trim()) && !HEADING.test(row) && !ITEM.test(row))
      return;
    parser.take(row);
  });
  const lines = withoutRepeats(parser.lines);
  const last = lines.at(-1);
  const half = options.cut && last && !SENTENCE_END.test(last.text);
  return half && lines.length > 1 ? lines.slice(0, -1) : lines;
}

class Parser {
  readonly lines: ParsedLine[] = [];
  readonly #form: Form;
  readonly #segmenter: Intl.Segmenter;
  #begins = true;
  #indents: number[] = [];

  constructor({ form, language }: ParseOptions) {
    this.#form = form;
    this.#segmenter = new Intl.Segmenter(language ?? undefined, { granularity: 'sentence' });
  }

  take(row: string): void {
    const heading = HEADING.exec(row.trim());
    const item = ITEM.exec(row);
    if (row.trim() === '' || MARKER_ONLY.test(row)) this.#begins = true;
    else if (this.#form === 'questions' && this.#takeQuestion(row)) return;
    else if (heading) this.#addHeading(heading[2] ?? '', heading[1]?.length ?? 1);
    else if (item) this.#addItem(item[2] ?? '', this.#levelOf(item[1] ?? ''));
    else this.#takePlain(row);
  }

  #takeQuestion(row: string): boolean {
    const question = QUESTION.exec(row)?.[1];
    if (question !== undefined) {
      this.#addHeading(question, 3);
      return true;
    }
    const answer = ANSWER.exec(row)?.[1];
    if (answer === undefined) return false;
    this.#begins = true;
    this.#addSentences(answer);
    return true;
  }

  /** In a form of lists every sentence is an item; a short line in bold is a heading. */
  #takePlain(row: string): void {
    const title = /^\s*(?:\*\*|__)([^*_]{1,80})(?:\*\*|__):?\s*$/u.exec(row)?.[1];
    if (title !== undefined) this.#addHeading(title, 2);
    else if (this.#form === 'paragraphs' || this.#form === 'questions') this.#addSentences(row);
    else for (const sentence of this.#sentences(plain(row))) this.#addItem(sentence, 1);
  }

  #addHeading(text: string, level: number): void {
    this.lines.push({ kind: 'heading', level, begins: true, text: plain(text) });
    this.#begins = true;
    this.#indents = [];
  }

  #addItem(text: string, level: number): void {
    this.lines.push({ kind: 'item', level, begins: true, text: plain(text) });
    this.#begins = true;
  }

  #addSentences(row: string): void {
    for (const text of this.#sentences(plain(row))) {
      this.lines.push({ kind: 'sentence', level: 0, begins: this.#begins, text });
      this.#begins = false;
    }
  }

  #sentences(text: string): string[] {
    return Array.from(this.#segmenter.segment(text), ({ segment }) => segment.trim()).filter(Boolean);
  }

  /** By how much it is indented compared with the items above. */
  #levelOf(space: string): number {
    const indent = space.replaceAll('\t', '    ').length;
    while ((this.#indents.at(-1) ?? -1) >= indent + INDENT_CHARACTERS) this.#indents.pop();
    const last = this.#indents.at(-1);
    if (last === undefined || indent >= last + INDENT_CHARACTERS) this.#indents.push(indent);
    return Math.min(this.#indents.length, MOST_LEVEL);
  }
}

/** Without the signs of Markdown. */
function plain(text: string): string {
  return text
    .replaceAll(/\*\*|__|`/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** A model in a loop says the same over and over; a heading may come again. */
function withoutRepeats(lines: readonly ParsedLine[]): ParsedLine[] {
  const said = new Set<string>();
  return lines.filter(({ kind, text }) => {
    if (kind === 'heading') return true;
    const key = text.toLowerCase();
    if (said.has(key)) return false;
    said.add(key);
    return true;
  });
}
