// Grows blocks line by line. A line is looked at once and a finished block is never touched again, however long the
// text becomes. `peek` shows what an unfinished last line would do; `rollback` takes exactly that back.
import type {
  Block,
  Code,
  Container,
  Item,
  List,
  MathBlock,
  Note,
  Paragraph,
  Quote,
  Root,
  Table,
} from './block.ts';
import { beginIndentedCode, beginMath, weightOf } from './begin-block.ts';
import { deepestOpen, isUndecided, parentOf } from './open-blocks.ts';
import {
  cellsOf,
  closesFence,
  delimitersOf,
  fenceOf,
  headingOf,
  indentOf,
  interruptsParagraph,
  isBlank,
  isRule,
  markerOf,
  mathOpenerOf,
  noteOf,
  quotedOf,
  type Marker,
} from './line-rules.ts';

/** Deeper nesting is shown as plain paragraphs: nobody reads it, and a hostile text must not exhaust the stack. */
const MAX_DEPTH = 12;
/** UTF-16 units; a longer paragraph goes on in another one, so that no single layout takes long. */
const PARAGRAPH_LIMIT = 4_000;

export class BlockParser {
  readonly root: Root = { kind: 'root', children: [] };
  #undo: (() => void)[] | null = null;

  /** Takes one whole line, without its end. */
  line(text: string): void {
    this.#feed(this.root, text, 0);
  }

  /** The last line goes on: for lines too long to be looked at as a whole. */
  continueLine(text: string): void {
    const leaf = deepestOpen(this.root);
    if (leaf?.kind === 'paragraph') this.#growParagraph(leaf, text);
    else if (leaf?.kind === 'code' || leaf?.kind === 'heading') this.#set(leaf, 'text', leaf.text + text);
    else if (leaf?.kind === 'math') this.#set(leaf, 'source', leaf.source + text);
    else if (leaf?.kind === 'table' && leaf.rows.length > 0)
      this.#set(leaf.rows, leaf.rows.length - 1, leaf.rows.at(-1)! + text);
    else this.#feed(this.root, text, 0);
  }

  /** Applies a line that may still grow; `rollback` must follow before anything else. */
  peek(text: string, continued: boolean): void {
    this.#undo = [];
    if (continued) this.continueLine(text);
    else if (!isUndecided(text, deepestOpen(this.root))) this.line(text);
  }

  rollback(): void {
    this.#undo?.toReversed().forEach((step) => step());
    this.#undo = null;
  }

  /** Nothing follows: closes what is open. */
  finish(): void {
    const last = this.root.children.at(-1);
    if (last?.open) this.#close(last);
  }

