// Catches: work for somebody who only reads, a whole text checked again for each key, a mark under the word one is
// writing, marks that stay behind when the text moves, a checker asked on and on, work after a field is gone.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  FieldMarks,
  LONGEST_LINE,
  LONGEST_MARKED,
} from '../../../src-renderer/ui/spelling/field-marks.svelte.ts';
import { FakeSpelling } from '../../support/fake-spelling.svelte.ts';

const FIRST = 'I has a plan for the garden.';
const SECOND = 'We eat an appel after the work.';
const THIRD = 'They has to go home because it is late.';

let spelling: FakeSpelling;
let caret: number;
let seen: { start: number; end: number };
let marks: FieldMarks;
let text: string;

beforeEach(() => {
  vi.useFakeTimers();
  spelling = new FakeSpelling();
  caret = 0;
  seen = { start: 0, end: Number.POSITIVE_INFINITY };
  marks = new FieldMarks(spelling, { visible: () => seen, caret: () => caret });
});
afterEach(() => {
  marks.stop();
  vi.useRealTimers();
});

/** As a person does; long enough ago that nothing is being written any more. */
async function write(after: string, at = after.length): Promise<void> {
  text = after;
  caret = at;
  marks.changed(after);
  marks.typed();
  await vi.advanceTimersByTimeAsync(1_500);
}

const words = (): string[] => marks.shown.map(({ start, end }) => text.slice(start, end));

it('does nothing for a text that nobody has typed into', async () => {
  marks.changed(FIRST);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([spelling.asked, marks.awake]).toEqual([[], false]);
  await write(`${FIRST} `);
  expect([spelling.asked.length, words()]).toEqual([1, ['has']]);
});

it('has only the paragraph checked again that has changed', async () => {
  await write([FIRST, SECOND, THIRD].join('\n\n'));
  expect(spelling.asked.map((each) => each.trim()).toSorted()).toEqual([FIRST, THIRD, SECOND]);
  expect(words()).toEqual(['has', 'appel', 'has']);
  spelling.asked = [];
  const changed = SECOND.replace('after', 'before');
  await write([FIRST, changed, THIRD].join('\n\n'), FIRST.length + 15);
  expect(spelling.asked.map((each) => each.trim())).toEqual([changed]);
  // Back to what it was: that is remembered.
  spelling.asked = [];
  await write([FIRST, SECOND, THIRD].join('\n\n'), 0);
  expect([spelling.asked, words()]).toEqual([[], ['has', 'appel', 'has']]);
});

it('has what can be seen and what is being written checked, the rest when one scrolls there', async () => {
  const parts = Array.from({ length: 50 }, (_, index) => `${index} and this is what I has to say about it.`);
  const whole = parts.join('\n\n');
  seen = { start: 0, end: 100 };
  await write(whole, whole.length);
  expect(spelling.asked.length).toBeLessThan(5);
  expect(spelling.asked[0]).toContain('49 and');
  const before = spelling.asked.length;
  seen = { start: 1_000, end: 1_100 };
  marks.look();
  await vi.advanceTimersByTimeAsync(100);
  expect(spelling.asked.length - before).toBeLessThan(5);
  expect(spelling.asked.length).toBeGreaterThan(before);
});

it('leaves the word alone that is being written, until one stops', async () => {
  text = 'I want an appel';
  caret = text.length;
  marks.changed(text);
  marks.typed();
  await vi.advanceTimersByTimeAsync(100);
  expect([spelling.asked.length, words()]).toEqual([1, []]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(words()).toEqual(['appel']);
});

it('moves marks along at once, before anything is checked again', async () => {
  await write(`${FIRST}\n\n${SECOND}`);
  spelling.held = new Promise(() => {});
  text = `Hello there.\n\n${FIRST}\n\n${SECOND}`;
  marks.changed(text);
  expect(words()).toEqual(['has', 'appel']);
});

it('does not mark again what was to be ignored, but the same word elsewhere', async () => {
  await write(`${FIRST}\n\n${THIRD}`);
  const [first] = marks.shown;
  marks.ignore(first ?? expect.fail());
  expect(marks.shown).toHaveLength(1);
  await write(`Hello to all of you.\n\n${FIRST}\n\n${THIRD}`, 0);
  expect(words()).toEqual(['has']);
  expect(marks.shown[0]?.start).toBe(text.lastIndexOf('has'));
});

it('finds the mark here, after here, or from the beginning', async () => {
  await write(`${FIRST}\n\n${SECOND}`);
  const [has, appel] = marks.shown;
  expect(marks.at(3)).toEqual(has);
  expect(marks.at(9)).toBeNull();
  expect(marks.from(9)).toEqual(appel);
  expect(marks.from(text.length)).toEqual(has);
});

it('asks a checker that can’t work once for each change, not on and on', async () => {
  spelling.broken = true;
  await write(FIRST);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([spelling.asked.length, words()]).toEqual([1, []]);
  spelling.broken = false;
  await write(`${FIRST} `);
  expect(words()).toEqual(['has']);
});

it('forgets its marks when the checker goes by something else, and finds them anew', async () => {
  await write(SECOND);
  expect(words()).toEqual(['appel']);
  spelling.learn('appel');
  marks.again();
  await vi.advanceTimersByTimeAsync(100);
  expect([spelling.asked.length, words()]).toEqual([1, []]);
});

it.each([
  ['a text of a document’s length', 'I has a plan.\n'.repeat(LONGEST_MARKED / 13)],
  ['a line that is data', `${FIRST}\n\n${'0123456789 '.repeat(LONGEST_LINE / 10)}`],
])('marks nothing in %s, and does again when it is short', async (_, long) => {
  await write(FIRST);
  expect(words()).toEqual(['has']);
  spelling.asked = [];
  await write(long);
  expect([spelling.asked, words(), marks.awake, marks.at(3)]).toEqual([[], [], false, null]);
  await write(THIRD);
  expect(words()).toEqual(['has']);
});

it('leaves other languages and other scripts alone, beside English', async () => {
  await write(`Ich habe ein appel und das ist nicht gut.\n\nיש לי appel אחד בבית שלי\n\n${SECOND}`);
  expect(spelling.asked.map((each) => each.trim())).toEqual([SECOND]);
  expect(marks.shown.map(({ start }) => start)).toEqual([text.lastIndexOf('appel')]);
});

it('stops in the middle of its work when marks are turned off, or the field goes', async () => {
  let release = (): void => {};
  spelling.held = new Promise((resolve) => (release = resolve));
  marks.changed([FIRST, SECOND, THIRD].join('\n\n'));
  marks.typed();
  await vi.advanceTimersByTimeAsync(100);
  expect(spelling.asked).toHaveLength(1);
  spelling.active = false;
  release();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(spelling.asked).toHaveLength(1);

  spelling.active = true;
  spelling.held = new Promise((resolve) => (release = resolve));
  marks.look();
  await vi.advanceTimersByTimeAsync(100);
  expect(spelling.asked).toHaveLength(2);
  marks.typed();
  marks.stop();
  release();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([spelling.asked.length, vi.getTimerCount()]).toEqual([2, 0]);
});
