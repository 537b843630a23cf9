// Bugs these catch: an introduction or a half sentence of the model that becomes part of a summary, a list that is
// taken for a paragraph, a sentence said five times by a model in a loop.
import { describe, expect, it } from 'vitest';
import { parseLines } from '../../../../src-main/services/summaries/parse-lines.ts';

type Options = Parameters<typeof parseLines>[1];
const parse = (text: string, options: Partial<Options> = {}) =>
  parseLines(text, { form: 'paragraphs', language: 'en', cut: false, ...options });
const short = (text: string, options: Partial<Options> = {}) =>
  parse(text, options).map(({ kind, level, text: words }) => `${kind} ${level}: ${words}`);

describe('lines of a summary', () => {
  it('are the sentences of paragraphs', () => {
    const lines = parse('One is here. Two is, e.g., there.\nThree.\n\nFour **bold**.');
    expect(lines.map(({ text }) => text)).toEqual([
      'One is here.',
      'Two is, e.g., there.',
      'Three.',
      'Four bold.',
    ]);
    expect(lines.map(({ begins }) => begins)).toEqual([true, false, false, true]);
  });

  it.each([
    '- one\n- two',
    '* one\n* two',
    '1. one\n2) two',
    '• one\n\n• two',
    '- [ ] one\n- [x] two',
    'one\ntwo',
  ])('are the points of a list, however they are marked: %j', (text) =>
    expect(short(text, { form: 'bullets' })).toEqual(['item 1: one', 'item 1: two']),
  );

  it('have headings and depth in an outline', () => {
    expect(short('# Part\n- a\n  - b\n    - c\n- d\n\n**Other part**\n1. e', { form: 'outline' })).toEqual([
      'heading 1: Part',
      'item 1: a',
      'item 2: b',
      'item 3: c',
      'item 1: d',
      'heading 2: Other part',
      'item 1: e',
    ]);
  });

  it('are questions with the sentences of their answers', () => {
    expect(
      short('Q: Who came?\nA: Anna came. She was late.\nQ2: When?\nA2: At 9.', { form: 'questions' }),
    ).toEqual([
      'heading 3: Who came?',
      'sentence 0: Anna came.',
      'sentence 0: She was late.',
      'heading 3: When?',
      'sentence 0: At 9.',
    ]);
  });

  it('leave out what a model says around them', () => {
    expect(short('Here is a summary of the text:\n\n- one\n-\n---\n- two', { form: 'bullets' })).toEqual([
      'item 1: one',
      'item 1: two',
    ]);
    expect(short('Note:', { form: 'bullets' })).toEqual(['item 1: Note:']);
  });

  it('leave out a last one that was cut off, but not the only one', () => {
    expect(short('One. Two is he', { cut: true })).toEqual(['sentence 0: One.']);
    expect(short('One is he', { cut: true })).toEqual(['sentence 0: One is he']);
  });

  it('say nothing twice', () => {
    expect(short('It is. It is. It is.')).toEqual(['sentence 0: It is.']);
  });

  it.each(['', '\n \n', '-\n-'])('are none in nothing: %j', (text) => expect(parse(text)).toEqual([]));
});
