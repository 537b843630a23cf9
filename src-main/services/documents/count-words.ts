// How many words a text has. Writing without spaces has two characters to a word, as its own counts assume.
const SPACED_WORD = /[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]+/gu;
const CHARACTERS_PER_WORD = 2;

export function countWords(text: string): number {
  let words = 0;
  const spaced = text.replace(UNSPACED, (run) => {
    words += Math.ceil(run.length / CHARACTERS_PER_WORD);
    return ' ';
  });
  for (const _ of spaced.matchAll(SPACED_WORD)) words += 1;
  return words;
}
