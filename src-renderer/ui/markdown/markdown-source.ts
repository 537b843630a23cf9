// Turns text that arrives in pieces into lines for the parser: ends of lines, tabs, escape sequences and control
// characters are settled here, the same way however the text was cut.
import { BlockParser } from './block-parser.ts';
import type { Root } from './block.ts';
import { lineCut } from './line-cut.ts';
import { visibleText } from './visible-text.ts';

/** UTF-16 units; a longer line is passed on in parts. */
const LINE_LIMIT = 2_000;

export class MarkdownSource {
  readonly #parser = new BlockParser();
  #pending = '';
  #continued = false;
  #peeking = false;

  /** The blocks so far. Between `show` and the next `append` they include the unfinished line. */
  get root(): Root {
    return this.#parser.root;
  }

  append(text: string): void {
    this.#stopPeeking();
    const lines = (this.#pending + text).split('\n');
    this.#pending = lines.pop()!;
    lines.forEach((line) => {
      this.#pass(line.endsWith('\r') ? line.slice(0, -1) : line, true);
      this.#continued = false;
    });
    this.#pending = this.#pass(this.#pending, false);
  }

  /** Lets the blocks include the unfinished last line. */
  show(): Root {
    if (!this.#peeking && this.#pending !== '') {
      this.#parser.peek(cleanLine(this.#pending), this.#continued);
      this.#peeking = true;
    }
    return this.root;
  }

  /** Nothing follows. */
  finish(): void {
    this.#stopPeeking();
    if (this.#pending !== '') this.#pass(this.#pending, true);
    this.#pending = '';
    this.#parser.finish();
  }

  #stopPeeking(): void {
    if (this.#peeking) this.#parser.rollback();
    this.#peeking = false;
  }

  #pass(line: string, whole: boolean): string {
    let rest = line;
    while (rest.length > LINE_LIMIT) {
      const cut = lineCut(rest, LINE_LIMIT);
      this.#give(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    if (whole && (rest !== '' || !this.#continued)) this.#give(rest);
    return rest;
  }

  #give(line: string): void {
    if (this.#continued) this.#parser.continueLine(visibleText(line));
    else this.#parser.line(cleanLine(line));
    this.#continued = true;
  }
}

function cleanLine(line: string): string {
  const visible = visibleText(line);
  return /^[ ]*\t/.test(visible) ? expandIndent(visible) : visible;
}

function expandIndent(line: string): string {
  const indent = /^[ \t]*/.exec(line)![0];
  let columns = '';
  for (const sign of indent) columns += sign === '\t' ? ' '.repeat(4 - (columns.length % 4)) : ' ';
  return columns + line.slice(indent.length);
}
