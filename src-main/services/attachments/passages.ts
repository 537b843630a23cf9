// Which passages of a long document fit a question best: a ranking by words (BM25), without any model. Works in steps,
// so that whoever has other things to do can do them in between.
import { setImmediate as breathe } from 'node:timers/promises';
import { searchText } from '../../database/search-text.ts';
import type { Passages } from '../../database/attachment-repository.ts';
import { breakIn } from './text-breaks.ts';

const SHORTEST = 350;
const LONGEST = 1_000;
/** What stands for a part that is left out takes room too. */
const GAP_CHARACTERS = 8;
const STEP_PASSAGES = 60;
/** How much the words of the passages around one count for it: an answer may stand just behind its heading. */
const NEIGHBOUR_SHARE = 0.2;
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
const WORDS = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const ENDING = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{4,}$/u;
const STEM_LENGTH = 6;

interface Passage {
  from: number;
  to: number;
  /** How many words it has in all, and how often each asked one. */
  length: number;
  counts: Map<string, number>;
}

/**
 * The passages of `text` that fit `question` best, in the order in which they stand, with at most `limit` characters.
 * Where no word of the question stands in the text, passages from all over it. Yields when it has worked for a moment.
 */
export function* choosePassages(
  text: string,
  question: string,
  limit: number,
): Generator<void, Passages, void> {
  if (text.length <= limit) return [[0, text.length]];
  const asked = new Set(wordsOf(question));
  const passages: Passage[] = [];
  for (let from = 0; from < text.length;) {
    const to = breakIn(text, from + SHORTEST, from + LONGEST);
    passages.push({ from, to, ...count(text.slice(from, to), asked) });
    from = to;
    if (passages.length % STEP_PASSAGES === 0) yield;
  }
  const scores = withNeighbours(rank(passages, asked));
  const order = scores.some((score) => score > 0) ? byScore(scores) : spread(passages, limit);
  return merge(take(passages, order, limit));
}

/** The same, breathing between the steps. */
export async function passagesInSteps(text: string, question: string, limit: number): Promise<Passages> {
  const steps = choosePassages(text, question, limit);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await breathe();
  }
}

/** Runs it in one go. */
export function passagesAtOnce(text: string, question: string, limit: number): Passages {
  const steps = choosePassages(text, question, limit);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The words of a text by their stems; of writing without spaces, its pairs of characters. */
function wordsOf(text: string): string[] {
  return (searchText(text.normalize('NFC')).toLowerCase().match(WORDS) ?? []).map(stemOf);
}

/** So that `ships` finds `ship`: close enough for a ranking, in any language with endings. */
function stemOf(word: string): string {
  return ENDING.test(word) ? word.replace(/s$/u, '').slice(0, STEM_LENGTH) : word;
}

function count(text: string, asked: ReadonlySet<string>): Pick<Passage, 'length' | 'counts'> {
  const words = wordsOf(text);
  const counts = new Map<string, number>();
  for (const word of words) if (asked.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { length: words.length, counts };
}

/** BM25 of every passage. */
function rank(passages: readonly Passage[], asked: ReadonlySet<string>): number[] {
  const total = passages.length;
  const average = passages.reduce((sum, { length }) => sum + length, 0) / total || 1;
  const weights = new Map(
    Array.from(asked, (word) => {
      const having = passages.filter(({ counts }) => counts.has(word)).length;
      return [word, Math.log(1 + (total - having + 0.5) / (having + 0.5))] as const;
    }),
  );
  return passages.map(({ length, counts }) => {
    const norm = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * length) / average);
    let score = 0;
    for (const [word, times] of counts) {
      score += ((weights.get(word) ?? 0) * times * (SATURATION + 1)) / (times + norm);
    }
    return score;
  });
}

function withNeighbours(scores: readonly number[]): number[] {
  return scores.map(
    (score, index) => score + NEIGHBOUR_SHARE * ((scores[index - 1] ?? 0) + (scores[index + 1] ?? 0)),
  );
}

/** Indexes, best first; the ones that nothing speaks for are left out, but for the beginning, which says what it is. */
function byScore(scores: readonly number[]): number[] {
  const best = [...scores.keys()]
    .filter((index) => (scores[index] ?? 0) > 0)
    .toSorted((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0) || one - other);
  return best.includes(0) ? best : [...best, 0];
}

/** Indexes at even distances, from the first on. */
function spread(passages: readonly Passage[], limit: number): number[] {
  const room = Math.max(1, Math.floor(limit / (LONGEST + GAP_CHARACTERS)));
  const every = passages.length / Math.min(room, passages.length);
  return Array.from({ length: Math.min(room, passages.length) }, (_, place) => Math.floor(place * every));
}

function take(passages: readonly Passage[], order: readonly number[], limit: number): Passage[] {
  const taken: Passage[] = [];
  let left = limit;
  for (const index of order) {
    const passage = passages[index];
    if (!passage || passage.to - passage.from + GAP_CHARACTERS > left) continue;
    left -= passage.to - passage.from + GAP_CHARACTERS;
    taken.push(passage);
  }
  return taken.toSorted((one, other) => one.from - other.from);
}

/** Those that touch become one. */
function merge(passages: readonly Passage[]): Passages {
  const merged: Passages = [];
  for (const { from, to } of passages) {
    const last = merged.at(-1);
    if (last?.[1] === from) last[1] = to;
    else merged.push([from, to]);
  }
  return merged;
}
