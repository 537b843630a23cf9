// Collects the blocks of a web page or of a chapter of an e-book. Scripts, and what a browser would not show, stay out.
import type { ReadBlock } from '#contract/reader.ts';
import { code, heading, item, lines, paragraph, prose, verbatim } from '../blocks.ts';
import { Tables } from '../tables.ts';
import type { Attributes, Collector } from '../xml.ts';

const NOT_SHOWN =
  'script style noscript template svg math iframe object head select option button textarea audio video canvas';
/** Around the text of a page, not part of it. */
const AROUND = 'nav footer aside form dialog';
const BLOCKS =
  'address article blockquote body caption center dd details div dl dt fieldset figcaption figure header hgroup hr html ' +
  'legend li main ol p section summary table tbody td tfoot th thead tr ul';
const TABLE_PARTS: Record<string, string> = { table: 'tbl', tr: 'tr', td: 'tc', th: 'tc' };

interface List {
  /** Of the next item; null where items have no numbers. */
  number: number | null;
}

export interface HtmlOptions {
  /** Whether menus, footers and forms are part of the text. */
  keepAround: boolean;
}

export class HtmlBody implements Collector {
  title: string | null = null;
  /** Of elements within each other, the most so far. */
  deepest = 0;
  readonly #skip: ReadonlySet<string>;
  readonly #blockNames = new Set(BLOCKS.split(' '));
  readonly #tables = new Tables();
  readonly #lists: List[] = [];
  #blocks: ReadBlock[] = [];
  #text = '';
  #kind: 'paragraph' | 'heading' | 'item' | 'code' = 'paragraph';
  #level = 1;
  #mark = '';
  /** Elements that are open inside one that is skipped, with itself. */
  #skipped = 0;
  #isTitle = false;
  #depth = 0;

  constructor({ keepAround }: HtmlOptions) {
    this.#skip = new Set(`${NOT_SHOWN} ${keepAround ? '' : AROUND}`.split(' '));
  }

  open(name: string, attributes: Attributes): void {
    const tag = name.toLowerCase();
    this.#depth += 1;
    this.deepest = Math.max(this.deepest, this.#depth);
    if (tag === 'title' && this.title === null) this.#isTitle = true;
    if (this.#skipped > 0 || this.#skip.has(tag) || isHidden(attributes)) {
      this.#skipped += 1;
      return;
    }
    if (tag === 'br') this.#text += '\n';
    else if (tag === 'img') this.#text += attributes['alt'] ? ` ${attributes['alt']} ` : '';
    else if (/^h[1-6]$/.test(tag)) this.#begin('heading', Number(tag.charAt(1)));
    else if (tag === 'pre') this.#begin('code', 1);
    else if (tag === 'ul' || tag === 'ol') this.#beginList(tag, attributes);
    else if (tag === 'li') this.#beginItem();
    else if (this.#blockNames.has(tag)) this.#flush();
    const part = TABLE_PARTS[tag];
    if (part) this.#tables.open(part);
    if (part === 'tc') this.#tables.span(Number(attributes['colspan'] ?? 1));
  }

  close(name: string): void {
    const tag = name.toLowerCase();
    this.#depth -= 1;
    if (tag === 'title') this.#isTitle = false;
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return;
    }
    if (/^h[1-6]$/.test(tag) || tag === 'pre' || this.#blockNames.has(tag)) this.#flush();
    if (tag === 'ul' || tag === 'ol') this.#lists.pop();
    const part = TABLE_PARTS[tag];
    const table = part ? this.#tables.close(part) : null;
    if (table) this.#blocks.push(table);
  }

  text(text: string): void {
    if (this.#isTitle) this.title = prose((this.title ?? '') + text) || null;
    if (this.#skipped > 0) return;
    this.#text += this.#kind === 'code' ? text : text.replaceAll(/\s+/g, ' ');
  }

  take(): ReadBlock[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  /** What is open at the end of a document that is cut off. */
  end(): ReadBlock[] {
    this.#flush();
    return this.take();
  }

  #begin(kind: 'heading' | 'item' | 'code', level: number): void {
    this.#flush();
    this.#kind = kind;
    this.#level = level;
  }

  #beginList(tag: string, attributes: Attributes): void {
    this.#flush();
    const start = Number(attributes['start'] ?? 1);
    this.#lists.push({ number: tag === 'ol' ? (Number.isInteger(start) ? start : 1) : null });
  }

  #beginItem(): void {
    this.#begin('item', Math.max(1, this.#lists.length));
    const list = this.#lists.at(-1);
    if (list?.number == null) return;
    this.#mark = `${list.number}. `;
    list.number += 1;
  }

  /** Ends what is open: from here on it is a paragraph, until told otherwise. */
  #flush(): void {
    const [kind, level, mark] = [this.#kind, this.#level, this.#mark];
    const text = kind === 'code' ? verbatim(this.#text).replace(/^\n|\s+$/g, '') : lines(this.#text);
    this.#text = '';
    // <li><p>…</p></li>: the paragraph is the item.
    if (text === '' && kind === 'item') return;
    this.#kind = 'paragraph';
    this.#mark = '';
    if (text === '' || this.#tables.add(text)) return;
    if (kind === 'heading') this.#blocks.push(heading(level, prose(text)));
    else if (kind === 'item') this.#blocks.push(item(level, mark + text));
    else this.#blocks.push(kind === 'code' ? code(text) : paragraph(text));
  }
}

function isHidden(attributes: Attributes): boolean {
  if ('hidden' in attributes) return true;
  return /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes['style'] ?? '');
}
