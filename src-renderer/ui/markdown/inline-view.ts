// The inside of one paragraph, cell or heading while it grows. What can't change any more is frozen at the end of a
// sentence; only the short tail behind it is lexed again when text arrives, and what of it is the same stays.
import { placeInline, type Placed } from './inline-nodes.ts';
import { inlineTokens, isPlain, type InlineToken } from './inline-tokens.ts';
import { closeMarkup } from './close-markup.ts';
import { lineCut } from './line-cut.ts';

/** UTF-16 units of tail from which freezing is tried, and from which it is done in any case. */
const FREEZE_FROM = 240;
const FREEZE_AT_LAST = 4_000;

export class InlineView {
  readonly #node: HTMLElement;
  #shown: string | null = null;
  #wasOpen = true;
  #frozen = 0;
  /** What is shown of the tail. */
  #tail: Placed[] = [];
  #tryAt = FREEZE_FROM;
  #plainTail: Text | null = null;

  constructor(node: HTMLElement) {
    this.#node = node;
  }

  /** Shows `text`; an open one may still grow, a closed one is shown for good. */
  update(text: string, open: boolean): void {
    const before = this.#shown;
    if (text === before && open === this.#wasOpen) return;
    if (before !== null && !text.startsWith(before.slice(0, this.#frozen))) this.#reset();
    this.#shown = text;
    this.#wasOpen = open;
    if (open && before !== null && this.#appendPlain(before, text)) return;
    const settled = open && text.length - this.#frozen > this.#tryAt ? this.#freeze(text) : [];
    this.#showTail(settled, text.slice(this.#frozen), open);
  }

  #reset(): void {
    this.#node.replaceChildren();
    this.#frozen = 0;
    this.#tail = [];
    this.#tryAt = FREEZE_FROM;
    this.#plainTail = null;
  }

  /** Words behind plain words need no lexing. */
  #appendPlain(before: string, text: string): boolean {
    if (!this.#plainTail || text.length - this.#frozen > this.#tryAt || !text.startsWith(before))
      return false;
    const added = text.slice(before.length);
    if (!/^[\p{L}\p{N} ,;’“”–—…-]*$/u.test(added)) return false;
    this.#plainTail.appendData(added);
    this.#tail.at(-1)!.raw += added;
    return true;
  }

  /** The tokens of what does not change any more; none while that can't be told. */
  #freeze(text: string): InlineToken[] {
    const tail = text.slice(this.#frozen);
    const force = tail.length > FREEZE_AT_LAST;
    const cut = cutOf(tail, force);
    const tokens = cut > 0 ? inlineTokens(tail.slice(0, cut)) : [];
    if (cut === 0 || !(force || tokens.every(isSettled))) {
      this.#tryAt = Math.min(tail.length * 1.5, FREEZE_AT_LAST);
      return [];
    }
    this.#frozen += cut;
    this.#tryAt = FREEZE_FROM;
    return tokens;
  }

  #showTail(settled: InlineToken[], tail: string, open: boolean): void {
    const source = open ? closeMarkup(tail) : tail;
    const tokens = inlineTokens(source);
    const placed = placeInline(this.#node, this.#tail, [...settled, ...tokens]);
    this.#tail = placed.slice(settled.length);
    const last = this.#node.lastChild;
    const plain =
      source === tail && tokens.at(-1)?.type === 'text' && last instanceof Text && isPlain(last.data);
    this.#plainTail = plain && last.data.length > 0 ? last : null;
  }
}

/** Where a sentence ends, well before the end of the tail; 0 when it does not. */
function cutOf(tail: string, force: boolean): number {
  const limit = tail.length - 40;
  if (force) return lineCut(tail, limit);
  for (let at = limit; at > FREEZE_FROM / 2; at--) {
    if (tail[at] === ' ' && /[\p{L}\p{N})][.!?:,;]$/u.test(tail.slice(Math.max(0, at - 3), at))) return at;
  }
  return 0;
}

/** False for text with a sign that later text could still pair with. */
function isSettled(token: InlineToken): boolean {
  return token.type !== 'text' || !/[*_[\]`~$<\\!]/.test(token.raw);
}