  #set<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    const before = target[key];
    this.#undo?.push(() => (target[key] = before));
    target[key] = value;
  }

  #push<T>(list: T[], value: T): void {
    this.#undo?.push(() => list.pop());
    list.push(value);
  }

  #close(block: Block): void {
    this.#set(block, 'open', false);
    const last = 'children' in block ? block.children.at(-1) : undefined;
    if (last?.open) this.#close(last);
  }

  #feed(container: Container, line: string, depth: number): void {
    const last = container.children.at(-1);
    if (last?.open && this.#goesOn(container, last, line, depth)) return;
    if (last?.open) this.#close(last);
    if (!isBlank(line)) this.#push(container.children, this.#begin(line, depth));
  }

  #goesOn(container: Container, block: Block, line: string, depth: number): boolean {
    if (block.kind === 'paragraph') return this.#paragraphGoesOn(container, block, line);
    if (block.kind === 'code') return this.#codeGoesOn(block, line);
    if (block.kind === 'math') return this.#mathGoesOn(block, line);
    if (block.kind === 'table') return this.#tableGoesOn(block, line);
    if (block.kind === 'quote') return this.#quoteGoesOn(block, line, depth);
    if (block.kind === 'list') return this.#listGoesOn(block, line, depth);
    if (block.kind === 'note') return this.#noteGoesOn(block, line, depth);
    return false;
  }

  #begin(line: string, depth: number): Block {
    const fence = fenceOf(line);
    if (fence) return { kind: 'code', open: true, text: '', lineCount: 0, ...fence };
    if (indentOf(line) >= 4) return beginIndentedCode(line);
    const closer = mathOpenerOf(line);
    if (closer) return beginMath(line, closer);
    const heading = headingOf(line);
    if (heading) return { kind: 'heading', open: false, ...heading };
    if (isRule(line)) return { kind: 'rule', open: false };
    if (depth < MAX_DEPTH) {
      const quoted = quotedOf(line);
      if (quoted !== null) return this.#beginQuote(quoted, depth);
      const marker = markerOf(line);
      if (marker) return this.#beginList(marker, depth);
      const note = noteOf(line);
      if (note) return this.#beginNote(note, depth);
    }
    return { kind: 'paragraph', open: true, text: line.trimStart(), continued: false };
  }

  #beginQuote(rest: string, depth: number): Quote {
    const quote: Quote = { kind: 'quote', open: true, children: [] };
    this.#feed(quote, rest, depth + 1);
    return quote;
  }

  #beginNote({ label, rest }: { label: string; rest: string }, depth: number): Note {
    const note: Note = { kind: 'note', open: true, label, children: [] };
    this.#feed(note, rest, depth + 1);
    return note;
  }

  #beginList(marker: Marker, depth: number): List {
    const { ordered, start, kind } = marker;
    return {
      kind: 'list',
      open: true,
      ordered,
      start,
      marker: kind,
      blank: false,
      children: [this.#beginItem(marker, depth)],
    };
  }

  #beginItem(marker: Marker, depth: number): Item {
    const task = /^\[([ xX])\](?: +|$)/.exec(marker.rest);
    const item: Item = {
      kind: 'item',
      open: true,
      children: [],
      checked: task ? task[1] !== ' ' : null,
      indent: marker.width,
    };
    this.#feed(item, task ? marker.rest.slice(task[0].length) : marker.rest, depth + 1);
    return item;
  }

  #paragraphGoesOn(container: Container, paragraph: Paragraph, line: string): boolean {
    if (isBlank(line)) return (this.#close(paragraph), true);
    const oneLine = !paragraph.text.includes('\n');
    if (
      oneLine &&
      !paragraph.continued &&
      (/^ {0,3}=+[ \t]*$/.test(line) || (/^ {0,3}-{2,}[ \t]*$/.test(line) && paragraph.text.length < 100))
    ) {
      const level = line.includes('=') ? 1 : 2;
      this.#replaceLast(container, { kind: 'heading', open: false, level, text: paragraph.text.trimEnd() });
      return true;
    }
    if (this.#becomesTable(container, paragraph, line)) return true;
    if (interruptsParagraph(line)) return false;
    this.#growParagraph(paragraph, '\n' + line.trimStart());
    return true;
  }

  #becomesTable(container: Container, paragraph: Paragraph, line: string): boolean {
    const alignments = delimitersOf(line);
    const headerAt = paragraph.text.lastIndexOf('\n') + 1;
    const header = alignments && cellsOf(paragraph.text.slice(headerAt));
    if (!header || header.length !== alignments.length || !paragraph.text.slice(headerAt).includes('|'))
      return false;
    const table: Table = { kind: 'table', open: true, header, alignments, rows: [] };
    if (headerAt === 0) return (this.#replaceLast(container, table), true);
    this.#set(paragraph, 'text', paragraph.text.slice(0, headerAt - 1));
    this.#close(paragraph);
    this.#push(container.children, table);
    return true;
  }

  #codeGoesOn(code: Code, line: string): boolean {
    if (code.fence !== '' && closesFence(line, code.fence)) return (this.#close(code), true);
    if (code.fence === '' && indentOf(line) < 4 && !isBlank(line)) {
      this.#set(code, 'text', code.text.trimEnd());
      return false;
    }
    const rest = line.slice(Math.min(indentOf(line), code.indent));
    this.#set(code, 'text', code.lineCount === 0 ? rest : `${code.text}\n${rest}`);
    this.#set(code, 'lineCount', code.lineCount + 1);
    return true;
  }

  #mathGoesOn(math: MathBlock, line: string): boolean {
    if (isBlank(line)) return (this.#close(math), true);
    this.#set(math, 'source', `${math.source}\n${line}`);
    if (line.trimEnd().endsWith(math.closer)) {
      this.#set(math, 'complete', true);
      this.#close(math);
    }
    return true;
  }

  #tableGoesOn(table: Table, line: string): boolean {
    if (isBlank(line) || (!line.includes('|') && interruptsParagraph(line))) return false;
    if (!line.trimStart().startsWith('|') && interruptsParagraph(line)) return false;
    this.#push(table.rows, line);
    return true;
  }

  #quoteGoesOn(quote: Quote, line: string, depth: number): boolean {
    const rest = quotedOf(line);
    if (rest === null) return this.#lazy(quote, line);
    this.#feed(quote, rest, depth + 1);
    return true;
  }

  #noteGoesOn(note: Note, line: string, depth: number): boolean {
    const indent = indentOf(line);
    if (!isBlank(line) && indent < 2) return this.#lazy(note, line);
    this.#feed(note, line.slice(Math.min(indent, 4)), depth + 1);
    return true;
  }

  #listGoesOn(list: List, line: string, depth: number): boolean {
    const item = list.children.at(-1)!;
    if (isBlank(line)) {
      this.#feed(item, '', depth + 1);
      this.#set(list, 'blank', true);
      return true;
    }
    const indent = indentOf(line);
    const marker = markerOf(line);
    // Models often indent a nested list by two columns under "1. ", where CommonMark wants three.
    const nested = marker !== null && marker.kind !== list.marker && indent >= 2;
    if (indent >= item.indent || nested) {
      this.#set(list, 'blank', false);
      this.#feed(item, line.slice(Math.min(indent, item.indent)), depth + 1);
      return true;
    }
    if (!marker || marker.kind !== list.marker) return !list.blank && this.#lazy(list, line);
    this.#close(item);
    this.#set(list, 'blank', false);
    this.#push(list.children, this.#beginItem(marker, depth));
    return true;
  }

  /** A paragraph inside a quote or list goes on in a line without the marker. */
  #lazy(container: Block, line: string): boolean {
    const leaf = deepestOpen(container);
    if (leaf?.kind !== 'paragraph' || isBlank(line) || interruptsParagraph(line)) return false;
    this.#growParagraph(leaf, '\n' + line.trimStart());
    return true;
  }

  #growParagraph(paragraph: Paragraph, text: string): void {
    if (weightOf(paragraph.text) + weightOf(text) <= PARAGRAPH_LIMIT) {
      this.#set(paragraph, 'text', paragraph.text + text);
      return;
    }
    this.#close(paragraph);
    const parent = parentOf(this.root, paragraph);
    this.#push(parent.children, { kind: 'paragraph', open: true, text: text.trimStart(), continued: true });
  }

  #replaceLast(container: Container, block: Block): void {
    this.#set(container.children, container.children.length - 1, block);
  }
}
