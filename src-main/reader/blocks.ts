// How parsers make blocks, and how a block that is too long becomes several.
import type { ReadBlock } from '#contract/reader.ts';

/** A longer block is cut where a line, a sentence or a word ends, and continues in the next. */
export const LONGEST_BLOCK = 8_000;
const DEEPEST_HEADING = 6;
const DEEPEST_ITEM = 9;
// Soft hyphens and zero-width marks of layout, and what no text holds.
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const NOT_TEXT = /[\u0000-\u0008\u000B\u000E-\u001F\u007F\u00AD\u200B\uFEFF\uFFFE\uFFFF]/g;

export function heading(level: number, text: string, page: number | null = null): ReadBlock {
  return block('heading', Math.min(Math.max(level, 1), DEEPEST_HEADING), text, page);
}

export function paragraph(text: string, page: number | null = null): ReadBlock {
  return block('paragraph', null, text, page);
}

/** `depth` from 1. */
export function item(depth: number, text: string, page: number | null = null): ReadBlock {
  return block('item', Math.min(Math.max(depth, 1), DEEPEST_ITEM), text, page);
}

export function code(text: string, continues = false): ReadBlock {
  return { ...block('code', null, text, null), continues };
}

/** Rows of cells; the first is the head, as Markdown can't do without. Null where every cell is empty. */
export function table(rows: readonly (readonly string[])[], page: number | null = null): ReadBlock | null {
  const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ''));
  const [head, ...body] = filled;
  if (!head) return null;
  const columns = Math.max(...filled.map((row) => row.length));
  // A box around text, as forms have it, is no table.
  if (columns === 1) return paragraph(filled.map((row) => row[0]).join('\n'), page);
  const line = (row: readonly string[]): string =>
    `| ${Array.from({ length: columns }, (_, index) => cell(row[index] ?? '')).join(' | ')} |`;
  const rule = `|${' --- |'.repeat(columns)}`;
  return block('table', null, [line(head), rule, ...body.map(line)].join('\n'), page);
}

/** Text as prose: white space of any kind and length becomes one space, what is no text goes. */
export function prose(text: string): string {
  return text.replaceAll(NOT_TEXT, '').replaceAll(/\s+/g, ' ').trim();
}

/** As prose, but its line breaks stay. */
export function lines(text: string): string {
  return text
    .replaceAll(NOT_TEXT, '')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .trim();
}

/** Line breaks and indentation stay. */
export function verbatim(text: string): string {
  return text.replaceAll(NOT_TEXT, '').replaceAll(/\r\n?/g, '\n');
}

/** The block in pieces that are short enough; none when there is nothing in it. */
export function splitBlock(whole: ReadBlock): ReadBlock[] {
  if (whole.text.trim() === '') return [];
  if (whole.text.length <= LONGEST_BLOCK) return [whole];
  const pieces: ReadBlock[] = [];
  for (let from = 0; from < whole.text.length;) {
    const to = pieceEnd(whole.text, from);
    const continues = from > 0 || whole.continues;
    pieces.push({ ...whole, text: whole.text.slice(from, to), continues });
    from = to;
  }
  return pieces;
}

/** Where a piece that starts at `from` ends: after the last line, else sentence, else word of its second half. */
function pieceEnd(text: string, from: number): number {
  const to = from + LONGEST_BLOCK;
  if (to >= text.length) return text.length;
  const half = text.slice(from + LONGEST_BLOCK / 2, to);
  const ends = [/\n/g, /[.!?。！？…]["'”’»)]*\s|[。！？]/g, /\s/g];
  for (const end of ends) {
    const last = [...half.matchAll(end)].at(-1);
    if (last) return from + LONGEST_BLOCK / 2 + last.index + last[0].length;
  }
  // Not between the two halves of a character.
  return /[\uD800-\uDBFF]/.test(text.charAt(to - 1)) ? to - 1 : to;
}

function block(kind: ReadBlock['kind'], level: number | null, text: string, page: number | null): ReadBlock {
  return { kind, level, text, page, continues: false };
}

function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|');
}
