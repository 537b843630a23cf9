// The lines of a column: fragments on the same baseline, side by side.
import type { Column } from './columns.ts';
import type { Fragment } from './fragments.ts';

export interface Row {
  /** As they are read. More than one where wide gaps part them: cells, or a number at the margin. */
  cells: Fragment[];
  text: string;
  left: number;
  right: number;
  y: number;
  size: number;
}

const SAME_BASELINE = 0.4;

export function rowsOf(column: Column): Row[] {
  const rows: Fragment[][] = [];
  for (const fragment of column) {
    const row = rows.at(-1);
    const first = row?.[0];
    const size = Math.min(first?.size ?? 0, fragment.size);
    if (row && first && Math.abs(first.y - fragment.y) <= size * SAME_BASELINE) row.push(fragment);
    else rows.push([fragment]);
  }
  return rows.map(asRow);
}

function asRow(fragments: readonly Fragment[]): Row {
  const rightToLeft = fragments.filter((fragment) => fragment.rightToLeft).length > fragments.length / 2;
  const cells = fragments.toSorted((a, b) => (rightToLeft ? b.right - a.right : a.left - b.left));
  // Whichever has most of the text stands for the row.
  const longest = cells.reduce((best, cell) => (cell.text.length > best.text.length ? cell : best));
  return {
    cells,
    text: cells.map(({ text }) => text.trim()).join(' '),
    left: Math.min(...cells.map(({ left }) => left)),
    right: Math.max(...cells.map(({ right }) => right)),
    y: longest.y,
    size: longest.size,
  };
}
