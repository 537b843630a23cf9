// What will be read together for a summary: everything at once when it fits into the model's context, else sections of
// about half of it.
import type { StoredSection } from '../../database/summary-repository.ts';
import type { SummaryRequest } from '#contract/summaries.ts';
import type { ModelAsker } from './ask-model.ts';
import { planSections } from './plan-sections.ts';
import { notesPrompt, summaryPrompt } from './prompts.ts';
import { piecesOf, type SourceTexts } from './source-texts.ts';
import { tokensFor, wantedWords } from './wanted-length.ts';

/** Small models lose the thread in more, however large their context is. */
const MOST_SECTION_TOKENS = 6_000;
/** Gemma 4 begins to repeat itself beyond about 32,000. */
const MOST_WHOLE_TOKENS = 24_000;
const SECTION_SHARE = 0.5;
/** Of the context, for the summary itself. */
const ANSWER_SHARE = 0.3;
/** For the tags and the sentence above the text. */
const AROUND_TOKENS = 48;
/** An answer with the facts of a section. */
const NOTES_WORDS = 120;

export interface SummaryPlan {
  sections: Omit<StoredSection, 'state' | 'facts'>[];
  whole: boolean;
  limitTokens: number;
  answerTokens: number;
  tokensPerWord: number;
}

/** Counts with the model's own tokens. */
export async function planSummary(
  request: SummaryRequest,
  sources: SourceTexts,
  asker: Pick<ModelAsker, 'measure' | 'room'>,
): Promise<SummaryPlan> {
  const pieces = sources.all.map(piecesOf);
  const tokens = await asker.measure(pieces.flat().map(({ text }) => text));
  const total = tokens.reduce((sum, each) => sum + each, 0);
  const tokensPerWord = total / Math.max(1, sources.words);
  const words = wantedWords(request, sources.words);
  const writing = summaryPrompt('', request, words).systemPrompt;
  const { sizeTokens } = await asker.room(writing, 1);
  const answerTokens = Math.min(tokensFor(words, tokensPerWord), Math.floor(sizeTokens * ANSWER_SHARE));
  const { roomTokens } = await asker.room(writing, answerTokens);
  const limitTokens = await sectionLimit(request, asker, tokensPerWord);
  const whole = total <= Math.min(MOST_WHOLE_TOKENS, roomTokens - AROUND_TOKENS * sources.all.length);
  let at = 0;
  const sections = sources.all.flatMap(({ documentId, range }, index) => {
    const own = (pieces[index] ?? []).map((piece) => ({ ...piece, tokens: tokens[at++] ?? 0 }));
    if (whole) return own.length > 0 ? [{ documentId, range, title: '' }] : [];
    return planSections(own, limitTokens).map((section) => ({ documentId, ...section }));
  });
  const limits = { limitTokens: Math.min(limitTokens, roomTokens - AROUND_TOKENS), answerTokens };
  return { sections, whole, tokensPerWord, ...limits };
}

async function sectionLimit(
  { focus }: SummaryRequest,
  asker: Pick<ModelAsker, 'room'>,
  tokensPerWord: number,
): Promise<number> {
  const { systemPrompt } = notesPrompt('', 1, focus);
  const { sizeTokens, roomTokens } = await asker.room(systemPrompt, tokensFor(NOTES_WORDS, tokensPerWord));
  const most = Math.min(
    MOST_SECTION_TOKENS,
    Math.floor(sizeTokens * SECTION_SHARE),
    roomTokens - AROUND_TOKENS,
  );
  return Math.max(1, most);
}
