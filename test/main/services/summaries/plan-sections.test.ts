// Bugs these catch: a part of a book that no section holds, one that is read twice, a section that is longer than the
// model can read, chapters that are torn apart though they would fit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSections, type Piece } from '../../../../src-main/services/summaries/plan-sections.ts';
import { piecesOf, type SourcePassage } from '../../../../src-main/services/summaries/source-texts.ts';

/** Pieces one behind the other; a token is a character. */
function toPieces(parts: readonly { text: string; headings?: string[] }[]): Piece[] {
  let start = 0;
  return parts.map(({ text, headings = [] }) => {
    const piece = { start, end: start + text.length, text, tokens: text.length, headings };
    start = piece.end;
    return piece;
  });
}

const chapter = (title: string, length: number): { text: string; headings: string[] } => ({
  text: 'word '.repeat(length / 5),
  headings: [title],
});

describe('sections', () => {
  it('hold every character once, in order, and are never too long', () => {
    const part = fc.record({
      text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
      headings: fc.array(fc.constantFrom('One', 'Two', 'Three'), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 20, max: 600 }),
        (parts, limit) => {
          const pieces = toPieces(parts);
          const sections = planSections(pieces, limit);
          let at = 0;
          for (const { range } of sections) {
            expect(range.start).toBe(at);
            expect(range.end - range.start).toBeGreaterThan(0);
            expect(range.end - range.start).toBeLessThanOrEqual(limit);
            at = range.end;
          }
          expect(at).toBe(pieces.at(-1)?.end);
        },
      ),
    );
  });

  it('follow the headings where what stands below them fits', () => {
    const pieces = toPieces([chapter('A', 300), chapter('A', 300), chapter('B', 500), chapter('C', 700)]);
    expect(planSections(pieces, 800).map(({ title }) => title)).toEqual(['A', 'B', 'C']);
  });

  it('join what is tiny with its neighbour', () => {
    const many = Array.from({ length: 40 }, (_, index) => chapter(`Chapter ${index + 1}`, 50));
    const sections = planSections(toPieces(many), 500);
    expect(sections).toHaveLength(4);
    expect(sections[0]?.title).toBe('Chapter 1 – Chapter 10');
  });

  it('divide a long chapter into about equal parts', () => {
    const parts = Array.from({ length: 11 }, () => chapter('Long', 100));
    const sizes = planSections(toPieces(parts), 1000).map(({ range }) => range.end - range.start);
    expect(sizes).toHaveLength(2);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(500);
  });

  it('never cut a character or a word where a space is near', () => {
    const text = `${'wordword '.repeat(50)}${'😀'.repeat(100)}`;
    const sections = planSections(toPieces([{ text }]), 90);
    for (const { range } of sections) expect(text.slice(range.start, range.end).isWellFormed()).toBe(true);
    expect(text.slice(0, sections[0]?.range.end)).toMatch(/ $/);
  });
});

describe('pieces of a text', () => {
  it('are its characters once, though passages overlap and leave headings out', () => {
    const text = 'Title\nFirst sentence. Second sentence. Third sentence.\nHeading\nAnother passage.\nEnd';
    const passage = (words: string): SourcePassage => {
      const start = text.indexOf(words);
      return { documentId: 1, page: null, headings: [], start, end: start + words.length, text: words };
    };
    const passages = [
      passage('First sentence. Second sentence.'),
      passage('Second sentence. Third sentence.'),
      passage('Another passage.'),
    ];
    const range = { start: 0, end: text.length };
    const headings = [{ start: text.indexOf('Heading'), path: ['Heading'] }];
    const source = { documentId: 1, title: '', language: null, words: 10, range, text, passages, headings };
    const pieces = piecesOf(source);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    expect(pieces.at(-2)).toMatchObject({ text: '\nHeading\nAnother passage.', headings: ['Heading'] });
    expect(pieces.at(-1)?.text).toBe('\nEnd');
    const other = { start: text.indexOf('Third'), path: ['Third'] };
    const cut = piecesOf({ ...source, headings: [other, ...headings] });
    expect(cut.map((piece) => piece.text).join('')).toBe(text);
    expect(cut.some((piece) => piece.text.startsWith('Third') && piece.headings[0] === 'Third')).toBe(true);
    expect(piecesOf({ ...source, passages: [], headings: [] }).map((piece) => piece.text)).toEqual([text]);
  });
});
