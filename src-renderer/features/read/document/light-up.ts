// Lights up a range of a document's text where it is on the page. The browser paints it; no element changes.
import type { TextRange } from '#contract/documents.ts';

const LIT = 'lapidary-passage';

/** Returns the element where the range begins; null when it is not on the page. */
export function lightUp(text: HTMLElement, { start, end }: TextRange): Element | null {
  const ranges: Range[] = [];
  for (const block of text.querySelectorAll<HTMLElement>('[data-start]')) {
    const from = Number(block.dataset['start']);
    if (from >= end) break;
    const range = rangeIn(block, start - from, end - from);
    if (range) ranges.push(range);
  }
  CSS.highlights.set(LIT, new Highlight(...ranges));
  return ranges[0]?.startContainer.parentElement ?? null;
}

export function putOut(): void {
  CSS.highlights.delete(LIT);
}

/** Positions count the characters of the block's text; null when nothing of it is in the range. */
function rangeIn(block: HTMLElement, from: number, to: number): Range | null {
  const range = document.createRange();
  let begun = false;
  let at = 0;
  const nodes = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const { length } = node as Text;
    if (!begun && from < at + length) {
      range.setStart(node, Math.max(0, from - at));
      begun = true;
    }
    if (begun) range.setEnd(node, Math.min(length, Math.max(0, to - at)));
    at += length;
    if (at >= to) break;
  }
  return begun && !range.collapsed ? range : null;
}
