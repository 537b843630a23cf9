// The way from texts to a summary. What fits is read at once. What is longer is read in sections; the facts found there
// are checked against the text, merged with its words beside them, and written out at the end. Every step is kept as
// soon as it is done, and is not done again.
import { AppError } from '#contract/errors.ts';
import type { SummaryLine, SummaryRequest, SummarySection } from '#contract/summaries.ts';
import type { Fact, StoredSection, SummaryDraft } from '../../database/summary-repository.ts';
import { countWords } from '../documents/count-words.ts';
import { acceptAdapted, adaptionFor, type Adaption } from './adapt-line.ts';
import type { ModelAsker } from './ask-model.ts';
import { centralSentences } from './central-sentences.ts';
import { citeLines, indexSupport, supportedFacts } from './find-support.ts';
import * as merging from './merge-facts.ts';
import { parseLines, type ParsedLine } from './parse-lines.ts';
import { adaptPrompt, mergePrompt, notesPrompt, summaryPrompt, type Prompt } from './prompts.ts';
import type { SourcePassage, SourceTexts } from './source-texts.ts';
import { tokensFor, wantedFacts, wantedWords } from './wanted-length.ts';

/** Short lists: small models begin to repeat themselves in long ones. */
const LEAST_FACTS = 3;
const MOST_FACTS = 10;
const WORDS_PER_FACT = 18;
const MOST_MERGED_FACTS = 24;
/** A merge that leaves less than this share of the wanted facts has lost them. */
const LEAST_MERGED = 0.34;
/** A summary of less than this share of the wanted words does not say what was found. */
const LEAST_WRITTEN = 0.25;
/** A second attempt at a line; then it stays as it is. */
const ADAPT_ATTEMPTS = 2;
/** An adapted line takes about so much of the time of a section. */
const ADAPT_UNITS = 0.15;

/** What is done is kept at once, so that it need not be done again. */
export interface Keeping {
  section(index: number, state: SummarySection['state'], facts?: readonly Fact[]): void;
  step(step: 'merging' | 'writing'): void;
  text(text: string): void;
  /** What is still to be done, in sections. */
  left(units: number): void;
  merged(key: string): Fact[] | null;
  addMerge(key: string, facts: readonly Fact[]): void;
  draft(): SummaryDraft | null;
  setDraft(draft: SummaryDraft): void;
}

export interface SummaryWork {
  request: SummaryRequest;
  sources: SourceTexts;
  sections: readonly StoredSection[];
  /** All of it fits and is read at once. */
  whole: boolean;
  /** Of a section, and of what is merged at once. */
  limitTokens: number;
  /** At most, of the summary. */
  answerTokens: number;
  tokensPerWord: number;
  asker: Pick<ModelAsker, 'ask' | 'measure'>;
  keep: Keeping;
}

/** @throws AppError cancelled, and those of the engine. */
export async function summarise(work: SummaryWork): Promise<SummaryLine[]> {
  return new Summariser(work).run();
}

class Summariser {
  readonly #work: SummaryWork;
  readonly #words: number;

  constructor(work: SummaryWork) {
    this.#work = work;
    this.#words = wantedWords(work.request, work.sources.words);
  }

  async run(): Promise<SummaryLine[]> {
    const { keep, sections } = this.#work;
    let draft = keep.draft();
    if (!draft) {
      draft = { lines: await this.#draft(), adapted: 0 };
      keep.setDraft(draft);
    }
    // Only now: what is done has to be found again after a kill.
    sections.forEach(({ state }, index) => {
      if (state === 'reading' || state === 'waiting') keep.section(index, 'done');
    });
    return this.#adapt(draft);
  }

  async #draft(): Promise<SummaryLine[]> {
    const { sources, whole, sections, keep } = this.#work;
    if (whole) {
      sections.forEach((_, index) => keep.section(index, 'reading'));
      const text = sources.all.map(({ text: each, title }) =>
        sources.all.length > 1 ? `${title}\n\n${each}` : each,
      );
      const passages = sources.all.flatMap((source) => source.passages);
      const lines = await this.#write(text.join('\n\n'), passages);
      // A model that invents all of it has not read the text: what stands there says more.
      const invented = lines.every(({ citations }) => citations.length === 0);
      return invented ? this.#asLines(this.#extract(passages, wantedFacts(this.#words))) : lines;
    }
    await this.#readSections();
    const lists = await this.#merge();
    const facts = lists.flatMap((list) => list.facts);
    if (facts.length === 0) return [];
    const carrying = sources.carrying(facts.flatMap(({ citations }) => citations));
    const lines = await this.#write(merging.materialOf(lists, sources), carrying);
    return this.#saysEnough(lines)
      ? lines
      : this.#asLines(merging.firstOfEach(lists, wantedFacts(this.#words)));
  }

