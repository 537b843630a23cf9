// The numbers that Word shows before list items and headings: they are not in the text, but counted.
import { elements } from '../xml.ts';

interface Level {
  format: string;
  /** '%1.%2.' */
  pattern: string;
  start: number;
}

const DEEPEST = 9;
const ROMAN: [number, string][] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

export class Numbering {
  readonly #lists = new Map<string, Map<number, Level>>();
  /** Lists that share their definition go on counting. */
  readonly #definitionOf = new Map<string, string>();
  readonly #counts = new Map<string, number[]>();

  constructor(xml: string) {
    let levels = new Map<number, Level>();
    let level: Level = { format: 'bullet', pattern: '', start: 1 };
    let list = '';
    for (const { name, attributes } of elements(xml)) {
      const value = attributes['w:val'] ?? '';
      if (name === 'w:abstractNum')
        this.#lists.set(attributes['w:abstractNumId'] ?? '', (levels = new Map()));
      if (name === 'w:lvl')
        levels.set(Number(attributes['w:ilvl']), (level = { format: 'decimal', pattern: '', start: 1 }));
      if (name === 'w:start') level.start = Number(value) || 0;
      if (name === 'w:numFmt') level.format = value;
      if (name === 'w:lvlText') level.pattern = value;
      if (name === 'w:num') {
        list = attributes['w:numId'] ?? '';
        level = { ...level };
        levels = new Map();
      }
      if (name === 'w:abstractNumId') this.#definitionOf.set(list, value);
    }
  }

  /** Counts one more paragraph of a list: its mark, such as '2.' or 'a)', or '' where it is a bullet. */
  next(id: string, depth: number): string {
    const definition = this.#definitionOf.get(id) ?? '';
    const levels = this.#lists.get(definition);
    const level = levels?.get(depth);
    if (!levels || !level || depth < 0 || depth >= DEEPEST) return '';
    const counts = this.#counts.get(definition) ?? [];
    this.#counts.set(definition, counts);
    counts[depth] = (counts[depth] ?? level.start - 1) + 1;
    counts.length = depth + 1;
    if (level.format === 'bullet' || level.format === 'none') return '';
    return level.pattern.replaceAll(/%([1-9])/g, (_, place: string) => {
      const index = Number(place) - 1;
      const shown = levels.get(index);
      return written(counts[index] ?? shown?.start ?? 1, shown?.format ?? 'decimal');
    });
  }
}

function written(count: number, format: string): string {
  if (format === 'lowerLetter') return letters(count);
  if (format === 'upperLetter') return letters(count).toUpperCase();
  if (format === 'lowerRoman') return roman(count);
  if (format === 'upperRoman') return roman(count).toUpperCase();
  return String(count);
}

/** a to z, then aa to zz, as Word does it. */
function letters(count: number): string {
  const index = Math.max(0, count - 1);
  return String.fromCodePoint(97 + (index % 26)).repeat(Math.min(10, Math.floor(index / 26) + 1));
}

function roman(count: number): string {
  let rest = Math.min(Math.max(count, 0), 3999);
  let text = '';
  for (const [value, letter] of ROMAN) {
    text += letter.repeat(Math.floor(rest / value));
    rest %= value;
  }
  return text;
}
