// The facts of many sections become those of a few. A merge sees the words of the text beside the facts, since joining
// facts alone makes a model invent; what it writes that the text does not say is dropped.
import { createHash } from 'node:crypto';
import type { Fact } from '../../database/summary-repository.ts';
import type { SourceTexts } from './source-texts.ts';

/** Of more sections at once a small model forgets the middle. */
export const MOST_MERGED = 6;
/** Words of the text for one fact. */
const QUOTE_CHARACTERS = 280;

/** Facts, with the sections they come from. */
export interface FactList {
  facts: readonly Fact[];
  sections: readonly number[];
}

/** What a model gets to read of these: facts, and below them the words of the text. */
export function materialOf(lists: readonly FactList[], sources: SourceTexts): string {
  const several = sources.all.length > 1;
  const parts = lists
    .filter(({ facts }) => facts.length > 0)
    .map(({ facts }) => {
      const notes = facts.map(({ text }) => `- ${text}`);
      const quotes = new Set(facts.map((fact) => quoteOf(fact, sources)));
      const from = several ? [`From ${sources.title(facts[0]?.citations[0]?.documentId ?? 0)}:`] : [];
      return [...from, ...notes, ...quotes].join('\n');
    });
  return parts.join('\n\n');
}

/** As it stands in the material, with its quote. */
export function factMaterial(fact: Fact, sources: SourceTexts): string {
  return `- ${fact.text}\n${quoteOf(fact, sources)}`;
}

/** At most so many lists and tokens to a group; `tokens` of each list. Lists of half the limit or less always pair. */
export function groupLists(tokens: readonly number[], limitTokens: number): number[][] {
  const groups: number[][] = [];
  let sum = 0;
  tokens.forEach((size, index) => {
    const last = groups.at(-1);
    if (last && last.length < MOST_MERGED && sum + size <= limitTokens) {
      last.push(index);
      sum += size;
    } else {
      groups.push([index]);
      sum = size;
    }
  });
  return groups;
}

/** The first ones of each list in turn. */
export function firstOfEach(lists: readonly FactList[], most: number): Fact[] {
  const longest = Math.max(0, ...lists.map(({ facts }) => facts.length));
  const chosen = new Set<Fact>();
  for (let at = 0; at < longest; at++)
    for (const { facts } of lists) {
      const fact = facts[at];
      if (fact && chosen.size < most) chosen.add(fact);
    }
  return lists.flatMap(({ facts }) => facts.filter((fact) => chosen.has(fact)));
}

/** As many of the first ones as fit. */
export function within(facts: readonly Fact[], tokens: readonly number[], limitTokens: number): Fact[] {
  let sum = 0;
  return facts.filter((_, index) => (sum += tokens[index] ?? 0) <= limitTokens || index === 0);
}

/** What the merge of these is kept under. */
export function keyOf(lists: readonly FactList[]): string {
  return createHash('sha256')
    .update(JSON.stringify(lists.map(({ facts }) => facts.map(({ text }) => text))))
    .digest('hex');
}

function quoteOf({ citations }: Fact, sources: SourceTexts): string {
  const best = citations[0];
  if (!best) return '';
  const range = { start: best.start, end: best.end };
  const words = sources.text({ documentId: best.documentId, range }).replaceAll(/\s+/gu, ' ');
  return `"${words.length > QUOTE_CHARACTERS ? `${words.slice(0, QUOTE_CHARACTERS).toWellFormed()}…` : words}"`;
}
