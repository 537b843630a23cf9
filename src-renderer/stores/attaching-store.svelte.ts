// Who takes files that are dropped onto the window and are no models: a place that can use them, while it is there.

export type FileTaker = (files: readonly File[]) => void;

export class AttachingStore {
  #taker = $state.raw<FileTaker | null>(null);

  /** Null while nobody would take them. */
  get taker(): FileTaker | null {
    return this.#taker;
  }

  /** Files go to `taker` until the returned function is called. */
  offer(taker: FileTaker): () => void {
    this.#taker = taker;
    return () => {
      if (this.#taker === taker) this.#taker = null;
    };
  }
}
