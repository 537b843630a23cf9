// PDF, page by page. Some pages are looked at before the first of them is handed on: what size its text has and what
// returns on every page shows only then.
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { AppError } from '#contract/errors.ts';
import type { ReadBlock, ReadNote } from '#contract/reader.ts';
import { prose } from '../blocks.ts';
import { columnsOf } from '../pdf/columns.ts';
import { pageText, type PageText } from '../pdf/fragments.ts';
import { Margins } from '../pdf/margins.ts';
import {
  bookmarkKey,
  isContinuation,
  isOpen,
  joinLines,
  paragraphsOf,
  type Style,
} from '../pdf/paragraphs.ts';
import { openPdf } from '../pdf/pdf-file.ts';
import { rowsOf } from '../pdf/rows.ts';
import { readAll, type About, type Piece, type Source } from '../source.ts';

const LOOK_AHEAD_PAGES = 12;
/** A file that says it has more pages than it has is not asked for all of them. */
const MOST_FAILURES_IN_A_ROW = 100;

export async function* readPdf(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  const document = await openPdf(new Uint8Array(await readAll(source)), source.password);
  about.pages = document.numPages;
  about.title = await titleOf(document);
  const pages = Math.min(document.numPages, source.limits.pages);
  const reading = new PdfPages(document, { bodySize: 10, bookmarks: await bookmarksOf(document) });
  for (let number = 1; number <= pages && !reading.gaveUp; number += 1) {
    await reading.look(number);
    const groupEnds = number % LOOK_AHEAD_PAGES === 0 || number === pages;
    yield { blocks: groupEnds ? reading.take() : [], progress: number / pages };
  }
  yield { blocks: reading.end(), progress: 1 };
  about.notes.push(...reading.notes(pages));
  if (pages < document.numPages) about.notes.push({ code: 'cut-pages', count: pages });
  await document.loadingTask.destroy();
}

class PdfPages {
  readonly #document: PDFDocumentProxy;
  readonly #style: Style;
  readonly #margins = new Margins();
  /** Characters by size of type. */
  readonly #sizes = new Map<number, number>();
  #waiting: { number: number; text: PageText }[] = [];
  /** The last block of a page, which the next page may go on with. */
  #last: ReadBlock | null = null;
  #seen = 0;
  #failed = 0;
  #failedInARow = 0;
  #withoutText = 0;

  constructor(document: PDFDocumentProxy, style: Style) {
    this.#document = document;
    this.#style = style;
  }

  get gaveUp(): boolean {
    return this.#failedInARow >= MOST_FAILURES_IN_A_ROW;
  }

  /** Reads a page; what is on it comes with `take`. */
  async look(number: number): Promise<void> {
    this.#seen += 1;
    const text = await this.#textOf(number);
    if (!text) return;
    if (text.fragments.length === 0) this.#withoutText += 1;
    this.#margins.see(text);
    for (const {
      size,
      text: { length },
    } of text.fragments) {
      const rounded = Math.round(size * 2) / 2;
      this.#sizes.set(rounded, (this.#sizes.get(rounded) ?? 0) + length);
    }
    this.#waiting.push({ number, text });
  }

  /** The blocks of the pages since the last time. */
  take(): ReadBlock[] {
    this.#style.bodySize = [...this.#sizes].reduce((a, b) => (b[1] > a[1] ? b : a), [10, 0])[0];
    const blocks: ReadBlock[] = [];
    for (const { number, text } of this.#waiting.splice(0)) {
      for (const column of columnsOf(this.#margins.without(text)))
        for (const block of paragraphsOf(rowsOf(column), number, this.#style)) this.#add(block, blocks);
    }
    return blocks;
  }

  end(): ReadBlock[] {
    const blocks = this.take();
    return this.#last ? [...blocks, this.#last] : blocks;
  }

  /** `pages`: how many were to be read. @throws AppError file-damaged when none could be */
  notes(pages: number): ReadNote[] {
    const unreadable = this.#failed + pages - this.#seen;
    if (unreadable === pages) throw new AppError('file-damaged', 'No page can be read');
    const notes: ReadNote[] = [];
    if (unreadable > 0) notes.push({ code: 'parts-unreadable', count: unreadable });
    if (this.#withoutText > 0) notes.push({ code: 'pages-without-text', count: this.#withoutText });
    return notes;
  }

  async #textOf(number: number): Promise<PageText | null> {
    try {
      const page = await this.#document.getPage(number);
      const text = await pageText(page);
      page.cleanup();
      this.#failedInARow = 0;
      return text;
    } catch {
      this.#failed += 1;
      this.#failedInARow += 1;
      return null;
    }
  }

  /** Hands on the block before; a sentence that runs on from it becomes part of it, or its continuation. */
  #add(block: ReadBlock, blocks: ReadBlock[]): void {
    const last = this.#last;
    this.#last = block;
    if (!last) return;
    if (!isOpen(last) || !isContinuation(block)) return void blocks.push(last);
    const whole = joinLines(last.text, block.text);
    const kept = whole.length - block.text.length;
    blocks.push({ ...last, text: whole.slice(0, kept) });
    this.#last = { ...block, text: whole.slice(kept), continues: true };
  }
}

async function titleOf(document: PDFDocumentProxy): Promise<string | null> {
  const metadata = await document.getMetadata().catch(() => null);
  const info: { Title?: unknown } = metadata?.info ?? {};
  return typeof info.Title === 'string' ? prose(info.Title) || null : null;
}

type Bookmark = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>[number];

async function bookmarksOf(document: PDFDocumentProxy): Promise<Map<string, number>> {
  const bookmarks = new Map<string, number>();
  const outline = (await document.getOutline().catch(() => null)) ?? [];
  let level: Bookmark[] = outline;
  for (let depth = 1; depth <= 6 && level.length > 0; depth += 1) {
    for (const { title } of level) {
      const key = bookmarkKey(title);
      if (key && !bookmarks.has(key)) bookmarks.set(key, depth);
    }
    level = level.flatMap(({ items }) => items as Bookmark[]);
  }
  return bookmarks;
}
