// Files that are broken or made to do harm: each ends in an error that has words, or in text, and never in more memory,
// time or reach than a file may have.
import { expect, it } from 'vitest';
import { plainText } from '#contract/reader.ts';
import { docxFile, epubFile, odtFile, wordParagraph } from '../../support/office-writer.ts';
import { pdfFile, pdfLines } from '../../support/pdf-writer.ts';
import { outcome, readBytes } from '../../support/read-bytes.ts';
import { zipFile } from '../../support/zip-writer.ts';

const MEGABYTE = 1024 * 1024;
const WORDS = Array.from({ length: 400 }, (_, index) => `Sentence number ${index} of this text.`);
const FILES: [name: string, data: Buffer][] = [
  ['a.docx', docxFile(WORDS.map((text) => wordParagraph(text)).join(''))],
  ['a.odt', odtFile(WORDS.map((text) => `<text:p>${text}</text:p>`).join(''))],
  ['a.epub', epubFile([WORDS.map((text) => `<p>${text}</p>`).join('')])],
  ['a.pdf', pdfFile([pdfLines(WORDS.slice(0, 30)), pdfLines(WORDS.slice(30, 60))])],
  ['a.rtf', Buffer.from(`{\\rtf1\\ansi ${WORDS.join('\\par ')}}`)],
  ['a.html', Buffer.from(`<html><body>${WORDS.map((text) => `<p>${text}</p>`).join('')}</body></html>`)],
  [
    'a.srt',
    Buffer.from(
      WORDS.map((text, at) => `${at}\n00:00:0${at % 9},000 --> 00:00:09,000\n${text}`).join('\n\n'),
    ),
  ],
  ['a.md', Buffer.from(WORDS.join('\n\n'))],
];

it.each(FILES)(
  'reads %s whole, and where it was cut off only its beginning or an error with words',
  async (name, data) => {
    expect(plainText(await readBytes(data, name))).toContain(WORDS[20]);
    for (const share of [0.02, 0.3, 0.6, 0.95]) {
      const cut = data.subarray(0, Math.ceil(data.length * share));
      expect(['read', 'file-damaged', 'file-no-text', 'file-empty']).toContain(await outcome(cut, name));
    }
  },
);

it.each(FILES)('survives %s with bytes changed at random', async (name, data) => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 12; round += 1) {
    const changed = Buffer.from(data);
    for (let change = 0; change < 20; change += 1) changed[random(changed.length)] = random(256);
    const expected = /^(read|file-.*)$/;
    expect(await outcome(changed, name)).toMatch(expected);
  }
});

it('goes by the content, whatever the name says', async () => {
  const [docx, pdf] = [FILES[0]![1], FILES[3]![1]];
  expect((await readBytes(pdf, 'a.txt')).format).toBe('pdf');
  expect((await readBytes(docx, 'a.pdf')).format).toBe('docx');
  expect((await readBytes('Only text.', 'a.docx')).format).toBe('text');
  expect((await readBytes('Only text.', 'a.pdf')).format).toBe('text');
});

it('names what it can not read', async () => {
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(200)]);
  const sheet = zipFile([
    { name: '[Content_Types].xml', data: '<Types/>' },
    { name: 'xl/workbook.xml', data: '<workbook/>' },
  ]);
  expect(await outcome(picture, 'a.pdf')).toBe('file-type-unknown');
  expect(await outcome(sheet, 'a.docx')).toBe('file-type-unknown');
  expect(await outcome(zipFile([{ name: 'a.txt', data: 'x' }]), 'a.zip')).toBe('file-type-unknown');
  expect(await outcome('', 'a.pdf')).toBe('file-empty');
  expect(await outcome(' \n\t\n ', 'a.txt')).toBe('file-empty');
});

