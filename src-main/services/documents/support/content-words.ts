// What of a sentence can be found again in another: its words without their endings, its numbers and its names. Works
// for any language without a dictionary: what is common in the text weighs little, whatever it is.

export interface ContentWords {
  /** Stems, and pairs of characters where there are no spaces; each once. */
  stems: Set<string>;
  /** As they are written, without signs between their digits. */
  numbers: Set<string>;
  /** Stems of words that are written with a capital though nothing before them ends a sentence. */
  names: Set<string>;
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*(?:[.,:\u00a0]\p{N}+)*%?/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;
const CAPITAL = /^\p{Lu}\p{Ll}/u;
const BEGINS_SENTENCE = /(?:^|[.!?:;"“„«»(\n-])\s*$/u;
/** Of a longer word the ending may change; the beginning does not. */
const WHOLE_CHARACTERS = 4;
const LONGEST_ENDING = 3;

export function contentWords(text: string): ContentWords {
  const found: ContentWords = { stems: new Set(), numbers: new Set(), names: new Set() };
  for (const match of text.matchAll(WORD)) {
    const [word] = match;
    if (/\p{N}/u.test(word)) found.numbers.add(word.replace(/[^\p{L}\p{N}]/gu, ''));
    if (UNSPACED.test(word)) {
      for (const pair of pairs(word)) found.stems.add(pair);
      continue;
    }
    const stem = stemOf(word);
    found.stems.add(stem);
    if (CAPITAL.test(word) && !BEGINS_SENTENCE.test(text.slice(Math.max(0, match.index - 4), match.index)))
      found.names.add(stem);
  }
  return found;
}

/** Lower case, without accents, and without what may be an ending. */
export function stemOf(word: string): string {
  const plain = word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’].*$/u, '');
  if (plain.length <= WHOLE_CHARACTERS) return plain;
  return plain.slice(0, Math.max(WHOLE_CHARACTERS, plain.length - LONGEST_ENDING));
}

function pairs(run: string): string[] {
  const characters = Array.from(run);
  if (characters.length === 1) return characters;
  return characters.slice(0, -1).map((character, index) => character + characters[index + 1]);
}
