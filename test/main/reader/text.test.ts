// Text in all its forms: web pages, Markdown, subtitles, code, and plain text in the encodings of the world. Caught here:
// scripts read as text, timestamps inside of sentences, and words in the wrong alphabet.
import { expect, it } from 'vitest';
import { plainText } from '#contract/reader.ts';
import { outlineOf, readBytes } from '../../support/read-bytes.ts';

it('reads what a web page shows, and nothing it runs or hides', async () => {
  const html = `<!doctype html><html><head><title>A page</title><style>p { color: red }</style>
    <script>document.write('<p>written</p>')</script></head><body><nav><a href="/">Menu</a></nav>
    <h1>Heading</h1><p onclick="x()">Some <b>bold</b> words &amp; more.<script>alert(1)</script></p>
    <p style="display:none">unseen</p><ol start="3"><li>three<ul><li>inside</li></ul></li><li>four</li></ol>
    <pre>if (a) {\n  b();\n}</pre><table><tr><th>A</th><th>B</th></tr><tr><td colspan="2">wide</td></tr></table>
    <iframe src="http://example.invalid/">frame</iframe><footer>Imprint</footer></body></html>`;
  const document = await readBytes(html, 'a.html');
  expect(document).toMatchObject({ format: 'html', title: 'A page' });
  expect(outlineOf(document)).toEqual([
    'heading 1: Heading',
    'paragraph: Some bold words & more.',
    'item 1: 3. three',
    'item 2: inside',
    'item 1: 4. four',
    'code: if (a) {\n  b();\n}',
    'table: | A | B |\n| --- | --- |\n| wide |  |',
  ]);
});

it('reads the article of a page that has one, without what stands around it', async () => {
  const sentences = 'This is one of the many sentences of the article, with commas, and with an end. '.repeat(
    12,
  );
  const html = `<html><head><title>News | Site</title></head><body><div class="sidebar"><p>Buy this now</p></div>
    <article><h1>News</h1>${`<p>${sentences}</p>`.repeat(4)}</article><div class="comments"><p>First!</p></div></body></html>`;
  const text = plainText(await readBytes(html, 'a.html'));
  expect(text).toContain('many sentences');
  expect(text).not.toMatch(/Buy this|First!/);
});

it('reads the blocks of Markdown', async () => {
  const markdown =
    '---\nkey: value\n---\n# Title\n\nA line\ngoes on.\n\nSub\n---\n- one\n  - two\n3. three\n\n```ts\n# no heading\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n';
  const document = await readBytes(markdown, 'a.md');
  expect(document).toMatchObject({ format: 'markdown', title: 'Title' });
  expect(outlineOf(document)).toEqual([
    'code: ---\nkey: value\n---',
    'heading 1: Title',
    'paragraph: A line\ngoes on.',
    'heading 2: Sub',
    'item 1: one',
    'item 2: two',
    'item 1: 3. three',
    'code: ```ts\n# no heading\n```',
    'table: | a | b |\n|---|---|\n| 1 | 2 |',
  ]);
});

it('reads subtitles as what is said, a pause as a new paragraph', async () => {
  const srt =
    '1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>Hello</i> there,\r\n\r\n2\r\n00:00:03,200 --> 00:00:05,000\r\nhow are\r\nyou?\r\n\r\n3\r\n00:00:20,000 --> 00:00:21,000\r\n{\\an8}Fine.\r\n';
  const vtt =
    'WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE a note\n\n00:01.000 --> 00:03.000 align:start\n<v Ann>Hello there,\n\nid\n00:03.200 --> 00:05.000\nhow are you?\n\n00:20.000 --> 00:21.000\nFine.\n';
  const spoken = ['paragraph: Hello there, how are you?', 'paragraph: Fine.'];
  expect(outlineOf(await readBytes(srt, 'a.srt'))).toEqual(spoken);
  expect(outlineOf(await readBytes(vtt, 'a.vtt'))).toEqual(spoken);
  expect((await readBytes(vtt, 'no-ending')).format).toBe('subtitles');
});

it('keeps every character of code', async () => {
  const source = 'def a():\n\treturn "x"\n\n\n  # end\n';
  const document = await readBytes(source, 'a.py');
  expect(document.format).toBe('code');
  expect(plainText(document)).toBe(source);
});

it('finds paragraphs and chapters of plain text', async () => {
  const text = 'CHAPTER I.\n\nIt was a dark\nand stormy night.\n\n\n第二章 夜\n\n下雨了。';
  expect(outlineOf(await readBytes(text, 'a.txt'))).toEqual([
    'heading 2: CHAPTER I.',
    'paragraph: It was a dark\nand stormy night.',
    'heading 2: 第二章 夜',
    'paragraph: 下雨了。',
  ]);
});

const SENTENCES: [label: string, sentence: string][] = [
  ['windows-1252', 'Die Größe der Straße überraschte Zoë, déjà vu: „naïve“ Mädchen äßen Käse für 5 €. '],
  ['windows-1251', 'Сегодня хорошая погода, и мы пошли гулять в парк со своими друзьями. '],
  ['shift_jis', '今日はとても天気が良いので、私たちは公園へ散歩に行きました。カタカナもあります。'],
  ['euc-jp', '今日はとても天気が良いので、私たちは公園へ散歩に行きました。カタカナもあります。'],
  ['gb18030', '今天天气很好，我们去公园散步，看见很多人在那里跳舞。'],
  ['big5', '今天天氣很好，我們去公園散步，看見很多人在那裡跳舞。'],
  ['euc-kr', '오늘은 날씨가 아주 좋아서 우리는 공원에 산책하러 갔습니다. '],
];

it.each(SENTENCES)('guesses %s and says that it did', async (label, sentence) => {
  const text = sentence.repeat(8).trim();
  const document = await readBytes(encoded(text, label), 'a.txt');
  expect(plainText(document)).toBe(text);
  expect(document.notes).toEqual([{ code: 'encoding-guessed', count: null }]);
});

const UNICODE = [
  'Plain words.\nAnd more é.',
  'שלום עולם, מה שלומך היום?',
  '今天天气很好。\n我们去公园。',
  'Привет, мир! Как дела?',
];

it.each(UNICODE)('is certain of Unicode, with a mark and without: %s', async (text) => {
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  const files = [
    Buffer.from(text),
    Buffer.from(`\uFEFF${text}`),
    Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
    Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
    little,
    big,
  ];
  for (const file of files) {
    const document = await readBytes(file, 'a.txt');
    expect(plainText(document)).toBe(text);
    expect(document.notes).toEqual([]);
  }
});

/** By trying out what each pair of bytes stands for, as there is no encoder but for UTF-8. */
function encoded(text: string, label: string): Buffer {
  const decoder = new TextDecoder(label);
  const bytes = new Map<string, number[]>();
  for (let first = 0; first < 256; first += 1) {
    const alone = decoder.decode(new Uint8Array([first]));
    if (alone.length === 1 && alone !== '\uFFFD') bytes.set(alone, [first]);
    if (first < 0x81) continue;
    for (let second = 0x40; second < 256; second += 1) {
      const pair = decoder.decode(new Uint8Array([first, second]));
      if (pair.length === 1 && pair !== '\uFFFD' && !bytes.has(pair)) bytes.set(pair, [first, second]);
    }
  }
  return Buffer.from(Array.from(text).flatMap((character) => bytes.get(character) ?? []));
}
