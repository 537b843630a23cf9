// Which places of a text say what a sentence says. Computed from the words of both and never asked of a model: a
// sentence is supported when at least half of what is rare in it stands together in one place or a few, with every
// number. Of a sentence in another language than the text nothing is found.
import type { Citation } from '#contract/summaries.ts';
import type { Passage } from '#contract/documents.ts';
import { contentWords, type ContentWords } from './content-words.ts';

/** Share of a sentence's weight that must be found. */
const LEAST_SUPPORT = 0.5;
/** A place that adds less to what is found is not worth naming. */
const LEAST_GAIN = 0.2;
const MOST_CITATIONS = 3;
/** Sentences of the source that make one place: what is told is often spread over two. */
const PLACE_SENTENCES = 2;
/** Of more places only the best are compared. */
const MOST_CANDIDATES = 40;

interface Place {
  documentId: number;
  start: number;
  end: number;
  page: number | null;
  words: ContentWords;
}

type SourceText = Pick<Passage, 'documentId' | 'start' | 'page' | 'text'>;

export interface Support {
  /** Best first; empty when the sentence is not supported. */
  citations: Citation[];
  /** From 0 to 1: how much of the sentence was found. */
  share: number;
}

export class SupportIndex {
  readonly #places: Place[] = [];
  /** By stem or number, the places where it stands. */
  readonly #standsIn = new Map<string, number[]>();
  readonly #segmenter: Intl.Segmenter;

  /** `language` of the text is a BCP 47 tag; null where it is not known. */
  constructor(language: string | null) {
    this.#segmenter = new Intl.Segmenter(language ?? undefined, { granularity: 'sentence' });
  }

  add(source: SourceText): void {
    const sentences = Array.from(this.#segmenter.segment(source.text)).filter(({ segment }) =>
      segment.trim(),
    );
    sentences.forEach(({ index, segment }, at) => {
      const last = sentences[Math.min(at + PLACE_SENTENCES, sentences.length) - 1] ?? { index, segment };
      const text = source.text.slice(index, last.index + last.segment.length);
      const start = source.start + index;
      const end = start + text.trimEnd().length;
      this.#addPlace({
        documentId: source.documentId,
        start,
        end,
        page: source.page,
        words: contentWords(text),
      });
    });
  }

  find(sentence: string): Support {
    const wanted = contentWords(sentence);
    const weights = this.#weigh(wanted);
    const total = sum(weights.values());
    if (total === 0) return { citations: [], share: 0 };
    const chosen = this.#choose(weights, total);
    const found = new Set(chosen.flatMap(({ keys }) => [...keys]));
    const share = sum([...found].map((key) => weights.get(key) ?? 0)) / total;
    const invented = [...wanted.numbers].some((number) => !found.has(number));
    if (share < LEAST_SUPPORT || invented) return { citations: [], share };
    const citations = chosen.map(({ place, keys }): Citation => {
      const support = sum([...keys].map((key) => weights.get(key) ?? 0)) / total;
      return { documentId: place.documentId, start: place.start, end: place.end, page: place.page, support };
    });
    return { citations, share };
  }

  #addPlace(place: Place): void {
    const index = this.#places.push(place) - 1;
    for (const key of [...place.words.stems, ...place.words.numbers]) {
      const known = this.#standsIn.get(key);
      if (known) known.push(index);
      else this.#standsIn.set(key, [index]);
    }
  }

  /** What is rare in the text weighs most, and what is not there at all as much as the rarest. */
  #weigh({ stems, numbers, names }: ContentWords): Map<string, number> {
    const weights = new Map<string, number>();
    const places = this.#places.length;
    for (const key of [...stems, ...numbers]) {
      const count = this.#standsIn.get(key)?.length ?? 0;
      const rarity = Math.log(1 + places / (1 + count));
      weights.set(key, names.has(key) || numbers.has(key) ? rarity * 2 : rarity);
    }
    return weights;
  }

  /** The place with the most, then those that add most to it. */
  #choose(weights: ReadonlyMap<string, number>, total: number): Chosen[] {
    const candidates = this.#candidates(weights);
    const chosen: Chosen[] = [];
    const missing = new Map(weights);
    while (chosen.length < MOST_CITATIONS) {
      let best: (Chosen & { gain: number }) | null = null;
      for (const { place, keys } of candidates) {
        const gain = sum([...keys].map((key) => missing.get(key) ?? 0));
        if (gain > (best?.gain ?? 0)) best = { place, keys, gain };
      }
      if (!best || (chosen.length > 0 && best.gain / total < LEAST_GAIN)) break;
      chosen.push(best);
      for (const key of best.keys) missing.delete(key);
    }
    return chosen;
  }

  #candidates(weights: ReadonlyMap<string, number>): Chosen[] {
    const scores = new Map<number, number>();
    for (const [key, weight] of weights)
      for (const index of this.#standsIn.get(key) ?? []) scores.set(index, (scores.get(index) ?? 0) + weight);
    return [...scores]
      .toSorted(([first, one], [second, other]) => other - one || first - second)
      .slice(0, MOST_CANDIDATES)
      .flatMap(([index]) => {
        const place = this.#places[index];
        if (!place) return [];
        const stands = (key: string): boolean => place.words.stems.has(key) || place.words.numbers.has(key);
        return [{ place, keys: new Set([...weights.keys()].filter(stands)) }];
      });
  }
}

/** A place and what of the sentence stands there. */
interface Chosen {
  place: Place;
  keys: Set<string>;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
