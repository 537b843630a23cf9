// Rich Text Format: text among control words, each group with a state of its own.
import type { ReadBlock } from '#contract/reader.ts';
import { heading, item, lines, paragraph, prose } from '../blocks.ts';
import { codePageOf, encodingOf } from '../rtf/code-pages.ts';
import { rtfTokens, type Token } from '../rtf/tokens.ts';
import { readAll, refuseLarger, type About, type Piece, type Source } from '../source.ts';
import { Tables } from '../tables.ts';

const LARGEST_BYTES = 256 * 1024 * 1024;
const REPORT_EVERY_TOKENS = 100_000;
const DEEPEST = 10_000;
/** What is in these groups is not text of the document. */
const SKIPPED = new Set(
  (
    'colortbl filetbl listtable listoverridetable revtbl rsidtbl pict object header headerl headerr headerf footer ' +
    'footerl footerr footerf fldinst nonshppict themedata colorschememapping latentstyles datastore xmlnstbl generator ' +
    'listtext pntext pntxtb pntxta template annotation atnid atnauthor atntime datafield operator author company comment'
  ).split(' '),
);
const CHARACTERS: Record<string, string> = {
  par: '',
  line: '\n',
  tab: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
  '~': ' ',
  _: '-',
  '{': '{',
  '}': '}',
  '\\': '\\',
  '\n': '\n',
};

interface Group {
  kind: 'text' | 'skipped' | 'fonts' | 'styles' | 'title';
  /** Of the font in use; null: the document's. */
  codePage: number | null;
  /** How many characters stand in for one that is given by its number. */
  replacements: number;
}

export async function* readRtf(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  refuseLarger(source, LARGEST_BYTES);
  const data = await readAll(source);
  const reading = new RtfText();
  let count = 0;
  for (const token of rtfTokens(data)) {
    reading.token(token);
    count += 1;
    if (count % REPORT_EVERY_TOKENS === 0) yield { blocks: reading.take(), progress: token.at / data.length };
  }
  reading.end();
  about.title = prose(reading.title) || null;
  yield { blocks: reading.take(), progress: 1 };
}

class RtfText {
  title = '';
  readonly #groups: Group[] = [];
  #group: Group = { kind: 'text', codePage: null, replacements: 1 };
  readonly #tables = new Tables();
  readonly #fontCodePages = new Map<number, number | null>();
  readonly #styleLevels = new Map<number, number>();
  #codePage = 1252;
  #blocks: ReadBlock[] = [];
  #text = '';
  #bytes: number[] = [];
  /** Characters that stand in for the one before, still to be left out. */
  #replaced = 0;
  #level: number | null = null;
  #isItem = false;
  #inTable = false;
  #optional = false;
  /** The font or style whose description is being read. */
  #described = 0;
  #name = '';

  token(token: Token): void {
    if (token.type === 'byte') return this.#byte(token.byte);
    this.#flushBytes();
    if (token.type === 'open') this.#open();
    else if (token.type === 'close') this.#close();
    else this.#word(token.word, token.value);
  }

  end(): void {
    this.#flushBytes();
    this.#endTable();
    this.#endParagraph();
  }

