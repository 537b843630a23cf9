// A table that grows row by row in its own scrolling box. Very long ones show their first rows and a button for more,
// since a browser lays out a whole table at every change.
import { InlineView } from './inline-view.ts';
import { cellsOf } from './line-rules.ts';
import type { Alignment, Table } from './block.ts';
import type { MarkdownLabels } from './markdown-renderer.ts';

const ROWS_AT_FIRST = 200;
const ROWS_PER_STEP = 500;
const MAX_COLUMNS = 60;

export class TableView {
  readonly kind = 'table';
  readonly node = document.createElement('div');
  readonly #body = document.createElement('tbody');
  readonly #more = document.createElement('button');
  readonly #labels: MarkdownLabels;
  #table: Table | null = null;
  #limit = ROWS_AT_FIRST;
  #shown = 0;
  #last: { row: string; views: InlineView[] } | null = null;

  constructor(labels: MarkdownLabels) {
    this.#labels = labels;
    this.node.className = 'table';
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', labels.table);
    this.#more.type = 'button';
    this.#more.addEventListener('click', () => {
      this.#limit += ROWS_PER_STEP;
      if (this.#table) this.update(this.#table);
    });
  }

  update(table: Table): void {
    if (!this.#table) this.#begin(table);
    this.#table = table;
    const end = Math.min(table.rows.length, this.#limit);
    // An unfinished row may have been taken back, and the last one may have grown.
    while (this.#shown > end) this.#dropRow();
    if (this.#shown > 0 && this.#last) this.#fill(this.#last, table.rows[this.#shown - 1]!, table);
    while (this.#shown < end) this.#addRow(table);
    this.#offerMore(table.rows.length - end);
  }

  #begin(table: Table): void {
    const element = document.createElement('table');
    const row = element.createTHead().insertRow();
    table.header.slice(0, MAX_COLUMNS).forEach((text, column) => {
      const cell = document.createElement('th');
      cell.scope = 'col';
      new InlineView(styled(cell, table.alignments[column])).update(text, false);
      row.append(cell);
    });
    element.append(this.#body);
    this.node.append(element);
  }

  #addRow(table: Table): void {
    const row = this.#body.insertRow();
    const views = table.header
      .slice(0, MAX_COLUMNS)
      .map((_, column) => new InlineView(styled(row.insertCell(), table.alignments[column])));
    this.#last = { row: '', views };
    this.#fill(this.#last, table.rows[this.#shown]!, table);
    this.#shown += 1;
  }

  #dropRow(): void {
    this.#body.lastElementChild?.remove();
    this.#shown -= 1;
    this.#last = null;
  }

  #fill(last: { row: string; views: InlineView[] }, row: string, table: Table): void {
    if (last.row === row) return;
    last.row = row;
    const cells = cellsOf(row);
    last.views.forEach((view, column) => view.update(cells[column] ?? '', table.open));
  }

  #offerMore(left: number): void {
    if (left <= 0) return this.#more.remove();
    this.#more.textContent = this.#labels.moreRows(left);
    if (!this.#more.isConnected) this.node.append(this.#more);
  }
}

function styled(cell: HTMLTableCellElement, alignment: Alignment | undefined): HTMLTableCellElement {
  if (alignment) cell.classList.add(alignment);
  return cell;
}
