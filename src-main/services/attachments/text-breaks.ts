// Where a long text may be divided: behind a paragraph if there is one, else behind a line, a sentence, a word.

const BREAKS = [/\n\s*\n/gu, /\n/gu, /[.!?…。！？]["'”’)\]]?\s+|[。！？]/gu, /\s+/gu];

/** The last good place to divide `text` behind `from` and not behind `to`; `to` itself where there is none. */
export function breakIn(text: string, from: number, to: number): number {
  if (to >= text.length) return text.length;
  const stretch = text.slice(from, to);
  for (const pattern of BREAKS) {
    let last = 0;
    for (const found of stretch.matchAll(pattern)) last = found.index + found[0].length;
    if (last > 0) return from + last;
  }
  // Never between the two halves of a character.
  const low = text.charCodeAt(to);
  return low >= 0xdc00 && low <= 0xdfff ? to - 1 : to;
}
