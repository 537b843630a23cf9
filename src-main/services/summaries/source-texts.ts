// The texts that a summary is made of, held while it is made: whole, by section, and by passage.
import { createHash } from 'node:crypto';
import type { Passage, Section, TextRange } from '#contract/documents.ts';
import { AppError } from '#contract/errors.ts';
import type { Citation, SummarySource } from '#contract/summaries.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { PassagePlace } from '../../database/text-repository.ts';
import { countWords } from '../documents/count-words.ts';
import type { Piece } from './plan-sections.ts';

/** A passage, or what of it belongs to the source. */
export type SourcePassage = Pick<Passage, 'documentId' | 'start' | 'end' | 'page' | 'headings' | 'text'>;

export interface SourceText {
  documentId: number;
  title: string;
  /** Of the document; null when it is not known. */
  language: string | null;
  range: TextRange;
  text: string;
  words: number;
  passages: SourcePassage[];
  /** Where headings begin, and the path of headings there. */
  headings: { start: number; path: readonly string[] }[];
}

export interface Place {
  documentId: number;
  range: TextRange;
}

export class SourceTexts {
  readonly all: readonly SourceText[];
  #fingerprint: string | null = null;

  constructor(sources: readonly SourceText[]) {
    this.all = sources;
  }

  /** Of the first text; what is asked for without a language is in that of the text. */
  get language(): string | null {
    return this.all[0]?.language ?? null;
  }

  get words(): number {
    return this.all.reduce((total, { words }) => total + words, 0);
  }

  /** Changes with every character. */
  get fingerprint(): string {
    if (this.#fingerprint !== null) return this.#fingerprint;
    const hash = createHash('sha256');
    for (const { documentId, range, text } of this.all)
      hash.update(`${documentId}:${range.start}-${range.end}\n${text}\n`);
    return (this.#fingerprint = hash.digest('hex'));
  }

  title(documentId: number): string {
    return this.all.find((source) => source.documentId === documentId)?.title ?? '';
  }

  text({ documentId, range }: Place): string {
    const source = this.#holding(documentId, range);
    return source ? source.text.slice(range.start - source.range.start, range.end - source.range.start) : '';
  }

  /** Those of a section, cut where it ends. */
  passages({ documentId, range }: Place): SourcePassage[] {
    return (this.#holding(documentId, range)?.passages ?? []).flatMap((passage) => clip(passage, range));
  }

  /** Every passage that one of these stands in, once, in order. */
  carrying(citations: readonly Citation[]): SourcePassage[] {
    return this.all.flatMap(({ documentId, passages }) => {
      const here = citations.filter((citation) => citation.documentId === documentId);
      return passages.filter(({ start, end }) => here.some((each) => each.start < end && each.end > start));
    });
  }

  #holding(documentId: number, { start, end }: TextRange): SourceText | undefined {
    return this.all.find(
      (each) => each.documentId === documentId && each.range.start <= start && each.range.end >= end,
    );
  }
}

type Documents = Pick<AppDatabase, 'documents'>;

/** That all of them can be read. @throws AppError not-found, document-not-ready */
export function checkSources({ documents }: Documents, wanted: readonly SummarySource[]): void {
  for (const { documentId } of wanted) {
    const document = documents.get(documentId);
    if (!document) throw new AppError('not-found', `There is no document ${documentId}`);
    if (document.state !== 'ready')
      throw new AppError('document-not-ready', `Document ${documentId} is ${document.state}`);
  }
}

/** @throws AppError not-found, document-not-ready */
export function loadSources(
  database: Documents & Pick<AppDatabase, 'texts'>,
  wanted: readonly SummarySource[],
): SourceTexts {
  checkSources(database, wanted);
  const { documents, texts } = database;
  const sources = wanted.flatMap(({ documentId, range: part }): SourceText[] => {
    const document = documents.get(documentId);
    if (!document) return [];
    const { title, language, characters } = document;
    const range = {
      start: Math.min(part?.start ?? 0, characters),
      end: Math.min(part?.end ?? characters, characters),
    };
    const text = texts.text(documentId, range);
    const passages = texts.places(documentId).flatMap((place) => fill(place, text, range));
    const headings = pathsOf(texts.outline(documentId));
    const words = part === null ? document.words : countWords(text);
    return [{ documentId, title, language, range, text, words, passages, headings }];
  });
  return new SourceTexts(sources);
}

/** What to plan sections from: every character of the text once, divided at headings and where passages end. */
export function piecesOf({ range, text, passages, headings }: SourceText): Omit<Piece, 'tokens'>[] {
  const inside = ({ start }: { start: number }): boolean => start > range.start && start < range.end;
  const starts = headings.filter(inside).map(({ start }) => start);
  const ends = passages.map(({ end }, index) => Math.min(end, passages[index + 1]?.start ?? range.end));
  const divided = [range.start, ...starts, ...ends, range.end].toSorted((one, other) => one - other);
  let at = range.start;
  return divided.flatMap((end): Omit<Piece, 'tokens'>[] => {
    const words = text.slice(at - range.start, end - range.start);
    // What is between a passage and the heading behind it is nothing by itself.
    if (words.trim() === '' && end < range.end) return [];
    if (words === '') return [];
    const start = at;
    at = end;
    const begins = start + (words.length - words.trimStart().length);
    const path = headings.findLast((heading) => heading.start <= begins)?.path ?? [];
    return [{ start, end, text: words, headings: path }];
  });
}

function pathsOf(outline: readonly Section[]): SourceText['headings'] {
  const above: { level: number; title: string }[] = [];
  return outline.map(({ start, level, title }) => {
    while ((above.at(-1)?.level ?? 0) >= level && above.length > 0) above.pop();
    above.push({ level, title });
    return { start, path: above.map((each) => each.title).filter(Boolean) };
  });
}

function fill(place: PassagePlace, text: string, range: TextRange): SourcePassage[] {
  const start = Math.max(place.start, range.start);
  const end = Math.min(place.end, range.end);
  if (end <= start) return [];
  return [{ ...place, start, end, text: text.slice(start - range.start, end - range.start) }];
}

function clip(passage: SourcePassage, range: TextRange): SourcePassage[] {
  const start = Math.max(passage.start, range.start);
  const end = Math.min(passage.end, range.end);
  if (end <= start) return [];
  return [{ ...passage, start, end, text: passage.text.slice(start - passage.start, end - passage.start) }];
}