  async #readSections(): Promise<void> {
    const { sections, keep } = this.#work;
    const merges = Math.ceil(sections.length / merging.MOST_MERGED);
    for (const [index, section] of sections.entries()) {
      if (section.state === 'done' || section.state === 'merged') continue;
      keep.section(index, 'reading');
      keep.section(index, 'done', await this.#notes(section));
      const waiting = sections.filter(({ state }) => state === 'waiting' || state === 'reading').length;
      keep.left(waiting + (sections.length > merging.MOST_MERGED ? merges : 0) + 1);
    }
  }

  /** What a section says. Where the model says nothing that is there, its most central sentences. */
  async #notes(section: StoredSection): Promise<Fact[]> {
    const { sources, sections, request } = this.#work;
    const share = Math.ceil((wantedFacts(this.#words) * 1.5) / sections.length);
    const most = Math.min(MOST_FACTS, Math.max(LEAST_FACTS, share));
    const passages = sources.passages(section);
    const text = await this.#facts(notesPrompt(sources.text(section), most, request.focus), most);
    const found = await this.#supported(text, passages, most);
    return found.length > 0 ? found : this.#extract(passages, LEAST_FACTS);
  }

  async #supported(lines: readonly ParsedLine[], passages: readonly SourcePassage[], most: number) {
    const index = await indexSupport(passages, this.#work.sources.language);
    return (await supportedFacts(lines, index)).slice(0, most);
  }

  #extract(passages: readonly SourcePassage[], most: number): Fact[] {
    const { language } = this.#work.sources;
    return centralSentences(passages, { language, focus: this.#work.request.focus, most });
  }

  /** The facts that a model writes; none when it can't read so much. */
  async #facts(prompt: Prompt, most: number) {
    const { asker, sources, tokensPerWord } = this.#work;
    try {
      const { text, cut } = await asker.ask(prompt, tokensFor(most * WORDS_PER_FACT, tokensPerWord));
      const lines = parseLines(text, { form: 'bullets', language: sources.language, cut });
      return lines.filter(({ kind }) => kind !== 'heading');
    } catch (error) {
      if (error instanceof AppError && error.code === 'prompt-too-long') return [];
      throw error;
    }
  }

  /** Until what is left can be written out at once. */
  async #merge(): Promise<merging.FactList[]> {
    const { sections, limitTokens, keep } = this.#work;
    let lists: merging.FactList[] = sections.flatMap(({ facts }, index) =>
      facts.length > 0 ? [{ facts, sections: [index] }] : [],
    );
    for (;;) {
      const { sizes, shortened } = await this.#size(lists);
      lists = shortened;
      const total = sizes.reduce((sum, size) => sum + size, 0);
      if (lists.length <= 1 || (lists.length <= merging.MOST_MERGED && total <= limitTokens)) return lists;
      keep.step('merging');
      lists = await this.#mergeGroups(lists, merging.groupLists(sizes, limitTokens));
    }
  }

  async #mergeGroups(lists: readonly merging.FactList[], groups: readonly number[][]) {
    const { keep } = this.#work;
    const most = Math.ceil(wantedFacts(this.#words) / groups.length);
    const merged: merging.FactList[] = [];
    for (const [at, group] of groups.entries()) {
      const members = group.flatMap((index) => lists[index] ?? []);
      const facts = await this.#mergeGroup(
        members,
        Math.min(MOST_MERGED_FACTS, Math.max(LEAST_FACTS * 2, most)),
      );
      const sections = members.flatMap((member) => member.sections);
      for (const index of sections) keep.section(index, 'merged');
      keep.left(groups.length - at);
      merged.push({ facts, sections });
    }
    return merged;
  }

  async #mergeGroup(members: readonly merging.FactList[], most: number): Promise<readonly Fact[]> {
    const { sources, keep, request } = this.#work;
    const [only] = members;
    if (only && members.length === 1) return only.facts;
    const key = merging.keyOf(members);
    const known = keep.merged(key);
    if (known) return known;
    const material = merging.materialOf(members, sources);
    const lines = await this.#facts(mergePrompt(material, most, request.focus), most);
    const citations = members.flatMap(({ facts }) => facts.flatMap((fact) => fact.citations));
    const found = await this.#supported(lines, sources.carrying(citations), most);
    const before = members.reduce((sum, member) => sum + member.facts.length, 0);
    const enough = found.length >= Math.min(most, before) * LEAST_MERGED;
    const facts = enough ? found : merging.firstOfEach(members, most);
    keep.addMerge(key, facts);
    return facts;
  }

