// From the lines of a column to headings, paragraphs, list items and tables.
import type { ReadBlock } from '#contract/reader.ts';
import { heading, item, paragraph, prose, table } from '../blocks.ts';
import type { Row } from './rows.ts';
import { tableRows } from './tables.ts';

export interface Style {
  /** Size of type that most of the text has. */
  bodySize: number;
  /** Level by the text of a bookmark, as `bookmarkKey` makes it. */
  bookmarks: ReadonlyMap<string, number>;
}

const LARGER = 1.15;
const LONGEST_HEADING = 250;
const NEW_PARAGRAPH_GAP = 1.35;
/** In sizes of type; lines further apart belong together only by chance. */
const WIDEST_LEADING = 3;
const INDENT = 0.9;
const MARK = /^(?:[•◦▪▫■□●○‣⁃∙·–—*]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)/;
const BULLET = /^[•◦▪▫■□●○‣⁃∙·–—*]\s+/;
const SENTENCE_END = /[.!?:;。！？：；…]["'”’»)\]\d]*$/;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF00-\uFFEF]/u;

export function paragraphsOf(rows: readonly Row[], page: number, style: Style): ReadBlock[] {
  const blocks: ReadBlock[] = [];
  const measures = measure(rows);
  for (let index = 0; index < rows.length;) {
    const cells = tableRows(rows, index);
    const block = cells ? table(cells, page) : null;
    if (cells && block) {
      blocks.push(block);
      index += cells.length;
      continue;
    }
    const end = paragraphEnd(rows, index, measures, style);
    blocks.push(asBlock(rows.slice(index, end), page, style));
    index = end;
  }
  return blocks.filter(({ text }) => text !== '');
}

/** The form in which a heading and its bookmark are the same. */
export function bookmarkKey(text: string): string {
  return prose(text)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** Joins the text of two lines, or of the two halves of a paragraph. */
export function joinLines(before: string, after: string): string {
  if (before === '' || after === '') return before + after;
  if (/\p{L}[\u00AD\u2010-]$/u.test(before) && /^\p{Ll}/u.test(after)) return before.slice(0, -1) + after;
  if (before.endsWith('\u00AD')) return before.slice(0, -1) + after;
  const tight = CJK.test(before.at(-1) ?? '') && CJK.test(after.charAt(0));
  return tight ? before + after : `${before} ${after}`;
}

/** Whether a paragraph may go on elsewhere: on the next page, in the next column. */
export function isOpen(block: ReadBlock): boolean {
  return block.kind === 'paragraph' && !SENTENCE_END.test(block.text);
}

/** Whether a paragraph reads like the second half of one. */
export function isContinuation(block: ReadBlock): boolean {
  return block.kind === 'paragraph' && /^[\p{Ll}\p{Lo}]/u.test(block.text);
}

interface Measures {
  left: number;
  right: number;
  /** From line to line, as most lines have it. */
  leading: number;
}

function measure(rows: readonly Row[]): Measures {
  const gaps = rows
    .slice(1)
    .map((row, index) => row.y - (rows[index]?.y ?? 0))
    .filter((gap) => gap > 0)
    .toSorted((a, b) => a - b);
  return {
    left: Math.min(...rows.map(({ left }) => left)),
    right: Math.max(...rows.map(({ right }) => right)),
    leading: gaps[Math.floor(gaps.length / 3)] ?? 0,
  };
}

function paragraphEnd(rows: readonly Row[], start: number, measures: Measures, { bookmarks }: Style): number {
  const isBookmark = (row: Row | undefined): boolean => bookmarks.has(bookmarkKey(row?.text ?? ''));
  let end = start + 1;
  if (isBookmark(rows[start])) return end;
  for (; end < rows.length; end += 1) {
    const row = rows[end];
    const before = rows[end - 1];
    if (!row || !before || begins(row, before, measures)) break;
    if (isBookmark(row) || tableRows(rows, end)) break;
  }
  return end;
}

/** Whether a line begins a paragraph of its own. */
function begins(row: Row, before: Row, { left, right, leading }: Measures): boolean {
  const gap = row.y - before.y;
  const size = Math.max(row.size, before.size);
  if (Math.abs(row.size - before.size) > size * 0.12) return true;
  if (gap > Math.max(leading, size) * NEW_PARAGRAPH_GAP || gap > size * WIDEST_LEADING || gap < -size) {
    return true;
  }
  if (MARK.test(row.text)) return !/\p{L}-$/u.test(before.text);
  const short = before.right < right - (right - left) * 0.25;
  if (short && SENTENCE_END.test(before.text)) return true;
  const indented = row.left > left + size * INDENT && before.left < left + size * 0.5;
  // A line that is short and centred is indented too.
  return indented && SENTENCE_END.test(before.text);
}

function asBlock(rows: readonly Row[], page: number, { bodySize, bookmarks }: Style): ReadBlock {
  const text = prose(rows.map((row) => row.text).reduce(joinLines, ''));
  const size = Math.max(...rows.map((row) => row.size));
  const bookmarked = text.length <= LONGEST_HEADING ? bookmarks.get(bookmarkKey(text)) : undefined;
  if (bookmarked) return heading(bookmarked, text, page);
  const isLarge = size >= bodySize * LARGER && text.length <= LONGEST_HEADING && /\p{L}/u.test(text);
  if (isLarge) return heading(levelOf(size / bodySize), text, page);
  if (MARK.test(text) && text.length > 3) return item(1, text.replace(BULLET, ''), page);
  return paragraph(text, page);
}

function levelOf(ratio: number): number {
  if (ratio >= 1.7) return 1;
  return ratio >= 1.35 ? 2 : 3;
}
