// Bugs these catch: a citation that is a few characters off, a passage that ends in the middle of a sentence, a heading
// that is lost or given to the wrong text, text that is in no passage, a passage too long for any model.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadBlock } from '#contract/reader.ts';
import type { NewPassage } from '../../../../src-main/database/text-repository.ts';
import { PassageSplitter } from '../../../../src-main/services/documents/passage-splitter.ts';
import { BlockPlacer } from '../../../../src-main/services/documents/place-blocks.ts';

type Given = Pick<ReadBlock, 'kind' | 'text'> & Partial<ReadBlock>;

function split(given: readonly Given[]): { passages: NewPassage[]; text: string } {
  const placer = new BlockPlacer();
  const splitter = new PassageSplitter('en');
  const passages: NewPassage[] = [];
  let text = '';
  for (const block of given) {
    const placed = placer.place({ level: null, page: null, continues: false, ...block });
    text += '\n'.repeat(placed.start - text.length) + block.text;
    passages.push(...splitter.take(placed));
  }
  return { passages: [...passages, ...splitter.end()], text };
}

const sentences = (count: number): string =>
  Array.from({ length: count }, (_, index) => `Sentence ${index} tells of the stone in ring ${index}.`).join(
    ' ',
  );

const anyBlock = fc.record({
  kind: fc.constantFrom<ReadBlock['kind']>('heading', 'paragraph', 'item', 'code', 'table'),
  text: fc
    .array(
      fc.constantFrom(
        'A word. ',
        'and more ',
        '宝石は美しい。',
        '😀',
        'x'.repeat(900),
        '\n',
        'Dr. No said: ',
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((parts) => parts.join('')),
  continues: fc.boolean(),
});

describe('passages', () => {
  it('say exactly what stands at their positions, cover all text that is no heading, and are never huge', () => {
    fc.assert(
      fc.property(fc.array(anyBlock, { maxLength: 20 }), (given) => {
        const { passages, text } = split(given);
        const covered = new Set<number>();
        for (const passage of passages) {
          expect(text.slice(passage.start, passage.end)).toBe(passage.text);
          expect(passage.text.isWellFormed()).toBe(true);
          expect(passage.text.length).toBeLessThan(5000);
          for (let at = passage.start; at < passage.end; at++) covered.add(at);
        }
        const placer = new BlockPlacer();
        for (const block of given) {
          const { start, end } = placer.place({ level: null, page: null, ...block });
          if (block.kind === 'heading') continue;
          for (let at = start; at < end; at++) expect(covered.has(at)).toBe(true);
        }
      }),
    );
  });

  it('stand under the headings that are open where they begin', () => {
    const { passages } = split([
      { kind: 'heading', level: 1, text: 'Gems' },
      { kind: 'heading', level: 2, text: 'Ruby' },
      { kind: 'paragraph', text: sentences(20) },
      { kind: 'heading', level: 2, text: 'Opal' },
      { kind: 'paragraph', text: sentences(20) },
      { kind: 'heading', level: 1, text: 'Tools' },
      { kind: 'paragraph', text: sentences(20) },
    ]);
    expect(passages.map(({ headings }) => headings)).toEqual([['Gems', 'Ruby'], ['Gems', 'Opal'], ['Tools']]);
  });

  it('join what is small under several headings, and leave none of it out', () => {
    const given = Array.from({ length: 6 }, (_, index): Given[] => [
      { kind: 'heading', level: 2, text: `Part ${index}` },
      { kind: 'paragraph', text: 'Short.' },
    ]).flat();
    const { passages } = split(given);
    expect(passages).toHaveLength(1);
    expect(passages[0]?.text).toContain('Part 3\nShort.');
  });

  it('end with a sentence, and begin again with it when they end inside a paragraph', () => {
    const { passages } = split([{ kind: 'paragraph', text: sentences(80) }]);
    expect(passages.length).toBeGreaterThan(2);
    for (const [index, { text }] of passages.entries()) {
      expect(text.trimEnd()).toMatch(/\.$/);
      expect(text).toMatch(/^Sentence \d+/);
      const next = passages[index + 1];
      if (next) expect(text.endsWith(next.text.slice(0, next.text.indexOf('. ') + 2))).toBe(true);
    }
  });

  it('keep whole paragraphs where they can', () => {
    const given = Array.from({ length: 6 }, (): Given => ({ kind: 'paragraph', text: sentences(22) }));
    const { passages } = split(given);
    expect(passages.map(({ text }) => text.length)).toEqual(given.map(({ text }) => text.length));
  });
});
