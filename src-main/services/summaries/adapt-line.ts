// Lines of a summary in another language or for another level. One by one, so that each keeps the places it comes
// from, which could not be found from the words of another language.
import type { SummaryRequest } from '#contract/summaries.ts';
import { languageOf } from '../documents/language.ts';
import { contentWords } from '../documents/support/content-words.ts';
import { parseLines } from './parse-lines.ts';

/** In the same language so much of what a line says must be there still. */
const LEAST_SHARED = 0.2;
const LEAST_LENGTH = 0.3;
const MOST_LENGTH = 4;

export interface Adaption {
  /** BCP 47; null: it stays. */
  language: string | null;
  level: SummaryRequest['level'];
  /** That of the lines; null where it is not known. */
  from: string | null;
}

/** What has to be done with the lines; null when they are as they shall be. */
export function adaptionFor(
  { language, level }: Pick<SummaryRequest, 'language' | 'level'>,
  sourceLanguage: string | null,
): Adaption | null {
  const primary = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? '';
  const other =
    language !== null && (sourceLanguage === null || primary(language) !== primary(sourceLanguage));
  return other || level !== null ? { language: other ? language : null, level, from: sourceLanguage } : null;
}

/** The rewritten line out of what the model wrote; null when that says something else. */
export function acceptAdapted(line: string, written: string, { language, from }: Adaption): string | null {
  const options = { form: 'paragraphs' as const, language, cut: false };
  const text = parseLines(written, options)
    .map((each) => each.text)
    .join(' ');
  if (text === '') return null;
  const before = contentWords(line);
  const after = contentWords(text);
  const sameNumbers =
    before.numbers.size === after.numbers.size &&
    [...before.numbers].every((number) => after.numbers.has(number));
  const ratio = text.length / line.length;
  if (!sameNumbers || ratio > MOST_LENGTH || (language === null && ratio < LEAST_LENGTH)) return null;
  // Of a short text the language can't be told: then it is believed.
  if (language !== null) return from !== null && languageOf(text) === from ? null : text;
  const shared = [...before.stems].filter((stem) => after.stems.has(stem)).length;
  return shared >= before.stems.size * LEAST_SHARED ? text : null;
}
