// What is read aloud of an answer: its sentences with their places on the page, and the language they are in.
import { sentencesIn } from './sentences.ts';

export interface SpokenSentence {
  text: string;
  place: Range;
}

const BLOCKS = 'p, li, h2, h3, h4, h5, h6, th, td';
/** Nobody wants to hear these letter by letter. */
const SILENT = 'figure, .formula, sup, .note, button';

const SCRIPTS: [language: string, script: RegExp][] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['el', /\p{Script=Greek}/gu],
];
const WORDS: Record<string, RegExp> = {
  en: /\b(?:the|and|of|is|are|to|that|with|for)\b/gi,
  de: /\b(?:der|die|das|und|ist|nicht|ein|eine|mit|für)\b/gi,
  fr: /\b(?:le|les|des|est|une|dans|pour|qui|vous|et)\b/gi,
  es: /\b(?:el|los|las|una|que|por|con|para|es|y)\b/gi,
  it: /\b(?:il|gli|che|una|per|con|sono|della|di|è)\b/gi,
  pt: /\b(?:os|as|uma|que|não|com|para|são|em|do)\b/gi,
  nl: /\b(?:het|een|van|niet|zijn|dat|met|voor|op)\b/gi,
};
const SAMPLE = 2_000;

/** The language of a text by its script and its small words, as a two-letter code; `fallback` when nothing tells. */
export function languageOf(text: string, fallback: string): string {
  const sample = text.slice(0, SAMPLE);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const written = SCRIPTS.find(([, script]) => (sample.match(script)?.length ?? 0) > letters * 0.2);
  if (written) return written[0];
  const counts = Object.entries(WORDS).map(([language, words]) => ({
    language,
    count: sample.match(words)?.length ?? 0,
  }));
  const best = counts.toSorted((one, other) => other.count - one.count)[0];
  return best && best.count > 2 ? best.language : fallback;
}

/** The sentences of everything under `root` that is to be heard, in order. */
export function sentencesOf(root: Element, language: string): SpokenSentence[] {
  const innermost = [...root.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS));
  return innermost
    .filter((block) => !block.closest(SILENT))
    .flatMap((block) => sentencesOfBlock(textsOf(block), language));
}

function textsOf(block: Element): Text[] {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    if (!text.parentElement?.closest(SILENT)) texts.push(text);
  }
  return texts;
}

function sentencesOfBlock(texts: Text[], language: string): SpokenSentence[] {
  const whole = texts.map(({ data }) => data).join('');
  return sentencesIn(whole, language)
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
    .map(({ text, index }) => {
      const place = document.createRange();
      place.setStart(...pointAt(texts, index));
      place.setEnd(...pointAt(texts, index + text.trimEnd().length));
      return { text: text.trim(), place };
    });
}

/** The text node and the offset in it of a place in all of them together. */
function pointAt(texts: Text[], at: number): [Text, number] {
  let before = 0;
  for (const text of texts) {
    if (at <= before + text.length) return [text, at - before];
    before += text.length;
  }
  const last = texts.at(-1)!;
  return [last, last.length];
}