  take(): ReadBlock[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  #open(): void {
    this.#replaced = 0;
    if (this.#groups.length < DEEPEST) this.#groups.push(this.#group);
    this.#group = { ...this.#group };
  }

  #close(): void {
    this.#replaced = 0;
    if (this.#group.kind === 'styles') this.#endStyle();
    this.#group = this.#groups.pop() ?? this.#group;
  }

  #byte(byte: number): void {
    if (this.#replaced > 0) {
      this.#replaced -= 1;
      return;
    }
    if (this.#group.kind !== 'skipped' && this.#group.kind !== 'fonts') this.#bytes.push(byte);
    // Long texts come in pieces; an ASCII character ends one of any encoding.
    if (this.#bytes.length > 4096 && byte < 0x30) this.#flushBytes();
  }

  #flushBytes(): void {
    if (this.#bytes.length === 0) return;
    const codePage = this.#group.codePage ?? this.#codePage;
    this.#add(new TextDecoder(encodingOf(codePage)).decode(new Uint8Array(this.#bytes)));
    this.#bytes = [];
  }

  #add(text: string): void {
    if (this.#group.kind === 'title') this.title += text;
    if (this.#group.kind === 'styles') this.#name += text;
    if (this.#group.kind === 'text') this.#text += text;
  }

  #word(word: string, value: number | null): void {
    const optional = this.#optional;
    this.#optional = word === '*';
    if (SKIPPED.has(word) || (optional && word !== 'shppict' && word !== '*')) this.#group.kind = 'skipped';
    if (this.#group.kind === 'skipped') return;
    if (word === 'fonttbl') this.#group.kind = 'fonts';
    else if (word === 'stylesheet') this.#group.kind = 'styles';
    else if (word === 'title') this.#group.kind = 'title';
    else if (word === 'subject' || word === 'keywords') this.#group.kind = 'skipped';
    else if (word === 'u') this.#unicode(value ?? 0);
    else if (word === 'uc') this.#group.replacements = value ?? 1;
    else if (word === 'ansicpg') this.#codePage = value ?? 1252;
    else if (word === 'mac') this.#codePage = 10000;
    else if (word === 'f') this.#font(value ?? 0);
    else if (word === 'fcharset') this.#fontCodePages.set(this.#described, codePageOf(value ?? 0));
    else this.#structure(word, value);
  }

  #structure(word: string, value: number | null): void {
    if (word === 's') this.#style(value ?? 0);
    else if (word === 'outlinelevel' && value !== null && value < 9) this.#setLevel(value + 1);
    else if (this.#group.kind !== 'text') return;
    else if (word === 'pard') [this.#level, this.#isItem, this.#inTable] = [null, false, false];
    else if (word === 'ls' || word === 'pnlvlblt' || word === 'pnlvlbody') this.#isItem = value !== 0;
    else if (word === 'intbl') this.#inTable = true;
    else if (word === 'cell' || word === 'nestcell') this.#endCell();
    else if (word === 'row') this.#tables.close('tr');
    else if (word === 'par' || word === 'sect' || word === 'page') this.#endParagraph();
    else this.#text += CHARACTERS[word] ?? '';
  }

  #unicode(value: number): void {
    this.#add(String.fromCharCode(value < 0 ? value + 65_536 : value));
    this.#replaced = this.#group.replacements;
  }

  #font(font: number): void {
    this.#described = font;
    if (this.#group.kind !== 'fonts') this.#group.codePage = this.#fontCodePages.get(font) ?? null;
  }

  #style(style: number): void {
    if (this.#group.kind === 'styles') this.#described = style;
    else this.#level = this.#styleLevels.get(style) ?? null;
  }

  #setLevel(level: number): void {
    if (this.#group.kind === 'styles') this.#styleLevels.set(this.#described, level);
    else this.#level = level;
  }

  /** The style's name ends its group: 'heading 1;' */
  #endStyle(): void {
    const level = /^\s*heading ([1-9]);?$/i.exec(this.#name)?.[1];
    if (level) this.#styleLevels.set(this.#described, Number(level));
    this.#name = '';
    this.#described = 0;
  }

  #endCell(): void {
    if (!this.#tables.any) this.#tables.open('tbl');
    if (!this.#tables.inRow) this.#tables.open('tr');
    this.#tables.open('tc');
    this.#tables.add(lines(this.#text));
    this.#tables.close('tc');
    this.#text = '';
  }

  #endParagraph(): void {
    // More paragraphs of the same cell.
    if (this.#inTable) return void (this.#text += '\n');
    this.#endTable();
    const text = lines(this.#text);
    this.#text = '';
    if (text === '') return;
    if (this.#level !== null) this.#blocks.push(heading(this.#level, text));
    else this.#blocks.push(this.#isItem ? item(1, text) : paragraph(text));
  }

  #endTable(): void {
    const table = this.#tables.close('tbl');
    if (table) this.#blocks.push(table);
  }
}
