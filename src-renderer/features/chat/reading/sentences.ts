// Where sentences end. The browser knows the rules of Unicode, but takes "Dr. Berg", "z. B. so" and "3. Mai" for two.

export interface Sentence {
  text: string;
  /** Where it begins in the whole text. */
  index: number;
}

/** Lower case, without the last full stop. */
const ABBREVIATIONS = new Set(
  (
    'dr mr mrs ms prof st vs etc no fig figs eq approx dept est inc ltd jr sr gen col sgt rev hon cf al vol ed eds pp ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec ca bzw usw nr bsp evtl ggf inkl exkl vgl hrsg str mio mrd tel abs ' +
    'art av env ex sra srta ud uds núm pág'
  ).split(' '),
);
/** A single letter, letters with full stops between them, and the number of a day or a place. */
const SHORT = /^(?:\p{L}|(?:\p{L}\.)+\p{L}|\d{1,2})$/u;
const segmenters = new Map<string, Intl.Segmenter>();

/** The sentences of `text`, with the space behind them; `language` is a code of two letters. */
export function sentencesIn(text: string, language: string): Sentence[] {
  const sentences: Sentence[] = [];
  let open: Sentence | null = null;
  for (const { segment, index } of segmenterFor(language).segment(text)) {
    if (open) open.text += segment;
    else sentences.push((open = { text: segment, index }));
    if (!endsInAbbreviation(segment)) open = null;
  }
  return sentences;
}

function segmenterFor(language: string): Intl.Segmenter {
  const present = segmenters.get(language);
  if (present) return present;
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  segmenters.set(language, segmenter);
  return segmenter;
}

function endsInAbbreviation(segment: string): boolean {
  const word = /([^\s(„“"'*_]+)\.\s*$/u.exec(segment.slice(-24))?.[1];
  return word !== undefined && (SHORT.test(word) || ABBREVIATIONS.has(word.toLowerCase()));
}
