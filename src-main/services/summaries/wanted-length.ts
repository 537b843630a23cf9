// How long a summary shall be, in words and in tokens of the model.
import type { SummaryRequest } from '#contract/summaries.ts';

const WORDS = { sentence: 25, short: 80, medium: 200, detailed: 500 } as const;
/** A summary longer than this share of its text would be none. */
const MOST_SHARE = 0.6;
const LEAST_WORDS = 25;
/** A model that counts badly may go over the wanted length by so much. */
const TOKEN_SLACK = 1.8;
const EXTRA_TOKENS = 48;
const LEAST_TOKENS_PER_WORD = 1.4;

/** Of the wanted length, but never more than the text is worth. */
export function wantedWords({ length }: Pick<SummaryRequest, 'length'>, sourceWords: number): number {
  const asked = length.kind === 'words' ? length.words : WORDS[length.kind];
  return Math.min(asked, Math.max(LEAST_WORDS, Math.round(sourceWords * MOST_SHARE)));
}

/** How many facts carry so many words. */
export function wantedFacts(words: number): number {
  return Math.max(6, Math.ceil(words / 10));
}

export function tokensFor(words: number, tokensPerWord: number): number {
  return Math.ceil(words * Math.max(LEAST_TOKENS_PER_WORD, tokensPerWord) * TOKEN_SLACK) + EXTRA_TOKENS;
}
