// What of a text enters the search index. SQLite's own word breaker knows spaces and signs only, so a text gets spaces
// where it would need them: writing without spaces becomes pairs of characters, and every emoji a word of its own.
import type Sqlite from 'better-sqlite3';

const WITHOUT_SPACES =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Khmer}\\p{Script=Lao}\\p{Script=Myanmar}ー々';
const PICTURE = '\\p{Extended_Pictographic}';
/** Vowel points of Arabic and Hebrew, which most leave out, and the sign that asks for a coloured emoji. */
const LEFT_OUT = '\\u0591-\\u05bd\\u05bf-\\u05c7\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\ufe0f';
const BEYOND_ASCII = /[\u0080-\uffff]/;
const RUNS = new RegExp(`[${WITHOUT_SPACES}]+|${PICTURE}|[${LEFT_OUT}]+`, 'gu');
const RUN = new RegExp(`^[${WITHOUT_SPACES}]`, 'u');
const LEFT_OUT_RUN = new RegExp(`^[${LEFT_OUT}]`, 'u');
const ENDS_WITH_RUN = new RegExp(`[${WITHOUT_SPACES}]$`, 'u');
/** Before the number of an emoji: of the private use area, which counts as part of a word. */
const PICTURE_MARK = '\u{E002}';

/** The text as the index takes it: `宝石です` becomes `宝石 石で です す`. */
export function searchText(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text;
  return text.toWellFormed().replace(RUNS, (run) => {
    if (LEFT_OUT_RUN.test(run)) return '';
    return RUN.test(run)
      ? ` ${pairs(Array.from(run)).join(' ')} `
      : ` ${PICTURE_MARK}${run.codePointAt(0)?.toString(16)} `;
  });
}

/** As `searchText` does it to the text in which `word` stands, but whatever may follow the word there. */
export function searchWord(word: string): { text: string; beginning: boolean } {
  const text = searchText(word).trim();
  if (!ENDS_WITH_RUN.test(word)) return { text, beginning: false };
  // The last character stands alone only at the end of a run; in a longer one it begins a pair.
  const parts = text.split(' ');
  const alone =
    parts.length === 1 || !RUN.test(parts.at(-2) ?? '') || Array.from(parts.at(-2) ?? '').length < 2;
  return alone ? { text, beginning: true } : { text: parts.slice(0, -1).join(' '), beginning: false };
}

/** Gives the triggers of the index their `search_text`. Every connection that writes messages or titles needs it. */
export function registerSearchText(sqlite: Sqlite.Database): void {
  sqlite.function('search_text', { deterministic: true }, (text: unknown) => searchText(String(text)));
}

/** Every character with the one after it, and the last one alone, so that one character finds all its places. */
function pairs(characters: readonly string[]): string[] {
  return characters.map((character, index) => character + (characters[index + 1] ?? ''));
}
