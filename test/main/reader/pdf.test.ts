// PDF: what is text in a reader's eyes comes out in the order in which one reads it. Caught here: columns read across,
// running heads inside of sentences, words cut at line ends, right-to-left text backwards, locked files.
import { expect, it } from 'vitest';
import { plainText } from '#contract/reader.ts';
import { FIRST_FURTHER, pdfFile, pdfLines, type PdfText } from '../../support/pdf-writer.ts';
import { outcome, outlineOf, readBytes } from '../../support/read-bytes.ts';

const PROSE = [
  'The reader goes through a page from the top to the bottom and takes',
  'every line as a part of the paragraph that it stands in, with the syl-',
  'lables of a word that was cut put together again where they were one.',
];

it('finds headings by their size, joins lines, counts pages and knows the title', async () => {
  const first = [
    { x: 50, y: 740, text: 'On reading', size: 20 },
    ...pdfLines(PROSE),
    { x: 50, y: 640, text: '1. First point', size: 10 },
    { x: 50, y: 626, text: '2. Second point', size: 10 },
  ];
  const second = [{ x: 50, y: 740, text: 'Next', size: 14 }, ...pdfLines(['A last sentence.'])];
  const document = await readBytes(pdfFile([first, second], { title: 'Of pages' }), 'a.pdf');
  expect(document).toMatchObject({ format: 'pdf', title: 'Of pages', pages: 2, notes: [] });
  expect(outlineOf(document)).toEqual([
    'heading 1: On reading',
    `paragraph: ${PROSE.join(' ').replace('syl- lables', 'syllables')}`,
    'item 1: 1. First point',
    'item 1: 2. Second point',
    'heading 2: Next',
    'paragraph: A last sentence.',
  ]);
  expect(document.blocks.map(({ page }) => page)).toEqual([1, 1, 1, 1, 2, 2]);
});

