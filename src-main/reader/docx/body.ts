// Collects the blocks of a Word document's body as its XML goes by. What was deleted with changes tracked stays out.
import type { ReadBlock } from '#contract/reader.ts';
import { heading, item, lines, paragraph } from '../blocks.ts';
import { Tables } from '../tables.ts';
import type { Attributes, Collector } from '../xml.ts';
import type { Numbering } from './numbering.ts';
import { outlineLevel, type ParagraphStyle } from './styles.ts';

interface OpenParagraph {
  style: string | null;
  headingLevel: number | null;
  list: { id: string; depth: number } | null;
  text: string;
}

/** What is in these is not part of the text as it reads, or is there a second time. */
const SKIPPED = new Set(['w:del', 'w:moveFrom', 'mc:Fallback', 'w:instrText', 'w:delText', 'w:pPrChange']);
const CHARACTERS: Record<string, string> = {
  'w:tab': '\t',
  'w:br': '\n',
  'w:cr': '\n',
  'w:noBreakHyphen': '-',
};

export interface BodyContext {
  styleOf: (id: string | null) => ParagraphStyle;
  numbering: Numbering;
  /** The number that a note is referred to with. */
  noteNumber: (kind: 'footnote' | 'endnote', id: string) => number;
}

export class DocxBody implements Collector {
  readonly #context: BodyContext;
  readonly #tables = new Tables();
  /** A text box is a paragraph inside a paragraph. */
  readonly #open: OpenParagraph[] = [];
  #blocks: ReadBlock[] = [];
  #skipped = 0;
  #isText = false;
  #inProperties = 0;
  /** What stands before the next paragraph: the number of a note. */
  #prefix = '';

  constructor(context: BodyContext) {
    this.#context = context;
  }

  open(name: string, attributes: Attributes): void {
    if (SKIPPED.has(name)) this.#skipped += 1;
    if (this.#skipped > 0) return;
    const top = this.#open.at(-1);
    if (name === 'w:p') this.#open.push({ style: null, headingLevel: null, list: null, text: '' });
    else if (name === 'w:t' || name === 'm:t') this.#isText = true;
    else if (name === 'w:pPr') this.#inProperties += 1;
    else if (name === 'w:footnote' || name === 'w:endnote') this.#beginNote(name, attributes);
    else if (top && this.#inProperties > 0) readProperty(top, name, attributes['w:val'] ?? '');
    else if (top) top.text += CHARACTERS[name] ?? this.#reference(name, attributes);
    if (name === 'w:tbl' || name === 'w:tr' || name === 'w:tc') this.#tables.open(name.slice(2));
    if (name === 'w:gridSpan') this.#tables.span(Number(attributes['w:val']));
  }

  close(name: string): void {
    if (SKIPPED.has(name)) this.#skipped -= 1;
    if (this.#skipped > 0) return;
    if (name === 'w:t' || name === 'm:t') this.#isText = false;
    if (name === 'w:pPr') this.#inProperties -= 1;
    if (name === 'w:p') this.#endParagraph();
    if (name === 'w:tbl' || name === 'w:tr' || name === 'w:tc') {
      const table = this.#tables.close(name.slice(2));
      if (table) this.#blocks.push(table);
    }
  }

  text(text: string): void {
    const top = this.#open.at(-1);
    if (this.#isText && this.#skipped === 0 && top) top.text += text;
  }

  take(): ReadBlock[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  #endParagraph(): void {
    const ended = this.#open.pop();
    if (!ended) return;
    const text = lines(this.#prefix + ended.text);
    this.#prefix = '';
    if (this.#tables.add(text)) return;
    const style = this.#context.styleOf(ended.style);
    const level = ended.headingLevel ?? style.headingLevel;
    const list = ended.list ? { ...ended.list, id: ended.list.id || (style.list?.id ?? '') } : style.list;
    // '0' takes a paragraph out of the list that its style puts it in.
    const listed = list && list.id !== '' && list.id !== '0' ? list : null;
    if (text === '') return;
    const mark = listed ? this.#context.numbering.next(listed.id, listed.depth) : '';
    const marked = mark ? `${mark} ${text}` : text;
    if (level !== null) this.#blocks.push(heading(level, marked));
    else if (listed) this.#blocks.push(item(listed.depth + 1, marked));
    else this.#blocks.push(paragraph(text));
  }

  #reference(name: string, attributes: Attributes): string {
    const kind = /^w:(footnote|endnote)Reference$/.exec(name)?.[1] as 'footnote' | 'endnote' | undefined;
    return kind ? `[${this.#context.noteNumber(kind, attributes['w:id'] ?? '')}]` : '';
  }

  #beginNote(name: string, attributes: Attributes): void {
    // The lines that part notes from text are notes too, by their form.
    if (attributes['w:type'] && attributes['w:type'] !== 'normal') return;
    const kind = name === 'w:footnote' ? 'footnote' : 'endnote';
    this.#prefix = `[${this.#context.noteNumber(kind, attributes['w:id'] ?? '')}] `;
  }
}

function readProperty(open: OpenParagraph, name: string, value: string): void {
  if (name === 'w:pStyle') open.style = value;
  if (name === 'w:outlineLvl') open.headingLevel = outlineLevel(value);
  if (name === 'w:ilvl') open.list = { id: open.list?.id ?? '', depth: Number(value) || 0 };
  if (name === 'w:numId') open.list = { id: value, depth: open.list?.depth ?? 0 };
}
