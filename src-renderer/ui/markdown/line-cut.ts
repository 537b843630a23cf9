// Where a line that is too long to be looked at as a whole may be cut: between words, and not inside a formula, code, a
// link or an escape sequence, which would show as their signs when the other part stands in a paragraph of its own.
import { dollarMath } from './inline-tokens.ts';

// oxlint-disable-next-line no-control-regex -- an escape sequence is cut before its first character
const BEGINS = /\\[^]|[`$[\u001b]/g;
/** Code and links that are all there. */
const WHOLE = /(`+)[^`]+\1(?!`)|\[[^[\]]*\]\([^()]*\)/y;
/** What more text could still make whole. */
const OPEN =
  // oxlint-disable-next-line no-control-regex -- as above
  /^(?:`+[^`]*|\$\$?[^\s$][^$]*|\[[^[\]]*(?:\](?:\([^()]*)?)?|\u001b(?:\[[0-9;:?<=>]*[ -/]*|\][^\u0007\u001b]*)?)$/;

/** UTF-16 units of `line` that stay together, at most `limit`; it is longer, and only so much of it is looked at. */
export function lineCut(line: string, limit: number): number {
  const seen = line.slice(0, limit + 1);
  const end = Math.min(limit, openFrom(seen, limit / 2));
  const space = seen.lastIndexOf(' ', end);
  if (space > limit / 2) return space;
  // No word ends here. Two units may be one character.
  return /[\ud800-\udbff]/.test(seen[end - 1]!) ? end - 1 : end;
}

/** Where something begins behind `from` that is not whole at the end; the length of `text` when nothing does. */
function openFrom(text: string, from: number): number {
  BEGINS.lastIndex = 0;
  for (let found = BEGINS.exec(text); found; found = BEGINS.exec(text)) {
    const at = found.index;
    const whole = wholeAt(text, at);
    if (whole > 0) BEGINS.lastIndex = at + whole;
    else if (at > from && (text[at] === '\\' || OPEN.test(text.slice(at)))) return at;
  }
  return text.length;
}

/** UTF-16 units of what begins at `at`, or 0 when it does not end. */
function wholeAt(text: string, at: number): number {
  if (text[at] === '$') return dollarMath(text.slice(at))?.raw.length ?? 0;
  if (text[at] === '\\') {
    const closer = { '(': '\\)', '[': '\\]' }[text[at + 1]!];
    // Any other sign behind a backslash means itself.
    return closer === undefined ? 2 : Math.max(0, text.indexOf(closer, at + 2) + 2 - at);
  }
  WHOLE.lastIndex = at;
  return WHOLE.exec(text)?.[0].length ?? 0;
}
