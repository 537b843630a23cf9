// The line of a message that a search shows: around the place where most was found, with the found words marked.

const MARK_START = '\u{E000}';
const MARK_END = '\u{E001}';
/** Shown before the found words, and in all. */
const LEAD_CHARACTERS = 32;
const EXCERPT_CHARACTERS = 140;
/** How many places are compared. */
const MAX_PLACES = 200;
/** Signs of Markdown that say nothing on a line of plain text: emphasis, code, headings, quotes, lists. */
const UNSEEN = /\*\*|__|`+|^ {0,3}(?:#{1,6} |> ?|[-*+] (?:\[[ x]\] )?)/gmu;
const WORD_PART = /[\p{L}\p{N}\p{M}]/u;
const PUNCTUATION = /[^\p{L}\p{N}\p{M}]+/u;
const WITH_SPACES = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;
const ACCENTED = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
const BEYOND_ASCII = /[\u0080-\uffff]/;

interface Place {
  from: number;
  to: number;
}

/** One line of `text` around `words`, each found place between U+E000 and U+E001. The beginning where none is found. */
export function makeExcerpt(text: string, words: readonly string[]): string {
  const line = text
    .replace(UNSEEN, '')
    .replace(/[\s\u{E000}-\u{E002}]+/gu, ' ')
    .trim();
  const places = findPlaces(line, words);
  const from = startOf(line, bestStart(places));
  const to = Math.min(line.length, from + EXCERPT_CHARACTERS);
  let out = from > 0 ? '…' : '';
  let at = from;
  for (const place of places) {
    if (place.from < at || place.to > to) continue;
    out += `${line.slice(at, place.from)}${MARK_START}${line.slice(place.from, place.to)}${MARK_END}`;
    at = place.to;
  }
  return `${out}${line.slice(at, to)}${to < line.length ? '…' : ''}`.toWellFormed();
}

/** Where the words stand, in order. Those of writing with spaces only where a word begins. */
function findPlaces(line: string, words: readonly string[]): Place[] {
  const patterns = words.map(toPattern).filter((pattern) => pattern !== '');
  if (patterns.length === 0) return [];
  const all = new RegExp(patterns.toSorted((left, right) => right.length - left.length).join('|'), 'gu');
  const places: Place[] = [];
  for (const match of fold(line).matchAll(all)) {
    places.push({ from: match.index, to: match.index + match[0].length });
    if (places.length === MAX_PLACES) break;
  }
  return places;
}

function toPattern(word: string): string {
  const parts = fold(word.normalize('NFC')).split(PUNCTUATION);
  const letters = parts.map((part) => part.replace(/\p{M}/gu, '')).filter(Boolean);
  const escaped = letters.map((part) => Array.from(part, (each) => `${each}\\p{M}*`).join(''));
  // Emoji and other signs have no letters to go by.
  if (escaped.length === 0) return word.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const begins = WITH_SPACES.test(letters[0] ?? '')
    ? String.raw`(?<![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}])`
    : '';
  return begins + escaped.join(String.raw`[^\p{L}\p{N}]{1,3}`);
}

/** Lower case without accents; every unit stays at its index. */
function fold(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  return text.replace(/[^a-z\s]/g, (unit) => {
    if (!ACCENTED.test(unit)) return unit;
    const plain = unit.normalize('NFD').charAt(0).toLowerCase();
    return plain.length === 1 ? plain : unit;
  });
}

/** The place after which the most places follow within one excerpt. */
function bestStart(places: readonly Place[]): number {
  let best = { from: 0, score: 0 };
  places.forEach(({ from }, index) => {
    const near = places
      .slice(index, index + 8)
      .filter((place) => place.to <= from + EXCERPT_CHARACTERS - LEAD_CHARACTERS);
    if (near.length > best.score) best = { from, score: near.length };
  });
  return best.from;
}

/** A little before, where a word begins; the beginning where all of it has room. */
function startOf(line: string, found: number): number {
  if (found <= LEAD_CHARACTERS || line.length <= EXCERPT_CHARACTERS) return 0;
  for (let at = found - LEAD_CHARACTERS; at < found; at++) {
    if (WORD_PART.test(line.charAt(at)) && !WORD_PART.test(line.charAt(at - 1))) return at;
  }
  return found;
}
