// Catches: marks under names of functions, addresses and own words, two marks on one word, and a whole text marked
// because it is in no language that the checker knows.
import { expect, it } from 'vitest';
import { keepMarks } from '../../../src-renderer/ui/spelling/keep-marks.ts';
import type { Lint } from '../../../src-renderer/ui/spelling/mark.ts';

function lint(text: string, word: string, more: Partial<Lint> = {}): Lint {
  const start = text.indexOf(word);
  return { start, end: start + word.length, kind: 'Spelling', message: '', suggestions: [], ...more };
}

function kept(text: string, words: string[], own: string[] = []): string[] {
  const lints = words.map((word) => lint(text, word));
  return keepMarks(text, lints, (word) => own.includes(word)).map(({ start, end }) => text.slice(start, end));
}

it('keeps what is prose and nothing that is code, an address, a command or a place to fill in', () => {
  const text =
    'I recieve it from `teh_list`, src/mian.ts, http://exmaple.org/pagee, a@exmaple.org, /summarise, @fooo, ' +
    '{{langauge}}, getItme, M3 and the NSAA while we was there';
  const words = [
    'teh_list',
    'mian',
    'exmaple',
    'pagee',
    'summarise',
    'fooo',
    'langauge',
    'getItme',
    'M3',
    'NSAA',
  ];
  expect(kept(text, ['recieve', ...words])).toEqual(['recieve']);
});

it('knows the words of the person, for spelling only', () => {
  expect(kept('we met Qwerta in the wrold', ['Qwerta', 'wrold'], ['Qwerta'])).toEqual(['wrold']);
});

it('leaves a half of a word alone that the checker cut at a combining accent', () => {
  expect(kept('this is my e\u0301cole', ['cole'])).toEqual(['cole']);
  expect(kept('this is my col\u0301e here', ['col'])).toEqual([]);
});

it('keeps one mark per place, and no matter of taste', () => {
  const text = 'The the colour are nice to have here';
  const marks = keepMarks(
    text,
    [
      lint(text, 'colour are', { kind: 'Agreement' }),
      lint(text, 'colour'),
      lint(text, 'nice', { kind: 'Style' }),
      lint(text, 'The the', { kind: 'Repetition', suggestions: ['The', 'The'] }),
    ],
    () => false,
  );
  expect(marks.map(({ start, kind }) => [start, kind])).toEqual([
    [0, 'grammar'],
    [8, 'spelling'],
  ]);
  expect(marks[0]?.suggestions).toEqual(['The']);
});

it('marks nothing where most words are unknown', () => {
  expect(kept('ningependa kujua kama mkutano', ['ningependa', 'kujua', 'mkutano'])).toEqual([]);
  expect(kept('hello wrold', ['wrold'])).toEqual(['wrold']);
  expect(kept('wrold', ['wrold'])).toEqual([]);
});
