// The reader as it is built: its thread, its parsers and its character maps are found beside it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainText } from '#contract/reader.ts';
import { docxFile, epubFile, wordParagraph } from '../support/office-writer.ts';
import { pdfFile, type PdfText } from '../support/pdf-writer.ts';
import { nativeParts, startReading, type ReadingProcesses } from '../support/reading-processes.ts';
import { ensureBuilt } from '../support/start-app.ts';

const BUILT = new URL('../../dist/main/reader.js', import.meta.url);
const PAGE: PdfText[] = [
  { x: 50, y: 700, text: 'Some Latin words.' },
  { x: 50, y: 600, text: '今天天气很好。', chineseMap: true },
];
const FILES: [name: string, data: Buffer, text: string][] = [
  ['a.pdf', pdfFile([PAGE]), 'Some Latin words.\n\n今天天气很好。'],
  ['a.docx', docxFile(wordParagraph('Words of a document.')), 'Words of a document.'],
  ['a.epub', epubFile(['<h1>Book</h1><p>Words.</p>']), '# Book\n\nWords.'],
  ['a.html', Buffer.from('<html><body><p>Words of a page.</p></body></html>'), 'Words of a page.'],
];

let reading: ReadingProcesses;

beforeAll(async () => {
  await ensureBuilt();
  reading = startReading({}, BUILT);
});

afterAll(() => reading?.close());

it.each(FILES)('reads %s', async (name, data, text) => {
  expect(plainText(await reading.service.read(reading.file(name, data)))).toBe(text);
});

it('has loaded no native part for it', () => {
  expect(nativeParts(reading.children[0]!.pid!) ?? []).toEqual([]);
});
