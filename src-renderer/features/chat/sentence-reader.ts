// Cuts a growing answer into what a screen reader says: whole sentences, and for code, tables and formulas that they
// are there. Nobody wants to hear those sign by sign.
import { closesFence, delimitersOf, fenceOf, isRule, mathOpenerOf } from '../../ui/markdown/line-rules.ts';
import { sentencesIn } from './reading/sentences.ts';
import { languageOf } from './reading/spoken-text.ts';
import { spokenLine } from './spoken-line.ts';

/** What is said in place of a block. */
export interface BlockWords {
  code: (language: string, lines: number) => string;
  table: (columns: number, rows: number) => string;
  formula: string;
}

type OpenBlock =
  | { kind: 'code'; fence: string; language: string; lines: number }
  | { kind: 'table'; columns: number; rows: number }
  | { kind: 'math'; closer: string };

/** UTF-16 units said at once at most: nobody can follow more, and laying out a hidden megabyte stops the page. */
const SAID_AT_ONCE = 2_000;
/** A text without an end of a sentence (Thai has none) is said in parts of about this many UTF-16 units. */
const LONGEST_WAIT = 240;
/** The beginning of a line that may become code, a table or a formula. */
const UNDECIDED =
  /^\s*(?:(?:>|[-*+]|\d{1,9}[.)])\s+)*(?:\||`{3}|`{0,2}$|~|\$\$|\$$|\\$|\\\[|[-*+>#=_\d.)]+\s*$)/;
const MARKERS = /^\s*(?:(?:>|[-*+]|\d{1,9}[.)])\s+)*/;

export class SentenceReader {
  readonly #words: BlockWords;
  #waiting = '';
  /** The beginning of the waiting line has been said. */
  #inLine = false;
  #block: OpenBlock | null = null;
  /** A line that may be the head of a table. */
  #head: string | null = null;
  #said: string[] = [];

  constructor(words: BlockWords) {
    this.#words = words;
  }

  append(delta: string): void {
    this.#waiting += delta;
  }

  /** All that is complete by now; '' when there is nothing. */
  take(): string {
    const lines = this.#waiting.split('\n');
    this.#waiting = lines.pop()!;
    for (const line of lines) this.#take(line);
    if (!this.#block && (this.#inLine || !UNDECIDED.test(this.#waiting))) this.#takeSentences();
    return this.#all();
  }

  /** What is left at the end. */
  rest(): string {
    this.append('\n');
    const taken = this.take();
    this.#endBlock();
    this.#sayHead();
    return [taken, this.#all()].filter(Boolean).join(' ');
  }

  #all(): string {
    const said = this.#said.filter(Boolean).join(' ').slice(0, SAID_AT_ONCE);
    this.#said = [];
    return said;
  }

  #say(line: string): void {
    this.#said.push(spokenLine(line, this.#words.formula));
  }

  #takeSentences(): void {
    const text = this.#waiting;
    const sentences = sentencesIn(text, languageOf(text, 'en'));
    // More may belong to the last one, however it ends.
    const last = sentences.at(-1);
    let end = last && !/[。!?！？]["”』」)]?\s*$/u.test(last.text) ? last.index : text.length;
    if (text.length - end > LONGEST_WAIT) end = text.lastIndexOf(' ') + 1 || text.length;
    if (end === 0) return;
    this.#sayHead();
    this.#say(text.slice(0, end));
    this.#waiting = text.slice(end);
    this.#inLine = true;
  }

  /** A whole line, or what is left of it. */
  #take(line: string): void {
    const begins = !this.#inLine;
    this.#inLine = false;
    if (!begins) return this.#say(line);
    const content = line.replace(MARKERS, '').trimEnd();
    if (this.#block && this.#goesOn(this.#block, content, line)) return;
    const alignments = delimitersOf(content);
    if (this.#head !== null && alignments) {
      this.#head = null;
      this.#block = { kind: 'table', columns: alignments.length, rows: 0 };
      return;
    }
    this.#sayHead();
    if (content.includes('|')) this.#head = line;
    else if (!this.#begins(content) && !isRule(line)) this.#say(line);
  }

  #begins(content: string): boolean {
    const fence = fenceOf(content);
    const closer = mathOpenerOf(content);
    if (fence) this.#block = { kind: 'code', fence: fence.fence, language: fence.language, lines: 0 };
    else if (closer) this.#block = { kind: 'math', closer };
    // A formula on one line.
    if (closer && content.length > 4 && content.endsWith(closer)) this.#endBlock();
    return fence !== null || closer !== null;
  }

  /** False for a line that stands behind the block. */
  #goesOn(block: OpenBlock, content: string, line: string): boolean {
    if (block.kind === 'code') {
      if (closesFence(line.trim(), block.fence)) this.#endBlock();
      else block.lines += 1;
      return true;
    }
    const goesOn = block.kind === 'table' ? content.includes('|') : content !== '';
    if (goesOn && block.kind === 'table') block.rows += 1;
    if (!goesOn || (block.kind === 'math' && content.endsWith(block.closer))) this.#endBlock();
    return goesOn;
  }

  #sayHead(): void {
    const head = this.#head;
    this.#head = null;
    if (head !== null) this.#say(head);
  }

  #endBlock(): void {
    const block = this.#block;
    this.#block = null;
    if (block?.kind === 'code') this.#said.push(this.#words.code(block.language, block.lines));
    else if (block?.kind === 'table') this.#said.push(this.#words.table(block.columns, block.rows));
    else if (block) this.#said.push(this.#words.formula);
  }
}
