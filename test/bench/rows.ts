// What every measurement becomes: a row with its own bar, printed in a table and kept in bench.json.

export interface Row {
  area: string;
  name: string;
  value: number;
  unit: string;
  /** Null: shown for explanation, judged by nothing. */
  bar: number | null;
  better: 'lower' | 'higher';
  pass: boolean | null;
}

/** An area measures its figures one after another; each row is told as soon as it is known. */
export type Area = (tell: (row: Row) => void) => Promise<void>;

type Judged = Pick<Row, 'area' | 'name' | 'value' | 'unit' | 'bar' | 'better'>;

/** A figure with a bar. */
export function judge(row: Judged): Row {
  const { value, bar, better } = row;
  return { ...row, pass: bar === null ? null : better === 'lower' ? value <= bar : value >= bar };
}

/** A figure that explains another one. */
export function explain(row: Pick<Row, 'area' | 'name' | 'value' | 'unit'>): Row {
  return { ...row, bar: null, better: 'lower', pass: null };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** One line of the table. */
export function formatRow({ area, name, value, unit, bar, better, pass }: Row): string {
  const mark = pass === null ? '    ' : pass ? 'ok  ' : 'MISS';
  const limit = bar === null ? '' : `${better === 'lower' ? 'at most' : 'at least'} ${bar}`;
  const figure = `${Number(value.toPrecision(4))} ${unit}`.trim();
  return `${mark} ${area.padEnd(7)} ${name.padEnd(76)} ${figure.padStart(16)}  ${limit}`;
}
