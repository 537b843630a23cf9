// Dragging a row to another place in its list with the pointer. Keys do the same from the row's grip.
export class RowDrag {
  readonly #move: (from: number, to: number) => void;
  #from = $state<number | null>(null);
  #target = $state.raw<{ index: number; side: 'before' | 'after' } | null>(null);

  /** `move` gets where the row was and where it is to be, both from 0. */
  constructor(move: (from: number, to: number) => void) {
    this.#move = move;
  }

  /** The row that is being dragged. */
  get from(): number | null {
    return this.#from;
  }

  /** Whether the row would land on this side of row `index`. */
  marks(index: number, side: 'before' | 'after'): boolean {
    return this.#target?.index === index && this.#target.side === side && this.#from !== index;
  }

  start(event: DragEvent, index: number): void {
    this.#from = index;
    const row = (event.currentTarget as HTMLElement).closest('li');
    if (row) event.dataTransfer?.setDragImage(row, 12, 24);
    // Some systems start no drag without any data.
    event.dataTransfer?.setData('text/plain', '');
  }

  over(event: DragEvent, index: number): void {
    if (this.#from === null) return;
    event.preventDefault();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const side = event.clientY < box.top + box.height / 2 ? 'before' : 'after';
    if (this.#target?.index !== index || this.#target.side !== side) this.#target = { index, side };
  }

  drop(event: DragEvent): void {
    const [from, target] = [this.#from, this.#target];
    this.end();
    if (from === null || !target) return;
    event.preventDefault();
    const gap = target.side === 'before' ? target.index : target.index + 1;
    this.#move(from, gap > from ? gap - 1 : gap);
  }

  end(): void {
    this.#from = null;
    this.#target = null;
  }
}
