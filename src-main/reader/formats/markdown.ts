// Markdown line by line: its headings, lists, tables and code are found, what is marked inside a line stays as written.
import type { ReadBlock } from '#contract/reader.ts';
import { code, heading, item, lines, paragraph } from '../blocks.ts';
import type { About, Piece, Source } from '../source.ts';
import { textOf } from './plain-text.ts';

const LONGEST_LINE = 1_000_000;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/;
const UNDERLINE = /^ {0,3}(=+|-{2,})[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const ITEM = /^([ \t]*)(?:[-*+]|(\d{1,9}[.)]))[ \t]+(.*)$/;
const TABLE_LINE = /^ {0,3}\|.*\|[ \t]*$/;

export async function* readMarkdown(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  const reading = new MarkdownLines();
  let open = '';
  for await (const { text, progress } of textOf(source, about)) {
    const found = (open + text).split('\n');
    open = found.pop() ?? '';
    for (const line of found) reading.line(line);
    // Joining a line that never ends again and again would take for ever.
    if (open.length > LONGEST_LINE) {
      reading.line(open);
      open = '';
    }
    yield { blocks: reading.take(), progress };
    about.title ??= reading.title;
  }
  reading.line(open);
  reading.end();
  about.title ??= reading.title;
  yield { blocks: reading.take(), progress: 1 };
}

class MarkdownLines {
  title: string | null = null;
  #blocks: ReadBlock[] = [];
  /** What goes on with the next line: a paragraph, an item, a table or code. */
  #open: { block: ReadBlock; lines: string[] } | null = null;
  /** The mark that ends the code we are in. */
  #fence: string | null = null;
  #count = 0;

  line(line: string): void {
    this.#count += 1;
    if (this.#fence) return this.#codeLine(line, this.#fence);
    const fence = FENCE.exec(line)?.[1] ?? (this.#count === 1 && line.trim() === '---' ? '---' : null);
    if (fence) return this.#begin(code(''), line, fence);
    if (line.trim() === '') return this.end();
    if (this.#underlines(line)) return;
    const marks = HEADING.exec(line);
    if (marks) return this.#heading(marks[1]?.length ?? 1, marks[2] ?? '');
    const listed = ITEM.exec(line);
    if (listed) {
      const [, indent = '', number, text = ''] = listed;
      return this.#begin(item(1 + depth(indent), ''), number ? `${number} ${text}` : text);
    }
    if (TABLE_LINE.test(line) && this.#open?.block.kind !== 'table')
      return this.#begin({ ...paragraph(''), kind: 'table' }, line);
    if (this.#open) this.#open.lines.push(line);
    else this.#begin(paragraph(''), line);
  }

  /** The block that is open, if any, is complete. */
  end(): void {
    const open = this.#open;
    this.#open = null;
    this.#fence = null;
    if (!open) return;
    const whole = open.lines.join('\n');
    this.#blocks.push({ ...open.block, text: open.block.kind === 'code' ? whole : lines(whole) });
  }

  take(): ReadBlock[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  #begin(block: ReadBlock, line: string, fence: string | null = null): void {
    this.end();
    this.#fence = fence;
    this.#open = { block, lines: [line] };
  }

  #codeLine(line: string, fence: string): void {
    this.#open?.lines.push(line);
    if (line.trim().startsWith(fence) && line.trim().replaceAll(fence.charAt(0), '') === '') this.end();
  }

  /** Whether the line makes a heading of the one above it. */
  #underlines(line: string): boolean {
    const mark = UNDERLINE.exec(line)?.[1];
    if (!mark || this.#open?.block.kind !== 'paragraph' || this.#open.lines.length > 1) return false;
    const text = this.#open.lines[0] ?? '';
    this.#open = null;
    this.#heading(mark.startsWith('=') ? 1 : 2, text);
    return true;
  }

  #heading(level: number, text: string): void {
    this.end();
    if (level === 1) this.title ??= lines(text) || null;
    this.#blocks.push(heading(level, lines(text)));
  }
}

function depth(indent: string): number {
  return Math.floor(indent.replaceAll('\t', '    ').length / 2);
}
