// Documents of a size that people have and parsers fear: all of the text, with page numbers, in bounded memory.
import { afterEach, expect, it } from 'vitest';
import { docxFile, epubFile, wordParagraph } from '../support/office-writer.ts';
import { pdfFile, pdfLines } from '../support/pdf-writer.ts';
import { peakBytes, startReading, type ReadingProcesses } from '../support/reading-processes.ts';

const GIGABYTE = 1024 * 1024 * 1024;

let reading: ReadingProcesses | undefined;

afterEach(() => reading?.close());

it('reads a PDF of 2,000 pages', async () => {
  reading = startReading();
  const pages = Array.from({ length: 2000 }, (_, page) =>
    pdfLines(
      Array.from(
        { length: 45 },
        (_line, line) => `Page ${page + 1} has a line ${line + 1} and goes on as pages do.`,
      ),
    ),
  );
  const heard: number[] = [];
  const document = await reading.service.read(reading.file('a.pdf', pdfFile(pages)), {
    onProgress: (progress) => heard.push(progress),
  });
  expect(document).toMatchObject({ pages: 2000, notes: [] });
  expect(new Set(document.blocks.map(({ page }) => page)).size).toBe(2000);
  const text = document.blocks.map((block) => block.text).join('\n');
  for (const page of [1, 999, 2000]) expect(text).toContain(`Page ${page} has a line 45`);
  expect(heard.length).toBeGreaterThan(10);
  expect(peakBytes(reading.children[0]!.pid!) ?? 0).toBeLessThan(GIGABYTE);
});

it('reads a Word document and a book of ten million characters', async () => {
  reading = startReading();
  const sentence = (index: number): string => `Sentence ${index} of a long, long text. `.repeat(5);
  const paragraphs = Array.from({ length: 50_000 }, (_, index) => sentence(index));
  const docx = docxFile(paragraphs.map((text) => wordParagraph(text)).join(''));
  expect((await reading.service.read(reading.file('a.docx', docx))).blocks).toHaveLength(50_000);
  const chapters = Array.from({ length: 100 }, (_, at) =>
    paragraphs
      .slice(at * 500, at * 500 + 500)
      .map((text) => `<p>${text}</p>`)
      .join(''),
  );
  const epub = reading.file('a.epub', epubFile(chapters));
  expect((await reading.service.read(epub)).blocks).toHaveLength(50_000);
});
