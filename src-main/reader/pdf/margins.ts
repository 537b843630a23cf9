// Running heads, running feet and page numbers: what returns at the edge of page after page is no part of the text.
import type { Fragment, PageText } from './fragments.ts';

/** Of the height of a page, where they stand. */
const EDGE = 0.1;
const FEWEST_PAGES = 3;

export class Margins {
  readonly #seen = new Map<string, number>();

  /** Takes note of a page. */
  see(page: PageText): void {
    const keys = new Set(page.fragments.filter((fragment) => isAtEdge(fragment, page)).map(keyOf));
    for (const key of keys) this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
  }

  /** The page's text without what has returned often enough among the pages seen so far. */
  without(page: PageText): Fragment[] {
    return page.fragments.filter(
      (fragment) => !isAtEdge(fragment, page) || (this.#seen.get(keyOf(fragment)) ?? 0) < FEWEST_PAGES,
    );
  }
}

function isAtEdge({ y, size }: Fragment, { height }: PageText): boolean {
  return y < height * EDGE || y - size > height * (1 - EDGE);
}

/** Page numbers differ from page to page, and so does the width of what is centred. */
function keyOf({ text, y }: Fragment): string {
  const words = text
    .trim()
    .replace(/^[ivxlc]+$/i, '#')
    .replaceAll(/\d+/g, '#');
  return `${Math.round(y / 4)} ${words}`;
}
