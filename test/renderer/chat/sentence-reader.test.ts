// Catches: an answer announced token by token, code and tables spelled out to screen readers, sentences torn apart at
// "Dr." or 2.5, languages without spaces or full stops that are never said, and a megabyte said at once.
import { describe, expect, it } from 'vitest';
import { SentenceReader } from '../../../src-renderer/features/chat/sentence-reader.ts';
import { sentencesIn } from '../../../src-renderer/features/chat/reading/sentences.ts';

const words = {
  code: (language: string, lines: number) => `[code ${language} ${lines}]`,
  table: (columns: number, rows: number) => `[table ${columns} ${rows}]`,
  formula: 'a formula',
};

/** Everything that is said of a text that comes in pieces of `size`. */
function said(text: string, size: number): string[] {
  const reader = new SentenceReader(words);
  const all: string[] = [];
  for (let at = 0; at < text.length; at += size) {
    reader.append(text.slice(at, at + size));
    all.push(reader.take());
  }
  return [...all, reader.rest()].filter(Boolean);
}

describe('an answer for screen readers', () => {
  it('is said by whole sentences, without the signs of Markdown', () => {
    const reader = new SentenceReader(words);
    reader.append('The **first** one. The value is 2.5 and');
    expect(reader.take()).toBe('The first one.');
    expect(reader.take()).toBe('');
    reader.append(' more.\n- an item');
    expect(reader.take()).toBe('The value is 2.5 and more.');
    expect(reader.rest()).toBe('an item');
  });

  it.each([
    [
      'an abbreviation',
      'Ask Dr. Berg. He knows it, e.g. by heart. ',
      ['Ask Dr. Berg.', 'He knows it, e.g. by heart.'],
    ],
    ['German', 'Am 3. Mai kam z. B. Anna. Sie blieb. ', ['Am 3. Mai kam z. B. Anna.', 'Sie blieb.']],
    ['numbers', 'It is 3.14 or 1,000.5 long. Is it? ', ['It is 3.14 or 1,000.5 long.', 'Is it?']],
    ['Chinese', '你好。今天天气很好！', ['你好。', '今天天气很好！']],
    ['Japanese', '元気ですか？はい。', ['元気ですか？', 'はい。']],
  ])('knows the sentences of %s', (_, text, sentences) => {
    expect(sentencesIn(text, 'en').map((each) => each.text.trim())).toEqual(sentences);
    expect(said(text, 1).join(' ')).toBe(sentences.join(' '));
  });

  it('does not wait for a full stop where a language has none', () => {
    const thai = 'ภาษาไทยไม่มีเครื่องหมายจบประโยค และเว้นวรรคระหว่างวลี '.repeat(20);
    expect(said(thai, 10).length).toBeGreaterThan(2);
    expect(said(thai, 10).join(' ')).toBe(thai.trim());
  });

  it.each([1, 4, 1_000])(
    'names code, tables and formulas instead of reading them, in pieces of %i',
    (size) => {
      const text =
        'Look:\n\n```ts\nconst a = 1;\n\nconst b = 2;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n' +
        '$$\nx^2\n$$\n\nSo $a_1$ costs $5.\n\n1. First:\n   ~~~\n   run\n   ~~~\n2. Last.\n\n```\ncut off';
      expect(said(text, size).join(' ')).toBe(
        'Look: [code ts 3] [table 2 2] a formula So a formula costs $5. 1. First: [code  1] 2. Last. [code  1]',
      );
    },
  );

  it('says the words of a link and the host of an address', () => {
    const text =
      'See [the **guide**](https://a.example/very/long?x=1) at https://www.b.example/path, `my_var`.[^1]\n';
    expect(said(text, text.length)).toEqual(['See the guide at b.example, my_var.']);
  });

  it('says a line with a pipe that is no table', () => {
    expect(said('Use a | b.\nOr c | d.\n\nEnd.', 3).join(' ')).toBe('Use a | b. Or c | d. End.');
  });

  it('says little of very much at once', () => {
    for (const text of ['x'.repeat(1_000_000), 'word '.repeat(200_000), '```\n'.repeat(100_000)])
      for (const each of said(text, 50_000)) expect(each.length).toBeLessThanOrEqual(2_000);
  });
});
