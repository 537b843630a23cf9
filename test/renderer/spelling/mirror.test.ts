// Catches: a key press that draws a whole text again, lines of an earlier text that stay and push marks away from
// their words, a mark drawn at another word than its own, a field whose direction the marks do not share.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Mark } from '../../../src-renderer/ui/spelling/mark.ts';
import { Mirror } from '../../../src-renderer/ui/spelling/mirror.ts';

let layer: HTMLElement;
let field: HTMLTextAreaElement;
let mirror: Mirror;

beforeEach(() => {
  layer = document.createElement('div');
  field = document.createElement('textarea');
  document.body.append(field, layer);
  mirror = new Mirror(layer, field);
});
afterEach(() => document.body.replaceChildren());

/** Under each of these words. */
function marksOf(text: string, pattern: RegExp): Mark[] {
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    kind: 'spelling',
    message: '',
    suggestions: [],
  }));
}

const shownText = (): string => [...layer.children].map((line) => line.textContent).join('\n');
const shownMarks = (): (string | null)[] =>
  [...layer.querySelectorAll('[data-mark]')].map((each) => each.textContent);

it('makes only the lines that changed', () => {
  const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
  expect(mirror.show(lines.join('\n'), [])).toBe(1_000);
  const [first, , last] = [layer.children[0], layer.children[500], layer.children[999]];
  lines[500] += 'x';
  expect(mirror.show(lines.join('\n'), [])).toBe(1);
  lines.splice(500, 0, 'between');
  expect(mirror.show(lines.join('\n'), [])).toBe(1);
  lines.splice(300, 200);
  expect(mirror.show(lines.join('\n'), [])).toBe(0);
  expect([layer.children[0], layer.children[800]]).toEqual([first, last]);
  expect(shownText()).toBe(lines.join('\n'));
  expect(mirror.show(lines.join('\n'), marksOf(lines.join('\n'), /between/g))).toBe(1);
});

it('shows exactly the text and its marks after whatever happens to it', () => {
  let seed = 7;
  const random = (limit: number): number => (seed = (seed * 48_271) % 2_147_483_647) % limit;
  const pieces = ['', 'abc', '\n', ' xx ', 'xx\nxx', '\n\n\n', 'שלום xx', '🙂', '\t'];
  let text = '';
  for (let round = 0; round < 500; round += 1) {
    const from = random(text.length + 1);
    const to = Math.min(text.length, from + random(8));
    text = text.slice(0, from) + (pieces[random(pieces.length)] ?? '') + text.slice(to);
    mirror.show(text, random(3) === 0 ? [] : marksOf(text, /xx/g));
    expect(shownText()).toBe(text);
    expect(shownMarks().every((each) => each === 'xx')).toBe(true);
  }
  mirror.show(text, marksOf(text, /xx/g));
  expect(shownMarks()).toHaveLength(marksOf(text, /xx/g).length);
});

it('leaves no line behind: not after being cleared, not for the next one on the same layer', () => {
  mirror.show('one\ntwo\nthree', []);
  mirror.clear();
  expect(layer.childElementCount).toBe(0);
  mirror.show('one\ntwo', []);
  expect(shownText()).toBe('one\ntwo');
  mirror.clear();
  new Mirror(layer, field).show('a', []);
  expect(shownText()).toBe('a');
});

it('draws a mark over the end of a line on both', () => {
  const text = 'say the\nthe word';
  mirror.show(text, marksOf(text, /the\nthe/g));
  expect([shownText(), shownMarks()]).toEqual([text, ['the', 'the']]);
});

it('says where a mark is, and nothing of one that is not drawn', () => {
  const text = 'שלום xx\nxx';
  const marks = marksOf(text, /xx/g);
  mirror.show(text, marks);
  for (const mark of marks) expect(mirror.placeOf(mark)).not.toBeNull();
  mirror.show(text, []);
  for (const mark of marks) expect(mirror.placeOf(mark)).toBeNull();
  mirror.clear();
  for (const mark of marks) expect(mirror.placeOf(mark)).toBeNull();
});

it('takes over how the field runs and scrolls', () => {
  field.style.direction = 'rtl';
  field.style.fontSize = '17px';
  field.scrollTop = 40;
  mirror.show('שלום', []);
  mirror.fit();
  expect([layer.style.direction, layer.style.fontSize, layer.scrollTop]).toEqual(['rtl', '17px', 40]);
});

it('takes all of a text for seen where there is no layout', () => {
  mirror.show('one\ntwo', []);
  expect(mirror.visible()).toEqual({ start: 0, end: Number.POSITIVE_INFINITY });
});
