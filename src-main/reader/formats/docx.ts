// Word documents since 2007: a zip of XML parts, of which only those with text and structure are unpacked.
import { openArchive, type Archive } from '../archive.ts';
import { prose } from '../blocks.ts';
import { DocxBody, type BodyContext } from '../docx/body.ts';
import { Numbering } from '../docx/numbering.ts';
import { readStyles } from '../docx/styles.ts';
import type { About, Piece, Source } from '../source.ts';
import { elements, walk } from '../xml.ts';

const NOTES = ['word/footnotes.xml', 'word/endnotes.xml'];

export async function* readDocx(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  const archive = await openArchive(source);
  about.title = titleIn(await archive.text('docProps/core.xml'));
  const context: BodyContext = {
    styleOf: readStyles(await archive.text('word/styles.xml')),
    numbering: new Numbering(await archive.text('word/numbering.xml')),
    noteNumber: noteNumbers(),
  };
  const main = mainPart(archive);
  const parts = [main, ...NOTES].filter((name) => archive.has(name));
  const total = parts.reduce((sum, name) => sum + archive.sizeOf(name), 0) || 1;
  let before = 0;
  for (const name of parts) {
    for await (const { blocks, doneBytes } of walk(archive.chunks(name), new DocxBody(context)))
      yield { blocks, progress: (before + doneBytes) / total };
    before += archive.sizeOf(name);
  }
}

/** Some programs number it. */
function mainPart(archive: Archive): string {
  const usual = 'word/document.xml';
  if (archive.has(usual)) return usual;
  return [...archive.names()].find((name) => /^word\/document\d*\.xml$/.test(name)) ?? usual;
}

function titleIn(coreXml: string): string | null {
  const title = elements(coreXml).find(({ name }) => name === 'dc:title')?.text ?? '';
  return prose(title) || null;
}

/** Notes are numbered in the order in which the text refers to them. */
function noteNumbers(): BodyContext['noteNumber'] {
  const numbers = new Map<string, number>();
  return (kind, id) => {
    const key = `${kind} ${id}`;
    const number = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, number);
    return number;
  };
}