it('reads columns one after the other, below what runs across them', async () => {
  const column = (word: string): string[] =>
    Array.from({ length: 12 }, (_, index) => `${word} line ${index} which fills its column well`);
  const page: PdfText[] = [
    { x: 50, y: 760, text: 'A title that runs across both of the columns of this page', size: 18 },
    ...pdfLines(column('Left'), { x: 50 }),
    ...pdfLines(column('Right'), { x: 320 }),
  ];
  // In the order of lines, as some programs draw.
  const mixed = page.toSorted((a, b) => b.y - a.y);
  const text = plainText(await readBytes(pdfFile([mixed]), 'a.pdf'));
  expect(text).toMatch(/^# A title/);
  expect(text.indexOf('Left line 11')).toBeLessThan(text.indexOf('Right line 0'));
  expect(text).toMatch(/Left line 0 [^R]*Left line 1 /);
});

it('reads columns one after the other below a drawing with many labels', async () => {
  const labels = Array.from({ length: 120 }, (_, index) => ({
    x: 60 + (index % 20) * 24,
    y: 780 - Math.floor(index / 20) * 20,
    text: String.fromCodePoint(65 + (index % 26)),
    size: 5,
  }));
  const column = (word: string): string[] =>
    Array.from({ length: 20 }, (_, index) => `${word} line ${index} which fills its column well`);
  const page = [
    ...labels,
    ...pdfLines(column('Left'), { x: 50, top: 600 }),
    ...pdfLines(column('Right'), { x: 320, top: 600 }),
  ];
  const text = plainText(await readBytes(pdfFile([page]), 'a.pdf'));
  expect(text).toMatch(/Left line 18 [^R]*Left line 19 /);
});

it('reads a long table row by row, not as columns', async () => {
  const cells = Array.from({ length: 12 }, (_, row) => [
    { x: 50, y: 600 - row * 14, text: `Town ${row + 10}` },
    { x: 130, y: 600 - row * 14, text: `${row + 10}000` },
  ]);
  const [block] = (await readBytes(pdfFile([cells.flat()]), 'a.pdf')).blocks;
  expect(block?.text).toContain('| Town 21 | 21000 |');
});

it('leaves out running heads and page numbers, so that sentences go on over pages', async () => {
  const pages = Array.from({ length: 5 }, (_, index) => [
    { x: 50, y: 780, text: 'The running head', size: 8 },
    ...pdfLines([`Page text number ${index} goes on without an end and then`, 'it says and']),
    { x: 300, y: 20, text: String(index + 1), size: 8 },
  ]);
  const document = await readBytes(pdfFile(pages), 'a.pdf');
  const text = plainText(document);
  expect(text).not.toContain('running head');
  expect(text).not.toMatch(/\n[1-5]\n|and [1-5] /);
  expect(text).toContain('Page text number 4');
});

it('says how many pages are pictures, and that there is no text when all are', async () => {
  const document = await readBytes(pdfFile([pdfLines(['Words.']), [], []]), 'a.pdf');
  expect(document.notes).toEqual([{ code: 'pages-without-text', count: 2 }]);
  expect(await outcome(pdfFile([[], []]), 'a.pdf')).toBe('file-no-text');
});

it('opens a locked file only with its password', async () => {
  const file = pdfFile([pdfLines(['The secret text.'])], { password: 'open sesame', title: 'Locked' });
  expect(await outcome(file, 'a.pdf')).toBe('file-encrypted');
  expect(await outcome(file, 'a.pdf', { password: 'close sesame' })).toBe('file-password-wrong');
  const document = await readBytes(file, 'a.pdf', { password: 'open sesame' });
  expect(document.title).toBe('Locked');
  expect(plainText(document)).toBe('The secret text.');
});

it('takes bookmarks for headings even where their type is that of the text', async () => {
  const page = pdfLines(['Of bookmarks', '', 'The text below it is longer and ends with a full stop.'], {
    leading: 20,
  });
  const file = pdfFile([page], { bookmarks: [{ title: 'Of Bookmarks', page: 1 }] });
  expect(outlineOf(await readBytes(file, 'a.pdf'))[0]).toBe('heading 1: Of bookmarks');
});

it('reads rows whose cells begin at the same places as a table', async () => {
  const rows = [
    ['Town', 'People', 'Height'],
    ['Aarau', '21506', '381'],
    ['Bern', '134591', '540'],
    ['Chur', '37036', '593'],
  ];
  const cells = rows.flatMap((row, index) =>
    row.map((text, column) => ({ x: 50 + column * 120, y: 600 - index * 14, text })),
  );
  const file = pdfFile([[...pdfLines(['A sentence stands above it.'], { top: 700 }), ...cells]]);
  expect(outlineOf(await readBytes(file, 'a.pdf'))[1]).toBe(
    'table: | Town | People | Height |\n| --- | --- | --- |\n| Aarau | 21506 | 381 |\n| Bern | 134591 | 540 |\n| Chur | 37036 | 593 |',
  );
});

it('reads Chinese in a font outside of the file, its lines joined without spaces', async () => {
  const page = [
    { x: 50, y: 700, text: '今天天气很好，我们去公园散步，', chineseMap: true },
    { x: 50, y: 686, text: '看见很多人。', chineseMap: true },
  ];
  expect(plainText(await readBytes(pdfFile([page]), 'a.pdf'))).toBe(
    '今天天气很好，我们去公园散步，看见很多人。',
  );
});

it('reads Hebrew from right to left, as it is drawn from left to right', async () => {
  const text = 'שלום עולם';
  const page = [{ x: 50, y: 700, text: Array.from(text).toReversed().join('') }];
  expect(plainText(await readBytes(pdfFile([page]), 'a.pdf'))).toBe(text);
});

it('reads Arabic letters whatever shape they are drawn in', async () => {
  const page = [{ x: 50, y: 700, text: Array.from('ﻣﺮﺣﺒﺎ').toReversed().join('') }];
  expect(plainText(await readBytes(pdfFile([page]), 'a.pdf'))).toBe('مرحبا');
});

it('runs no script, and reads no file that is inside', async () => {
  const file = pdfFile([pdfLines(['Only this.'])], {
    catalogue: `/OpenAction << /S /JavaScript /JS (globalThis.wasRun = true; app.alert\\('x'\\)) >> /Names << /EmbeddedFiles << /Names [(a.txt) ${FIRST_FURTHER} 0 R] >> /JavaScript << /Names [(b) << /S /JavaScript /JS (globalThis.wasRun = true) >>] >> >>`,
    objects: [
      `<< /Type /Filespec /F (a.txt) /EF << /F ${FIRST_FURTHER + 1} 0 R >> >>`,
      { dictionary: '/Type /EmbeddedFile', stream: 'Hidden inside.' },
    ],
  });
  expect(plainText(await readBytes(file, 'a.pdf'))).toBe('Only this.');
  expect(globalThis).not.toHaveProperty('wasRun');
});

it('stops at the limit on pages and says so', async () => {
  const pages = Array.from({ length: 6 }, (_, index) => pdfLines([`This is page ${index + 1}.`]));
  const document = await readBytes(pdfFile(pages), 'a.pdf', { limits: { pages: 4 } });
  expect(document).toMatchObject({ pages: 6, notes: [{ code: 'cut-pages', count: 4 }] });
  expect(plainText(document)).not.toContain('page 5');
});
