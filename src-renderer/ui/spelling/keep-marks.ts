// Which of a checker's findings a person wants to see in a message: no matters of taste, nothing in what is no prose
// (names of files and functions, addresses, a prompt's places), nothing in their own words.
import type { Lint, Mark } from './mark.ts';

const TASTE = new Set(['Enhancement', 'Formatting', 'Readability', 'Redundancy', 'Regionalism', 'Style']);
const SPELLING = new Set(['Spelling', 'Typo']);
const MOST_SUGGESTIONS = 5;
/** More unknown words than this, and the text is in no language that the checker knows. */
const UNKNOWN_SHARE = 0.5;
const ENOUGH_WORDS = 4;

/** The marks of one piece of text, at positions within it. */
export function keepMarks(
  text: string,
  lints: readonly Lint[],
  isOwnWord: (word: string) => boolean,
): Mark[] {
  const code = codePlaces(text);
  const marks = lints
    .filter((lint) => !TASTE.has(lint.kind) && lint.end > lint.start && !isCode(text, lint, code))
    .map(toMark)
    .filter((mark) => mark.kind === 'grammar' || !isOwnWord(text.slice(mark.start, mark.end)))
    .toSorted((one, two) => one.start - two.start || one.end - two.end);
  return isUnknownLanguage(text, marks) ? [] : withoutOverlaps(marks);
}

function toMark({ start, end, kind, message, suggestions }: Lint): Mark {
  return {
    start,
    end,
    kind: SPELLING.has(kind) ? 'spelling' : 'grammar',
    message,
    suggestions: [...new Set(suggestions)].slice(0, MOST_SUGGESTIONS),
  };
}

function codePlaces(text: string): { start: number; end: number }[] {
  const places = text.matchAll(/`[^`\n]*`|\{\{[^}]*\}\}|(?<=^|\s)[/@#][\w-]+/gu);
  return [...places].map((place) => ({ start: place.index, end: place.index + place[0].length }));
}

function isCode(
  text: string,
  { start, end }: Lint,
  places: readonly { start: number; end: number }[],
): boolean {
  if (places.some((place) => start < place.end && end > place.start)) return true;
  // The checker cuts a word at a letter it does not know: that is no mistake of the writer's.
  if (/[\p{L}\p{M}]/u.test(text[end] ?? '') && /[\p{L}\p{M}]$/u.test(text.slice(start, end))) return true;
  const before = /\S*$/.exec(text.slice(0, start))?.[0] ?? '';
  const after = /^\S*/.exec(text.slice(end))?.[0] ?? '';
  const tokens = `${before}${text.slice(start, end)}${after}`.split(/\s+/);
  return tokens.some((token) => /[\d_\\=<>{}[\]]|\w[/.:@]\w|\p{Ll}\p{Lu}|^\p{Lu}{2,}\P{L}*$/u.test(token));
}

function isUnknownLanguage(text: string, marks: readonly Mark[]): boolean {
  const count = text.match(/[\p{L}\p{M}'’]+/gu)?.length ?? 0;
  const unknown = marks.filter((mark) => mark.kind === 'spelling').length;
  return unknown > count * (count < ENOUGH_WORDS ? UNKNOWN_SHARE * 1.5 : UNKNOWN_SHARE);
}

function withoutOverlaps(marks: readonly Mark[]): Mark[] {
  let end = -1;
  return marks.filter((mark) => {
    const free = mark.start >= end;
    if (free) end = mark.end;
    return free;
  });
}
