// The keys and clicks of the rows in the list pane, for whichever of its views is shown. The rows are read from the
// page: their order is what a person sees.
import type { SelectionStore } from './selection-store.svelte.ts';

/** The ids of the rows on the page, from top to bottom. */
function rowsIn(pane: Element): number[] {
  return [...pane.querySelectorAll<HTMLElement>('[data-row]')].map((row) => Number(row.dataset.row));
}

function paneOf(event: Event): Element {
  return (event.currentTarget as Element).closest('[data-rows]') ?? document.body;
}

/** True when the click was about the selection; otherwise it is for opening the row. */
export function pickRow(event: MouseEvent, id: number, selection: SelectionStore): boolean {
  if (event.shiftKey) selection.extendTo(id, rowsIn(paneOf(event)));
  else if (event.ctrlKey || event.metaKey) selection.toggle(id);
  else {
    selection.startAt(id);
    return false;
  }
  return true;
}

/** Walks with the arrow keys, selects with Shift, all with Ctrl+A, none with Escape. True when the key was for that. */
export function walkRows(event: KeyboardEvent, selection: SelectionStore): boolean {
  const pane = event.currentTarget as HTMLElement;
  const rows = rowsIn(pane);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
    selection.all(rows);
    return true;
  }
  if (event.key === 'Escape' && selection.ids.size > 0) {
    selection.clear();
    return true;
  }
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  const step = steps[event.key];
  if (step === undefined) return false;
  const row = (event.target as Element).closest<HTMLElement>('[data-row]');
  const from = row ? rows.indexOf(Number(row.dataset.row)) : 0;
  const to = rows[Math.min(rows.length - 1, Math.max(0, from + step))];
  if (to === undefined) return true;
  if (event.shiftKey && row && selection.ids.size === 0) selection.startAt(Number(row.dataset.row));
  if (event.shiftKey) selection.extendTo(to, rows);
  focusRow(pane, to);
  return true;
}

export function focusRow(pane: Element, id: number): void {
  pane.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus();
}

/** Before rows go: the focus moves to the nearest one that stays, not to the top of the page. */
export function focusBeside(ids: readonly number[]): void {
  const focused = document.activeElement?.closest<HTMLElement>('[data-row]');
  const pane = document.querySelector('[data-rows]');
  if (!pane) return;
  const rows = rowsIn(pane);
  const gone = new Set(ids);
  const at = rows.indexOf(Number(focused?.dataset.row ?? ids[0]));
  const next =
    rows.slice(at).find((id) => !gone.has(id)) ?? rows.slice(0, at).findLast((id) => !gone.has(id));
  if (next !== undefined) focusRow(pane, next);
}
