// Tables without lines to go by: rows whose cells begin at the same places.
import type { Row } from './rows.ts';

const FEWEST_ROWS = 3;
const SAME_PLACE = 6;

/** The cells of the rows from `start` on, if at least three in a row are those of a table; else null. */
export function tableRows(rows: readonly Row[], start: number): string[][] | null {
  const first = rows[start];
  if (!first || first.cells.length < 2) return null;
  let end = start + 1;
  for (; end < rows.length; end += 1) {
    const row = rows[end];
    if (!row || row.cells.length < 2 || !aligned(row, first)) break;
  }
  if (end - start < FEWEST_ROWS) return null;
  const widest = rows.slice(start, end).reduce((a, b) => (b.cells.length > a.cells.length ? b : a));
  return rows.slice(start, end).map((row) => inColumns(row, widest));
}

/** Whether two rows share the place where a cell after the first begins, or ends, as numbers do. */
function aligned(row: Row, other: Row): boolean {
  return row.cells
    .slice(1)
    .some((cell) =>
      other.cells
        .slice(1)
        .some(
          ({ left, right }) =>
            Math.abs(left - cell.left) < SAME_PLACE || Math.abs(right - cell.right) < SAME_PLACE,
        ),
    );
}

function inColumns(row: Row, widest: Row): string[] {
  const columns = widest.cells.map(() => '');
  for (const cell of row.cells) {
    const middle = (cell.left + cell.right) / 2;
    const distances = widest.cells.map(({ left, right }) => Math.abs((left + right) / 2 - middle));
    const nearest = distances.indexOf(Math.min(...distances));
    columns[nearest] = [columns[nearest], cell.text.trim()].filter(Boolean).join(' ');
  }
  return columns;
}
