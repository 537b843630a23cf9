// OpenDocument text, as LibreOffice writes it.
import { AppError } from '#contract/errors.ts';
import type { ReadBlock } from '#contract/reader.ts';
import { openArchive } from '../archive.ts';
import { heading, item, lines, paragraph, prose } from '../blocks.ts';
import type { About, Piece, Source } from '../source.ts';
import { Tables } from '../tables.ts';
import { elements, walk, type Attributes, type Collector } from '../xml.ts';

const SKIPPED = new Set([
  'text:tracked-changes',
  'office:annotation',
  'text:note-citation',
  'text:ruby-text',
]);
const TABLE_PARTS: Record<string, string> = {
  'table:table': 'tbl',
  'table:table-row': 'tr',
  'table:table-cell': 'tc',
};
const MOST_SPACES = 100;

export async function* readOdt(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  const archive = await openArchive(source);
  const encrypted = elements(await archive.text('META-INF/manifest.xml')).some(({ name }) =>
    name.endsWith(':encryption-data'),
  );
  if (encrypted) throw new AppError('file-encryption-unknown', 'An encrypted OpenDocument file');
  if (!archive.has('content.xml')) throw new AppError('file-damaged', 'The document has no content');
  const title = elements(await archive.text('meta.xml')).find(({ name }) => name === 'dc:title')?.text ?? '';
  about.title = prose(title) || null;
  const total = archive.sizeOf('content.xml') || 1;
  const body = new OdtBody();
  for await (const { blocks, doneBytes } of walk(archive.chunks('content.xml'), body))
    yield { blocks, progress: doneBytes / total };
  yield { blocks: body.notes, progress: 1 };
}

interface Open {
  name: string;
  level: number;
  text: string;
}

class OdtBody implements Collector {
  /** Foot- and endnotes, which come after the text. */
  readonly notes: ReadBlock[] = [];
  readonly #tables = new Tables();
  /** A note is a paragraph inside a paragraph. */
  readonly #open: Open[] = [];
  #blocks: ReadBlock[] = [];
  #skipped = 0;
  #listDepth = 0;
  #noteNumber = 0;
  #inNote = false;

  open(name: string, attributes: Attributes): void {
    if (SKIPPED.has(name)) this.#skipped += 1;
    if (this.#skipped > 0) return;
    const top = this.#open.at(-1);
    if (name === 'text:p' || name === 'text:h') {
      this.#open.push({ name, level: Number(attributes['text:outline-level']) || 1, text: '' });
    } else if (name === 'text:list') this.#listDepth += 1;
    else if (name === 'text:note') this.#beginNote();
    else if (top) top.text += spaceOf(name, attributes);
    const part = TABLE_PARTS[name];
    if (part) this.#tables.open(part);
    if (part === 'tc') this.#tables.span(Number(attributes['table:number-columns-spanned'] ?? 1));
  }

  close(name: string): void {
    if (SKIPPED.has(name)) this.#skipped -= 1;
    if (this.#skipped > 0) return;
    if (name === 'text:p' || name === 'text:h') this.#endParagraph();
    if (name === 'text:list') this.#listDepth -= 1;
    if (name === 'text:note') this.#inNote = false;
    const part = TABLE_PARTS[name];
    const table = part ? this.#tables.close(part) : null;
    if (table) this.#blocks.push(table);
  }

  text(text: string): void {
    const top = this.#open.at(-1);
    if (top && this.#skipped === 0) top.text += text.replaceAll(/\s+/g, ' ');
  }

  take(): ReadBlock[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  #beginNote(): void {
    this.#noteNumber += 1;
    this.#inNote = true;
    const top = this.#open.at(-1);
    if (top) top.text += `[${this.#noteNumber}]`;
  }

  #endParagraph(): void {
    const ended = this.#open.pop();
    const text = lines(ended?.text ?? '');
    if (!ended || text === '') return;
    if (this.#inNote) return void this.notes.push(paragraph(`[${this.#noteNumber}] ${text}`));
    if (this.#tables.add(text)) return;
    if (ended.name === 'text:h') this.#blocks.push(heading(ended.level, text));
    else this.#blocks.push(this.#listDepth > 0 ? item(this.#listDepth, text) : paragraph(text));
  }
}

function spaceOf(name: string, attributes: Attributes): string {
  if (name === 'text:tab') return '\t';
  if (name === 'text:line-break') return '\n';
  if (name !== 'text:s') return '';
  return ' '.repeat(Math.min(Number(attributes['text:c']) || 1, MOST_SPACES));
}