it('stops at what unpacks to far more than it should', async () => {
  const zeros = Buffer.alloc(30 * MEGABYTE, 32);
  expect(await outcome(docxFile(zeros.toString('latin1')), 'a.docx')).toBe('file-expands');
  const style = docxFile(wordParagraph('x'), { styles: zeros.toString('latin1') });
  expect(await outcome(style, 'a.docx')).toBe('file-expands');
  // Below the ratio, but over the limit all the same.
  const book = epubFile(
    Array.from({ length: 5 }, () => `<p>${Buffer.alloc(MEGABYTE, 'abc def ').toString()}</p>`),
  );
  expect(await outcome(book, 'a.epub', { limits: { unpackedBytes: 3 * MEGABYTE } })).toBe('file-expands');
});

it('does not unpack a zip inside of a zip', async () => {
  const bomb = zipFile([{ name: 'inner', data: Buffer.alloc(60 * MEGABYTE) }]);
  const further = [{ name: 'word/embeddings/a.zip', data: bomb }];
  expect(plainText(await readBytes(docxFile(wordParagraph('Words.'), { further }), 'a.docx'))).toBe('Words.');
});

it('finds a zip out that lies about its sizes', async () => {
  const body = `<w:document><w:body>${wordParagraph('x'.repeat(5000))}</w:body></w:document>`;
  for (const claimedBytes of [10, 4_000_000_000]) {
    const file = zipFile([{ name: 'word/document.xml', data: body, claimedBytes }]);
    expect(await outcome(file, 'a.docx')).toBe('file-damaged');
  }
  const locked = zipFile([{ name: 'word/document.xml', data: body, encrypted: true }]);
  expect(await outcome(locked, 'a.docx')).toBe('file-encryption-unknown');
});

it('follows no name out of the archive', async () => {
  const further = ['../../../etc/passwd', '/etc/passwd', 'C:\\secret', '..\\..\\secret'].map((name) => ({
    name,
    data: 'x',
  }));
  expect(plainText(await readBytes(docxFile(wordParagraph('Words.'), { further }), 'a.docx'))).toBe('Words.');
  const book = epubFile(['<p>Words.</p>', '<p>x</p>'], {
    addresses: ['chapter%200.xhtml', '../../../../../../etc/passwd'],
  });
  const document = await readBytes(book, 'a.epub');
  expect(document.notes).toEqual([{ code: 'parts-unreadable', count: 1 }]);
  expect(plainText(document)).toBe('Words.');
});

it('expands no entity and fetches nothing that XML refers to', async () => {
  const entities = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`;
  const file = zipFile([
    { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text' },
    { name: 'content.xml', data: `${entities}<office:text><text:p>One &b; &f; two</text:p></office:text>` },
  ]);
  const text = plainText(await readBytes(file, 'a.odt'));
  expect(text).toMatch(/^One .* two$/);
  expect(text).not.toMatch(/aaaa|root/);
});

it('reads nesting without an end: tables in tables, lists in lists, groups in groups', async () => {
  const deep = (open: string, close: string): string => open.repeat(4000) + 'Core.' + close.repeat(4000);
  const table = deep('<w:tbl><w:tr><w:tc>', '</w:tc></w:tr></w:tbl>').replace(
    'Core.',
    wordParagraph('Core.'),
  );
  expect(plainText(await readBytes(docxFile(table), 'a.docx'))).toContain('Core.');
  expect(plainText(await readBytes(`<html><body>${deep('<ul><li>', '</li></ul>')}`, 'a.html'))).toContain(
    'Core.',
  );
  expect(plainText(await readBytes(`{\\rtf1 ${deep('{', '}')}}`, 'a.rtf'))).toContain('Core.');
});

it('cuts text at the limit and says where', async () => {
  const document = await readBytes('One word after the other. '.repeat(5000), 'a.txt', {
    limits: { characters: 1000 },
  });
  expect(plainText(document)).toHaveLength(1000);
  expect(document.notes).toEqual([{ code: 'cut-text', count: 1000 }]);
});

it('refuses a file over the limit with the limit', async () => {
  await expect(readBytes('x'.repeat(2000), 'a.txt', { limits: { fileBytes: 1000 } })).rejects.toMatchObject({
    code: 'file-too-large',
    details: { limitBytes: 1000 },
  });
});
