// How many tokens a text comes to, where no model is loaded that could count them. Only ever shown as a guess.

const SAMPLE_CHARACTERS = 4_000;
/** Letters that a model takes about one by one; of all others it takes about four at once. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu;
const CHARACTERS_PER_TOKEN = 4;

export function estimateTokens(text: string): number {
  const middle = Math.max(0, Math.floor((text.length - SAMPLE_CHARACTERS) / 2));
  const sample = text.slice(middle, middle + SAMPLE_CHARACTERS);
  if (sample === '') return 0;
  const dense = sample.match(DENSE)?.length ?? 0;
  const tokens = dense + (sample.length - dense) / CHARACTERS_PER_TOKEN;
  return Math.ceil((tokens / sample.length) * text.length);
}
