// What a person types into the search box is words, never query syntax.
import { searchWord } from './search-text.ts';

const MAX_WORDS = 16;
/** What the index takes for part of a word (sqlite.org/fts5.html, section 4.3.1, and the pictures of search-text.ts). */
const WORD_CHARACTER = /[\p{L}\p{N}\p{Co}\p{M}]/u;
/** So short a beginning of a word stands in too many messages; it finds itself only. */
const TOO_SHORT = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]{1,2}$/u;

/** The words of a query as they were typed. */
export function queryWords(query: string): string[] {
  return cleanQuery(query)
    .split(' ')
    .filter((word) => WORD_CHARACTER.test(searchWord(word).text))
    .slice(0, MAX_WORDS);
}

/** An FTS5 expression that finds all the words, the last one as the beginning of a word; null without words. */
export function toMatchExpression(query: string): string | null {
  const words = queryWords(query);
  if (words.length === 0) return null;
  return words.map((word, index) => toPhrase(word, index === words.length - 1)).join(' AND ');
}

function toPhrase(word: string, last: boolean): string {
  const { text, beginning } = searchWord(word);
  const unfinished = beginning || (last && !TOO_SHORT.test(text));
  return `"${text.replaceAll('"', '""')}"${unfinished ? ' *' : ''}`;
}

/** On one line, without NUL (which ends a string in SQLite) and without halves of surrogate pairs. */
export function cleanQuery(query: string): string {
  return query.toWellFormed().replaceAll('\0', ' ').replace(/\s+/gu, ' ').trim();
}
