// Catches: text that is never checked or checked twice, pieces so long that a key press costs much, marks inside code.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitUnits } from '../../../src-renderer/ui/spelling/text-units.ts';

const texts = (text: string): string[] => splitUnits(text).map((unit) => unit.text.trim());

it('keeps a sentence over two lines together and parts paragraphs', () => {
  expect(texts('one\ntwo\n\nthree\n \n\nfour')).toEqual(['one\ntwo', 'three', 'four']);
});

it('leaves code between fences out, also one that never ends', () => {
  expect(texts('before\n```js\nconst teh = 1;\n\nmore\n```\nafter')).toEqual(['before', 'after']);
  expect(texts('before\n~~~\nteh\n```\nteh')).toEqual(['before']);
});

it('cuts a long paragraph after a sentence', () => {
  const units = splitUnits('A sentence of some length. '.repeat(400));
  expect(units.length).toBeGreaterThan(4);
  expect(units.every((unit) => unit.text.length <= 2_000)).toBe(true);
  expect(units.every((unit) => unit.text.startsWith('A sentence'))).toBe(true);
});

it('takes every character outside code once and in its place, whatever the text', () => {
  const lines = fc.array(fc.oneof(fc.string(), fc.constantFrom('', ' ', 'word '.repeat(700), '😀\t.')));
  fc.assert(
    fc.property(lines, (parts) => {
      const text = parts.join('\n').replaceAll(/[`~]/g, '');
      const units = splitUnits(text);
      let rest = '';
      let from = 0;
      for (const unit of units) {
        expect(text.slice(unit.start, unit.start + unit.text.length)).toBe(unit.text);
        expect(unit.start).toBeGreaterThanOrEqual(from);
        rest += text.slice(from, unit.start);
        from = unit.start + unit.text.length;
      }
      expect((rest + text.slice(from)).trim()).toBe('');
    }),
  );
});
