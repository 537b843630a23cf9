// Collects tables whose parts come one after the other. A table inside a cell becomes text of that cell.
import type { ReadBlock } from '#contract/reader.ts';
import { table } from './blocks.ts';

interface OpenTable {
  rows: string[][];
  /** Parts of it were handed on already; the first row stays as the head of the next part. */
  begun: boolean;
  row: string[];
  /** Null between cells. */
  cell: string[] | null;
  /** Columns that the open cell stretches over. */
  span: number;
}

const MOST_COLUMNS = 200;
/** A longer table is handed on in parts, each with the first row as its head. */
const MOST_ROWS = 500;

export class Tables {
  readonly #open: OpenTable[] = [];

  /** Whether a table is open. */
  get any(): boolean {
    return this.#open.length > 0;
  }

  /** Whether the open row has cells. */
  get inRow(): boolean {
    return (this.#open.at(-1)?.row.length ?? 0) > 0;
  }

  /** 'tbl', 'tr' or 'tc' begins. */
  open(part: string): void {
    const top = this.#open.at(-1);
    if (part === 'tbl') this.#open.push({ rows: [], begun: false, row: [], cell: null, span: 1 });
    else if (part === 'tr' && top) top.row = [];
    else if (part === 'tc' && top) [top.cell, top.span] = [[], 1];
  }

  /** The open cell stretches over so many columns. */
  span(columns: number): void {
    const top = this.#open.at(-1);
    if (top && columns > 1) top.span = Math.min(columns, MOST_COLUMNS);
  }

  /** Takes text of a cell; false when no cell is open. */
  add(text: string): boolean {
    const cell = this.#open.at(-1)?.cell;
    if (!cell) return false;
    if (text !== '') cell.push(text);
    return true;
  }

  /** 'tbl', 'tr' or 'tc' ends; the block that became complete with it, if any. */
  close(part: string): ReadBlock | null {
    const top = this.#open.at(-1);
    if (!top) return null;
    if (part === 'tc' && top.cell && top.row.length < MOST_COLUMNS) {
      top.row.push(top.cell.join(' '), ...Array.from({ length: top.span - 1 }, () => ''));
      top.cell = null;
    }
    if (part === 'tr' && top.row.length > 0) {
      top.rows.push(top.row);
      top.row = [];
      if (top.rows.length > MOST_ROWS && this.#open.length === 1) return handedOn(top);
    }
    return part === 'tbl' ? this.#end() : null;
  }

  #end(): ReadBlock | null {
    const ended = this.#open.pop();
    if (!ended) return null;
    if (this.#open.length === 0) return ended.begun && ended.rows.length < 2 ? null : table(ended.rows);
    for (const row of ended.rows) this.add(row.filter(Boolean).join(', '));
    return null;
  }
}

function handedOn(open: OpenTable): ReadBlock | null {
  const block = table(open.rows);
  open.rows.length = 1;
  open.begun = true;
  return block;
}
