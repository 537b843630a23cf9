// Keys of messages that stand in one line: the next one stands under the one before, also where a file gives two of
// them the same id or none.
import { FreeNames } from './sound-tree.ts';

export interface LinePlace {
  key: string;
  parent: string | null;
}

export class LineKeys {
  readonly #taken = new Set<string>();
  readonly #names = new FreeNames((key) => this.#taken.has(key));
  #last: string | null = null;

  /** `id`: what the file calls it; '' where it has no name. */
  next(id: string): LinePlace {
    const key = this.#names.free(id || `#${this.#taken.size}`);
    const parent = this.#last;
    this.#taken.add(key);
    this.#last = key;
    return { key, parent };
  }
}
