// Where marks stand after an edit, until the checker has looked again: before it they stay, after it they move along,
// and those it touches are gone.
import type { Mark } from './mark.ts';

export function moveMarks(marks: readonly Mark[], before: string, after: string): Mark[] {
  const start = sameStart(before, after);
  const kept = sameEnd(before, after, start);
  const shift = after.length - before.length;
  return marks.flatMap((mark) => {
    if (mark.end < start || (mark.end === start && !isWordAt(after, start))) return [mark];
    if (mark.start < before.length - kept) return [];
    return [{ ...mark, start: mark.start + shift, end: mark.end + shift }];
  });
}

function sameStart(before: string, after: string): number {
  const most = Math.min(before.length, after.length);
  let length = 0;
  while (length < most && before[length] === after[length]) length += 1;
  return length;
}

function sameEnd(before: string, after: string, start: number): number {
  const most = Math.min(before.length, after.length) - start;
  let length = 0;
  while (length < most && before.at(-1 - length) === after.at(-1 - length)) length += 1;
  return length;
}

/** A letter right behind a marked word makes another word of it. */
function isWordAt(text: string, position: number): boolean {
  return /[\p{L}\p{M}\p{N}]/u.test(text[position] ?? '');
}
