// The places of a query in the messages that are on the page, as ranges for highlighting. Words may go on from one
// element into the next (`foo **bar**`), but never from one paragraph into the next.
import { findSpans } from './find-text.ts';

/** What is text of a message, and what ends a paragraph. */
const PROSE = '[data-prose]';
const BLOCK = 'p, li, td, th, pre, h1, h2, h3, h4, h5, h6, blockquote, summary, [data-prose]';

interface Piece {
  node: Text;
  /** In the joined text. */
  from: number;
}

/** The ranges in one message, in order. */
export function findRanges(message: Element, query: string): Range[] {
  return [...message.querySelectorAll(PROSE)].flatMap((prose) => rangesIn(prose, query));
}

function rangesIn(prose: Element, query: string): Range[] {
  const { text, pieces } = join(prose);
  const ranges: Range[] = [];
  let at = 0;
  for (const { from, to } of findSpans(text, query)) {
    while (pieces[at + 1] && pieces[at + 1]!.from <= from) at += 1;
    let end = at;
    while (pieces[end + 1] && pieces[end + 1]!.from < to) end += 1;
    const first = pieces[at];
    const last = pieces[end];
    if (first && last) ranges.push(rangeOf([first, from], [last, to]));
  }
  return ranges;
}

function rangeOf([first, from]: [Piece, number], [last, to]: [Piece, number]): Range {
  const range = new Range();
  range.setStart(first.node, Math.min(from - first.from, first.node.length));
  range.setEnd(last.node, Math.min(to - last.from, last.node.length));
  return range;
}

function join(prose: Element): { text: string; pieces: Piece[] } {
  const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
  const pieces: Piece[] = [];
  let text = '';
  let block: Element | null | undefined;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const inside = node.parentElement;
    if (inside?.closest('button, .visually-hidden')) continue;
    const own = inside?.closest(BLOCK);
    // No text has this sign, and no query: nothing is found across it.
    if (block && own !== block) text += '\u0000';
    block = own;
    pieces.push({ node: node as Text, from: text.length });
    text += (node as Text).data;
  }
  return { text, pieces };
}
