// What a person types into the search box is words, never query syntax.

const MAX_TERMS = 16;
/** What FTS5's unicode61 tokenizer takes for part of a word (sqlite.org/fts5.html, section 4.3.1). */
const WORD_CHARACTER = /[\p{L}\p{N}\p{Co}]/u;
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;

/** An FTS5 expression that finds all the words, the last one as the beginning of a word; null without words. */
export function toMatchExpression(query: string): string | null {
  const words = cleanQuery(query)
    .split(' ')
    .filter((word) => WORD_CHARACTER.test(word))
    .slice(0, MAX_TERMS);
  if (words.length === 0) return null;
  return `${words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ')} *`;
}

/** Whether words can't find what is meant: no spaces between the words of its language, or signs only. */
export function needsScan(query: string): boolean {
  const text = cleanQuery(query);
  return text !== '' && (WITHOUT_SPACES.test(text) || !WORD_CHARACTER.test(text));
}

/** On one line, without NUL (which ends a string in SQLite) and without halves of surrogate pairs. */
export function cleanQuery(query: string): string {
  return query.toWellFormed().replaceAll('\0', ' ').replace(/\s+/gu, ' ').trim();
}