  /** Tokens of each list; one that is longer than half of what is merged at once is shortened. */
  async #size(lists: readonly merging.FactList[]) {
    const { asker, sources, limitTokens } = this.#work;
    const materials = lists.flatMap(({ facts }) => facts.map((fact) => merging.factMaterial(fact, sources)));
    const tokens = await asker.measure(materials);
    const sizes: number[] = [];
    let at = 0;
    const shortened = lists.map((list) => {
      const own = tokens.slice(at, (at += list.facts.length));
      const facts = merging.within(list.facts, own, limitTokens / 2);
      sizes.push(own.slice(0, facts.length).reduce((sum, each) => sum + each, 0));
      return { ...list, facts };
    });
    return { sizes, shortened };
  }

  /** The summary in the language of the text, each line with where the text says so. */
  async #write(material: string, passages: readonly SourcePassage[]): Promise<SummaryLine[]> {
    const { asker, request, sources, keep, tokensPerWord, answerTokens } = this.#work;
    keep.step('writing');
    const prompt = summaryPrompt(material, request, this.#words);
    const limit = Math.min(answerTokens, tokensFor(this.#words, tokensPerWord));
    const { text, cut } = await asker.ask(prompt, limit, (more) => keep.text(more));
    const lines = parseLines(text, { form: request.form, language: sources.language, cut });
    return citeLines(lines, await indexSupport(passages, sources.language));
  }

  /** Some models write a single sentence whatever they are asked for. */
  #saysEnough(lines: readonly SummaryLine[]): boolean {
    const { form, length } = this.#work.request;
    const structured = form !== 'paragraphs' && form !== 'bullets';
    if (lines.length === 0) return false;
    if (structured || length.kind === 'sentence') return true;
    return countWords(lines.map(({ text }) => text).join(' ')) >= this.#words * LEAST_WRITTEN;
  }

  /** Facts in place of what a model would have made of them. */
  #asLines(facts: readonly Fact[]): SummaryLine[] {
    const sentences = this.#work.request.form === 'paragraphs';
    return facts.map((each, index) =>
      sentences
        ? { kind: 'sentence', level: 0, begins: index === 0, ...each }
        : { kind: 'item', level: 1, begins: true, ...each },
    );
  }

  async #adapt(draft: SummaryDraft): Promise<SummaryLine[]> {
    const { request, sources, keep } = this.#work;
    const adaption = adaptionFor(request, sources.language);
    if (!adaption) return draft.lines;
    keep.step('writing');
    const lines = [...draft.lines];
    for (const [index, line] of lines.entries()) {
      if (index < draft.adapted) continue;
      lines[index] = { ...line, text: await this.#adaptLine(line.text, adaption) };
      keep.setDraft({ lines, adapted: index + 1 });
      keep.left((lines.length - index - 1) * ADAPT_UNITS);
    }
    return lines;
  }

  /** As it is when it can't be said otherwise with the same numbers. */
  async #adaptLine(line: string, adaption: Adaption): Promise<string> {
    const { asker, tokensPerWord } = this.#work;
    const limit = tokensFor(line.split(/\s+/u).length * 2, tokensPerWord);
    for (let attempt = 0; attempt < ADAPT_ATTEMPTS; attempt++) {
      const { text, cut } = await asker.ask(adaptPrompt(line, adaption.language, adaption.level), limit);
      const adapted = cut ? null : acceptAdapted(line, text, adaption);
      if (adapted !== null) return adapted;
    }
    return line;
  }
}
