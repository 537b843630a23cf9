// A catalogue entry as a person reads it: numbers, verdict, speed, languages.
import type { CatalogueEntry, Fit, Speed } from '#contract/catalogue.ts';
import { formatBytes, formatNumber, languageName } from '../../../messages/format.ts';
import { isMessageKey, t } from '../../../messages/translate.ts';
import { writingSpeed } from './catalogue-view.ts';

/** English takes about four tokens for three words; other languages a little more. */
const WORDS_PER_TOKEN = 0.75;
/** A page of a book. */
const TOKENS_PER_PAGE = 400;

/** The memory that a verdict compares with, and what it is called. */
export function freeMemory(fit: Fit): { bytes: number; label: string } {
  const { verdict, freeGpuBytes, need } = fit;
  if (freeGpuBytes !== null && verdict === 'gpu') {
    return { bytes: freeGpuBytes, label: t('catalogue.details.freeGpu') };
  }
  if (freeGpuBytes !== null && verdict === 'partly-gpu') {
    return { bytes: freeGpuBytes + need.freeBytes, label: t('catalogue.details.freeBoth') };
  }
  return { bytes: need.freeBytes, label: t('catalogue.details.free') };
}

/** "6.1 of 11 GB memory"; empty while nobody knows. */
export function fitNumbers(fit: Fit): string {
  if (fit.verdict === 'unknown') return '';
  const free = formatBytes(freeMemory(fit).bytes);
  const needed = withoutUnit(formatBytes(fit.need.totalBytes), free);
  return t(`catalogue.numbersIn.${fit.verdict}`, { needed, free });
}

/** "6.1" for "6.1 GB" beside "11 GB": one unit is enough for both. */
function withoutUnit(size: string, beside: string): string {
  const [number, unit] = size.split(/\s/);
  return number && beside.split(/\s/)[1] === unit ? number : size;
}

/** What there is to download; "about 2.4 GB" where nobody has told it to the byte. */
export function sizeWords({ sizeBytes, sizeEstimated }: CatalogueEntry): string {
  const size = formatBytes(sizeBytes);
  return sizeEstimated ? t('catalogue.aboutSize', { size }) : size;
}

/** Who has made and published the file. */
export function publisher({ source }: CatalogueEntry): string {
  return source.repository.split('/')[0] ?? '';
}

/** The verdict in full. */
export function verdictSentence(fit: Fit): string {
  const whenFree = fit.verdict === 'too-large' && fit.fitsWhenFree;
  return whenFree ? t('catalogue.whenFree') : t(`catalogue.verdict.${fit.verdict}`);
}

/** The verdict for a narrow column, in two or three words. */
export function verdictWords({ verdict, fitsWhenFree }: Fit): string {
  const short = verdict === 'too-large' && fitsWhenFree ? 'when-free' : verdict;
  return t(`catalogue.verdictShort.${short}`);
}

/** "9 words a second", as one reads; a decimal only where it matters. */
export function speedWords({ tokensPerSecond }: Speed, length: 'long' | 'short' = 'long'): string {
  const words = tokensPerSecond * WORDS_PER_TOKEN;
  return t(length === 'long' ? 'catalogue.speedWords' : 'catalogue.speedShort', {
    words: formatNumber(words, { maximumFractionDigits: words < 2 ? 1 : 0 }),
  });
}

/** The numbers of the recommendation: size, memory, speed. */
export function recommendationNumbers(entry: CatalogueEntry): string {
  const { fit } = entry;
  const speed = writingSpeed(entry);
  const memory = fit.verdict === 'gpu' && fit.freeGpuBytes !== null ? 'recommendedGpu' : 'recommendedNumbers';
  const parts = [
    t(`catalogue.${memory}`, {
      size: sizeWords(entry),
      needed: formatBytes(fit.need.totalBytes),
      free: formatBytes(freeMemory(fit).bytes),
    }),
    speed && t(`catalogue.recommendedSpeed.${speed.source}`, { speed: speedWords(speed) }),
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}

/** "talking, reading, writing" */
export function goodFor({ purposes }: CatalogueEntry): string {
  return purposes.map((purpose) => t(`catalogue.goodFor.${purpose}`)).join(', ');
}

/** "Gemma 3" for 'gemma-3'; a family that nobody named shows as it is. */
export function familyName(family: string): string {
  const path = `catalogue.family.${family.replace('.', '_')}`;
  return isMessageKey(path) ? t(path) : family;
}

/** "English, German", or that there are more than one would list. */
export function languageNames({ languages }: CatalogueEntry): string {
  if (languages.includes('multilingual')) return t('catalogue.details.multilingual');
  return languages.map(languageName).join(', ');
}

/** "131,072 tokens, about 330 pages" */
export function contextWords(tokens: number): string {
  return t('catalogue.details.contextTokens', {
    tokens: formatNumber(tokens),
    pages: formatNumber(tokens / TOKENS_PER_PAGE, { maximumSignificantDigits: 2 }),
  });
}

/** What would make a model that is too large fit. `smaller`: another version of it that does. */
export function whatHelps(entry: CatalogueEntry, smaller: CatalogueEntry | null): string[] {
  const { fit } = entry;
  const { contextBytes, freeBytes, weightsBytes } = fit.need;
  return [
    smaller &&
      t('catalogue.help.smaller', {
        quantization: smaller.quantization,
        needed: formatBytes(smaller.fit.need.totalBytes),
      }),
    fit.fitsWhenFree && t('catalogue.help.close'),
    weightsBytes < freeBytes && t('catalogue.help.context', { size: formatBytes(contextBytes / 2) }),
    t('catalogue.help.other'),
  ].filter((line) => typeof line === 'string');
}
