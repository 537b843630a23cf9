// Catches: marks that stay behind or jump to another word while one types before, in or after them.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Mark } from '../../../src-renderer/ui/spelling/mark.ts';
import { moveMarks } from '../../../src-renderer/ui/spelling/moved-marks.ts';

function marksOf(text: string, ...words: string[]): Mark[] {
  return words.map((word) => {
    const start = text.indexOf(word);
    return { start, end: start + word.length, kind: 'spelling', message: '', suggestions: [] };
  });
}

function after(before: string, text: string, ...words: string[]): string[] {
  return moveMarks(marksOf(before, ...words), before, text).map(({ start, end }) => text.slice(start, end));
}

it('keeps what the edit does not touch', () => {
  expect(after('teh cat saw teg dog', 'teh small cat saw teg dog', 'teh', 'teg')).toEqual(['teh', 'teg']);
  expect(after('a\nteh cat', 'teh cat', 'teh')).toEqual(['teh']);
});

it('lets go of a word that becomes another one', () => {
  expect(after('teh cat', 'the cat', 'teh')).toEqual([]);
  expect(after('see teh', 'see tehr', 'teh')).toEqual([]);
  expect(after('see teh', 'see teh,', 'teh')).toEqual(['teh']);
});

it('never marks other words than before, whatever the edit', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (start, old, fresh, end) => {
      const [before, text] = [`${start}WORD${old}${end}WORD`, `${start}WORD${fresh}${end}WORD`];
      const words = moveMarks(marksOf(before, 'WORD'), before, text).map((mark) =>
        text.slice(mark.start, mark.end),
      );
      expect(words.every((word) => word === 'WORD')).toBe(true);
    }),
  );
});
