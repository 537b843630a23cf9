// Which rows of the list pane are selected, as file managers do it: Ctrl adds, Shift takes everything up to there.
export class SelectionStore {
  #ids = $state.raw<ReadonlySet<number>>(new Set());
  /** Where a range begins. */
  #anchor: number | null = null;

  get ids(): ReadonlySet<number> {
    return this.#ids;
  }

  /** What an action on this row is for: the whole selection if the row is part of it, otherwise the row. */
  around(id: number): number[] {
    return this.#ids.has(id) ? [...this.#ids] : [id];
  }

  only(id: number): void {
    this.#ids = new Set([id]);
    this.#anchor = id;
  }

  toggle(id: number): void {
    const ids = new Set(this.#ids);
    if (!ids.delete(id)) ids.add(id);
    this.#ids = ids;
    this.#anchor = id;
  }

  /** Everything between the anchor and this row, in the order of the rows. */
  extendTo(id: number, rows: readonly number[]): void {
    const from = rows.indexOf(this.#anchor ?? id);
    const to = rows.indexOf(id);
    if (from < 0) return this.only(id);
    this.#ids = new Set(rows.slice(Math.min(from, to), Math.max(from, to) + 1));
  }

  /** Where a range will begin, with nothing selected. */
  startAt(id: number): void {
    this.clear();
    this.#anchor = id;
  }

  all(rows: readonly number[]): void {
    this.#ids = new Set(rows);
  }

  clear(): void {
    if (this.#ids.size > 0) this.#ids = new Set();
  }

  /** Rows that are gone are no longer selected. */
  forget(id: number): void {
    if (this.#ids.has(id)) this.#ids = new Set([...this.#ids].filter((each) => each !== id));
  }
}
