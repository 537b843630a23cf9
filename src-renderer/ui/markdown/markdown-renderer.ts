// Shows Markdown inside an element while it arrives. Painting is paced: a few times a second is all the eye needs, and
// the processor belongs to the model. Long texts are taken in slices between which the page can answer.
import { ChildrenView } from './block-views.ts';
import { beginFrame, hasBudget, spend } from './frame-budget.ts';
import { MarkdownSource } from './markdown-source.ts';

/** Every word that the view itself says, and what it does with long code. */
export interface MarkdownLabels {
  code: string;
  table: string;
  copy: string;
  copied: string;
  copyFailed: string;
  /** Of code that can be drawn as a diagram: the button, the name of the image, and what is said when it can't. */
  draw: string;
  diagram: string;
  notDrawn: string;
  done: string;
  open: string;
  moreRows: (count: number) => string;
  moreBlocks: string;
  wrap: string;
  allLines: (count: number) => string;
  fewerLines: string;
  /** The way from a footnote to where it was asked for. */
  noteBack: string;
  /** Long code is folded. Not for who reads along while it is written: nothing may close under their eyes. */
  foldsCode: boolean;
}

/** UTF-16 units between two looks at the clock, and how long a turn may take: its layout takes as long again. */
const SLICE = 500;
const TURN_MS = 8;
/** Plain text is laid out fast: even the least budget shows more of it than any model writes in a frame. */
const UNITS_PER_BUDGET_UNIT = 4;
/** UTF-16 units that are shown without waiting for a frame. */
const AT_ONCE = 20_000;
/** Between two paints, and between two that each had much to show. */
const CALM_MS = 100;
const FAST_MS = 180;
/** UTF-16 units per paint from which the slower pace is enough. */
const FAST_UNITS = 150;

export class MarkdownRenderer {
  readonly #source = new MarkdownSource();
  readonly #view: ChildrenView;
  #waiting = '';
  #finishing = false;
  #finished = false;
  #scheduled = false;
  #disposed = false;
  #paintedAt = 0;
  #pace = CALM_MS;

  constructor(node: HTMLElement, labels: MarkdownLabels) {
    this.#view = new ChildrenView(node, labels, true);
  }

  append(text: string): void {
    this.#waiting += text;
    this.#schedule();
  }

  /** Nothing follows. What waits is shown at once, or in turns from the next frame on when it is much. */
  finish(): void {
    this.#finishing = true;
    if (this.#waiting.length > AT_ONCE) this.#continueSoon();
    // Many short texts appear together when a conversation opens: each in full, so that nothing jumps.
    else this.#paint(() => true);
  }

  dispose(): void {
    this.#disposed = true;
  }

  #schedule(): void {
    if (this.#scheduled || this.#disposed) return;
    this.#scheduled = true;
    const wait = this.#paintedAt + this.#pace - performance.now();
    if (wait > 4) setTimeout(() => requestAnimationFrame(this.#frame), wait);
    else requestAnimationFrame(this.#frame);
  }

  readonly #frame = (): void => {
    this.#scheduled = false;
    if (this.#disposed || this.#finished) return;
    beginFrame();
    this.#paint(hasBudget);
  };

  /** At least one slice, so that several answers at a time all go on. */
  #paint(hasRoom: () => boolean): void {
    const began = performance.now();
    const fast = this.#waiting.length > FAST_UNITS;
    let at = 0;
    do {
      if (at < this.#waiting.length) this.#source.append(this.#waiting.slice(at, at + SLICE));
      at += SLICE;
      spend(SLICE / UNITS_PER_BUDGET_UNIT);
      if (this.#finishing && at >= this.#waiting.length) this.#end();
      this.#view.update(this.#source.show().children);
    } while (at < this.#waiting.length && hasRoom() && performance.now() - began < TURN_MS);
    this.#waiting = this.#waiting.slice(at);
    this.#pace = fast ? FAST_MS : CALM_MS;
    this.#paintedAt = performance.now();
    if (this.#waiting !== '') this.#continueSoon();
  }

  #end(): void {
    this.#finished = true;
    this.#source.finish();
  }

  /** In the next frame, so that what was added is laid out before more comes. */
  #continueSoon(): void {
    this.#pace = 0;
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(this.#frame);
  }
}
