// What the styles of a Word document say about structure: which are headings, which are lists.
import { elements } from '../xml.ts';

export interface ParagraphStyle {
  /** Of a heading, from 1. */
  headingLevel: number | null;
  list: { id: string; depth: number } | null;
}

interface OwnStyle extends ParagraphStyle {
  basedOn: string | null;
}

const LONGEST_CHAIN = 20;
const PLAIN: ParagraphStyle = { headingLevel: null, list: null };

/** Finds a style's structure by its id. */
export function readStyles(xml: string): (id: string | null) => ParagraphStyle {
  const styles = new Map<string, OwnStyle>();
  let style: OwnStyle = { ...PLAIN, basedOn: null };
  for (const { name, attributes } of elements(xml)) {
    const value = attributes['w:val'] ?? '';
    if (name === 'w:style') {
      style = { ...PLAIN, basedOn: null };
      styles.set(attributes['w:styleId'] ?? '', style);
    }
    if (name === 'w:name') style.headingLevel ??= headingLevel(value);
    if (name === 'w:basedOn') style.basedOn = value;
    if (name === 'w:outlineLvl') style.headingLevel = outlineLevel(value);
    if (name === 'w:numId') style.list = { id: value, depth: style.list?.depth ?? 0 };
    if (name === 'w:ilvl') style.list = { id: style.list?.id ?? '', depth: Number(value) || 0 };
  }
  return (id) => {
    let found = PLAIN;
    for (let step = 0, next = id; next !== null && step < LONGEST_CHAIN; step += 1) {
      const own = styles.get(next);
      found = {
        headingLevel: found.headingLevel ?? own?.headingLevel ?? null,
        list: found.list ?? own?.list ?? null,
      };
      next = own?.basedOn ?? null;
    }
    return found;
  };
}

/** '0' is the first level; '9' is body text. */
export function outlineLevel(value: string): number | null {
  const level = Number(value);
  return Number.isInteger(level) && level >= 0 && level < 9 ? level + 1 : null;
}

/** The names of the built-in styles are in English in every language's Word. */
function headingLevel(name: string): number | null {
  const level = /^heading ([1-9])$/i.exec(name)?.[1];
  if (level) return Number(level);
  return name.toLowerCase() === 'title' ? 1 : null;
}
