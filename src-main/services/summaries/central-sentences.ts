// The sentences of a text that share most with all others, word for word: what a summary is made of where a model
// wrote nothing that the text says.
import type { Fact } from '../../database/summary-repository.ts';
import { contentWords } from '../documents/support/content-words.ts';
import type { SourcePassage } from './source-texts.ts';

interface CentralOptions {
  /** BCP 47 of the text; null where it is not known. */
  language: string | null;
  /** When it is not '', only sentences with a word of it. */
  focus: string;
  most: number;
}

interface Sentence {
  fact: Fact;
  start: number;
  stems: ReadonlySet<string>;
}

const LEAST_STEMS = 4;
/** What stands in more of the sentences is 'the', 'and' or their like. */
const COMMON_SHARE = 0.3;
/** Longer ones are lists and tables. */
const MOST_CHARACTERS = 400;

/** In the order of the text. */
export function centralSentences(passages: readonly SourcePassage[], options: CentralOptions): Fact[] {
  const { focus, most } = options;
  const sentences = sentencesOf(passages, options.language);
  const counts = new Map<string, number>();
  for (const { stems } of sentences) for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const common = Math.max(3, sentences.length * COMMON_SHARE);
  const wanted = contentWords(focus).stems;
  const scored = sentences.map((sentence) => {
    const kept = [...sentence.stems].map((stem) => counts.get(stem) ?? 0).filter((count) => count <= common);
    const centrality = kept.reduce((total, count) => total + Math.log(count), 0);
    const asked = [...wanted].filter((stem) => stem.length >= LEAST_STEMS && sentence.stems.has(stem)).length;
    const weight = Math.sqrt(sentence.stems.size) || 1;
    return { sentence, asked, score: centrality / weight + asked };
  });
  return scored
    .filter(({ asked }) => focus.trim() === '' || asked > 0)
    .toSorted((one, other) => other.score - one.score || one.sentence.start - other.sentence.start)
    .slice(0, most)
    .map(({ sentence }) => sentence)
    .toSorted((one, other) => one.start - other.start)
    .map(({ fact }) => fact);
}

/** Those that say something by themselves; of passages that overlap each sentence once. */
function sentencesOf(passages: readonly SourcePassage[], language: string | null): Sentence[] {
  const segmenter = new Intl.Segmenter(language ?? undefined, { granularity: 'sentence' });
  const found = new Map<string, Sentence>();
  for (const { documentId, start: from, page, text: whole } of passages) {
    for (const { segment, index } of segmenter.segment(whole)) {
      const text = segment.trim();
      const start = from + index + (segment.length - segment.trimStart().length);
      const { stems } = contentWords(text);
      if (stems.size < LEAST_STEMS || text.length > MOST_CHARACTERS) continue;
      const citation = { documentId, start, end: start + text.length, page, support: 1 };
      found.set(`${documentId}:${start}`, {
        fact: { text: text.replaceAll(/\s+/gu, ' '), citations: [citation] },
        start,
        stems,
      });
    }
  }
  return [...found.values()];
}
