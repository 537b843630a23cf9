// Gives the blocks of a document their places in its text: one line break between two, none inside of one that was
// cut into pieces.
import type { DocumentBlock } from '#contract/documents.ts';
import type { ReadBlock } from '#contract/reader.ts';

export class BlockPlacer {
  #end: number | null = null;

  /** Characters so far. */
  get characters(): number {
    return this.#end ?? 0;
  }

  place({ continues, ...block }: ReadBlock): DocumentBlock {
    const start = this.#end === null ? 0 : this.#end + (continues ? 0 : 1);
    this.#end = start + block.text.length;
    return { ...block, start, end: this.#end };
  }
}
