// Word, OpenDocument, e-books and RTF: structure that programs keep in styles, numbering and lists must not be lost, and
// what is not part of the text must not come in.
import { expect, it } from 'vitest';
import { plainText } from '#contract/reader.ts';
import { docxFile, epubFile, odtFile, wordParagraph } from '../../support/office-writer.ts';
import { outcome, outlineOf, readBytes } from '../../support/read-bytes.ts';

const cell = (text: string): string => `<w:tc>${wordParagraph(text)}</w:tc>`;
const TABLE = 'table: | Name | Value |\n| --- | --- |\n| a\\|b | 1 |';

it('reads headings, numbered and plain lists, tables and notes of Word', async () => {
  const numbered = (level: number, format: string, pattern: string): string =>
    `<w:lvl w:ilvl="${level}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${pattern}"/></w:lvl>`;
  const list = (id: number, level: number): string =>
    `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${id}"/></w:numPr>`;
  const file = docxFile(
    [
      wordParagraph('Überschrift', '<w:pStyle w:val="berschrift1"/>'),
      '<w:p><w:r><w:t>Text with a note</w:t><w:footnoteReference w:id="7"/><w:t>, a</w:t><w:tab/><w:t>tab.</w:t></w:r></w:p>',
      wordParagraph('first', list(1, 0)),
      wordParagraph('inside', list(1, 1)),
      wordParagraph('second', list(1, 0)),
      wordParagraph('bullet', list(2, 0)),
      `<w:tbl><w:tr>${cell('Name')}${cell('Value')}</w:tr><w:tr>${cell('a|b')}${cell('1')}</w:tr></w:tbl>`,
      '<w:p><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins></w:p>',
      '<w:p><w:r><w:instrText>PAGEREF x</w:instrText></w:r><w:r><w:t>field</w:t></w:r></w:p>',
    ].join(''),
    {
      title: 'The title',
      styles: '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>',
      numbering: `<w:abstractNum w:abstractNumId="0">${numbered(0, 'decimal', '%1.')}${numbered(1, 'lowerLetter', '%1.%2)')}</w:abstractNum><w:abstractNum w:abstractNumId="1">${numbered(0, 'bullet', '•')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>`,
      footnotes: `<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="7">${wordParagraph('The note.')}</w:footnote>`,
    },
  );
  const document = await readBytes(file, 'a.docx');
  expect(document).toMatchObject({ format: 'docx', title: 'The title', pages: null, notes: [] });
  expect(outlineOf(document)).toEqual([
    'heading 1: Überschrift',
    'paragraph: Text with a note[1], a tab.',
    'item 1: 1. first',
    'item 2: 1.a) inside',
    'item 1: 2. second',
    'item 1: bullet',
    TABLE,
    'paragraph: inserted',
    'paragraph: field',
    'paragraph: [1] The note.',
  ]);
});

it('reads headings, lists, tables and notes of OpenDocument', async () => {
  const odtCell = (text: string): string => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`;
  const file = odtFile(
    [
      '<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>',
      '<text:h text:outline-level="2">Heading</text:h>',
      '<text:p>Two<text:s text:c="2"/>words<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>The note.</text:p></text:note-body></text:note> go on.</text:p>',
      '<text:list><text:list-item><text:p>outer</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list></text:list-item></text:list>',
      `<table:table><table:table-row>${odtCell('Name')}${odtCell('Value')}</table:table-row><table:table-row>${odtCell('a|b')}${odtCell('1')}</table:table-row></table:table>`,
    ].join(''),
    { title: 'The title' },
  );
  const document = await readBytes(file, 'a.odt');
  expect(document).toMatchObject({ format: 'odt', title: 'The title' });
  expect(outlineOf(document)).toEqual([
    'heading 2: Heading',
    'paragraph: Two words[1] go on.',
    'item 1: outer',
    'item 2: inner',
    TABLE,
    'paragraph: [1] The note.',
  ]);
});

it('reads the chapters of a book in the order of its spine', async () => {
  const file = epubFile(
    ['<h1>Two</h1><p>Second.</p>', '<h1>One</h1><p>First.<br/>Line.</p><script>x()</script>'],
    {
      title: 'A book',
      spine: [1, 0],
    },
  );
  const document = await readBytes(file, 'a.epub');
  expect(document).toMatchObject({ format: 'epub', title: 'A book' });
  expect(outlineOf(document)).toEqual([
    'heading 1: One',
    'paragraph: First.\nLine.',
    'heading 1: Two',
    'paragraph: Second.',
  ]);
});

it('reads a book whose chapter is missing or damaged without that chapter', async () => {
  const file = epubFile(['<p>Here.</p>', '<p>Gone.</p>'], {
    addresses: ['chapter%200.xhtml', 'nowhere.xhtml'],
  });
  const document = await readBytes(file, 'a.epub');
  expect(document.notes).toEqual([{ code: 'parts-unreadable', count: 1 }]);
  expect(plainText(document)).toBe('Here.');
});

it('refuses what is locked, with the reason', async () => {
  const office = Buffer.concat([
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(600),
    Buffer.from('EncryptedPackage', 'utf16le'),
  ]);
  const method = '<enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>';
  const book = epubFile(['<p>x</p>'], { further: [{ name: 'META-INF/encryption.xml', data: method }] });
  const manifest = '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>';
  const odt = odtFile('<text:p>x</text:p>', { further: [{ name: 'META-INF/manifest.xml', data: manifest }] });
  expect(await outcome(office, 'a.docx')).toBe('file-encryption-unknown');
  expect(await outcome(book, 'a.epub')).toBe('file-encryption-unknown');
  expect(await outcome(odt, 'a.odt')).toBe('file-encryption-unknown');
});

it('reads RTF with its styles, tables, code pages and characters by number', async () => {
  const rtf = String.raw`{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}
{\stylesheet{\s1\outlinelevel0 heading 1;}}{\info{\title The title}{\author Somebody}}
\pard\s1 Heading\par
\pard caf\'e9 \u8212? {\f1\'ef\'f0\'e8\'e2\'e5\'f2}\par
\pard\ls1{\listtext 1.\tab}point\par
\pard\intbl Name\cell Value\cell\row\intbl a|b\cell 1\cell\row
\pard {\*\unknown hidden}{\pict 0123}last\par}`;
  const document = await readBytes(rtf, 'a.rtf');
  expect(document).toMatchObject({ format: 'rtf', title: 'The title' });
  expect(outlineOf(document)).toEqual([
    'heading 1: Heading',
    'paragraph: café — привет',
    'item 1: point',
    TABLE,
    'paragraph: last',
  ]);
});

it('keeps Arabic and Chinese in the order they are written in', async () => {
  const texts = ['مرحبا بالعالم 123', '今天天气很好。我们去公园。'];
  for (const text of texts) {
    expect(plainText(await readBytes(docxFile(wordParagraph(text)), 'a.docx'))).toBe(text);
    expect(plainText(await readBytes(odtFile(`<text:p>${text}</text:p>`), 'a.odt'))).toBe(text);
    expect(plainText(await readBytes(epubFile([`<p dir="auto">${text}</p>`]), 'a.epub'))).toBe(text);
  }
});
