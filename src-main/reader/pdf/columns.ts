// The order in which a page is read: columns one after the other, and what runs across them before or after.
import type { Fragment } from './fragments.ts';

/** Fragments that are read as one column, from top to bottom. */
export type Column = Fragment[];

interface Gutter {
  left: number;
  right: number;
}

const STEP = 2;
const NARROWEST_GUTTER = 8;
const FEWEST_LINES = 5;
/** Of the lines, how many may run across a gutter: titles, wide pictures' captions. */
const MOST_ACROSS = 0.35;
/** Prose fills its column; the cells of a table don't. */
const FILLED = 0.6;
/** In sizes of type; the columns of a table are narrower. */
const NARROWEST_COLUMN = 10;
const DEEPEST = 4;

export function columnsOf(fragments: readonly Fragment[], depth = 0): Column[] {
  const sorted = fragments.toSorted((a, b) => a.y - b.y || a.left - b.left);
  const gutter = depth < DEEPEST ? findGutter(sorted) : null;
  if (!gutter) return sorted.length > 0 ? [sorted] : [];
  const columns: Column[] = [];
  for (const band of bandsOf(sorted, gutter)) {
    if (band.across) columns.push(band.fragments);
    else for (const side of sidesOf(band.fragments, gutter)) columns.push(...columnsOf(side, depth + 1));
  }
  return columns;
}

/** The white stripe from top to bottom that parts the fragments best; null where they are one column. */
function findGutter(fragments: readonly Fragment[]): Gutter | null {
  if (fragments.length < FEWEST_LINES * 2) return null;
  const left = Math.min(...fragments.map((fragment) => fragment.left));
  const right = Math.max(...fragments.map((fragment) => fragment.right));
  const width = right - left;
  const covered = coverage(fragments, left, right);
  const most = fragments.length * MOST_ACROSS;
  let best: { gutter: Gutter; crossings: number } | null = null;
  for (let from = Math.ceil(covered.length * 0.15); from < covered.length * 0.85; from += 1) {
    const crossings = covered[from] ?? 0;
    if (crossings > most || (best && crossings >= best.crossings)) continue;
    let to = from;
    while (to < covered.length && (covered[to] ?? 0) <= crossings) to += 1;
    const gutter = { left: left + from * STEP, right: left + to * STEP };
    if (gutter.right - gutter.left < NARROWEST_GUTTER || gutter.right - gutter.left > width * 0.4) continue;
    if (partsProse(fragments, gutter)) best = { gutter, crossings };
  }
  return best?.gutter ?? null;
}

/** How many fragments lie over each step of the width. */
function coverage(fragments: readonly Fragment[], left: number, right: number): number[] {
  const covered = Array.from({ length: Math.max(1, Math.ceil((right - left) / STEP)) }, () => 0);
  for (const fragment of fragments) {
    const from = Math.max(0, Math.floor((fragment.left - left) / STEP));
    const to = Math.min(covered.length, Math.ceil((fragment.right - left) / STEP));
    for (let step = from; step < to; step += 1) covered[step] = (covered[step] ?? 0) + 1;
  }
  return covered;
}

/** Whether both sides are lines of prose that stand beside each other. */
function partsProse(fragments: readonly Fragment[], gutter: Gutter): boolean {
  const [before, after] = sidesOf(
    fragments.filter((fragment) => !isAcross(fragment, gutter)),
    gutter,
  );
  if (before.length < FEWEST_LINES || after.length < FEWEST_LINES) return false;
  const top = Math.max(before[0]?.y ?? 0, after[0]?.y ?? 0);
  const bottom = Math.min(before.at(-1)?.y ?? 0, after.at(-1)?.y ?? 0);
  const beside = (side: readonly Fragment[]): number =>
    side.filter(({ y }) => y >= top - 1 && y <= bottom + 1).length;
  if (beside(before) < FEWEST_LINES || beside(after) < FEWEST_LINES) return false;
  return fills(before) && fills(after);
}

/** Counted by characters, since the many short labels of a drawing would outvote the lines. */
function fills(side: readonly Fragment[]): boolean {
  const left = Math.min(...side.map((fragment) => fragment.left));
  const width = Math.max(...side.map((fragment) => fragment.right)) - left;
  const filled = side.filter((fragment) => fragment.right - fragment.left >= width * FILLED);
  const size = Math.max(...filled.map((fragment) => fragment.size));
  if (filled.length < FEWEST_LINES || width < size * NARROWEST_COLUMN) return false;
  return charactersOf(filled) >= charactersOf(side) / 2;
}

function charactersOf(fragments: readonly Fragment[]): number {
  return fragments.reduce((sum, { text }) => sum + text.length, 0);
}

function isAcross(fragment: Fragment, gutter: Gutter): boolean {
  return fragment.left < gutter.left && fragment.right > gutter.right;
}

/** The page from top to bottom in bands: what runs across the gutter, and what stands beside it. */
function bandsOf(sorted: readonly Fragment[], gutter: Gutter): { across: boolean; fragments: Fragment[] }[] {
  const bands: { across: boolean; fragments: Fragment[] }[] = [];
  for (const fragment of sorted) {
    const across = isAcross(fragment, gutter);
    const band = bands.at(-1);
    if (band?.across === across) band.fragments.push(fragment);
    else bands.push({ across, fragments: [fragment] });
  }
  return bands;
}

function sidesOf(fragments: readonly Fragment[], gutter: Gutter): [Fragment[], Fragment[]] {
  const middle = (gutter.left + gutter.right) / 2;
  const isBefore = (fragment: Fragment): boolean => (fragment.left + fragment.right) / 2 < middle;
  return [fragments.filter(isBefore), fragments.filter((fragment) => !isBefore(fragment))];
}
