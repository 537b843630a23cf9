// What the dialog for adding a model is about: a file the person names there, or those that were dropped onto the window,
// one after the other.

/** Stands for a file that the person names in the dialog. */
const TO_BE_NAMED = '';

export class AddingStore {
  #queue = $state.raw<readonly string[]>([]);
  #note = $state<string | null>(null);
  /** The present file is being copied or checked: nothing may take its place. */
  busy = $state(false);

  get open(): boolean {
    return this.#queue.length > 0;
  }

  /** The path that was dropped; '' while the person names one. */
  get path(): string {
    return this.#queue[0] ?? TO_BE_NAMED;
  }

  /** How many files come after the present one. */
  get waiting(): number {
    return Math.max(0, this.#queue.length - 1);
  }

  /** What has to be said of the files that came with the present one. */
  get note(): string | null {
    return this.#note;
  }

  /** Opens the dialog for a file that the person names there. */
  ask(): void {
    if (!this.open) this.#queue = [TO_BE_NAMED];
  }

  /** Opens the dialog for these, or lets them wait behind the one it is about. */
  take(paths: readonly string[], note: string | null = null): void {
    this.#note = note;
    const named = this.open && (this.busy || this.path !== TO_BE_NAMED) ? this.#queue : [];
    this.#queue = [...new Set([...named, ...paths])];
  }

  /** The present one is done with, or passed over. */
  next(): void {
    this.#queue = this.#queue.slice(1);
    this.#note = null;
  }

  close(): void {
    this.#queue = [];
    this.#note = null;
  }
}
