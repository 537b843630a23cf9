// The text of a field once more, invisible, in the same place and with the same line breaks: a text field's own words
// can't be marked, so the marks are drawn under these. One element per line, and only lines that changed are touched.
import type { Mark } from './mark.ts';

/** What decides where a field breaks its lines and puts its words. */
const METRICS = [
  'direction',
  'font-family',
  'font-feature-settings',
  'font-kerning',
  'font-size',
  'font-stretch',
  'font-style',
  'font-variant',
  'font-variation-settings',
  'font-weight',
  'letter-spacing',
  'line-break',
  'line-height',
  'padding-bottom',
  'padding-left',
  'padding-right',
  'padding-top',
  'tab-size',
  'text-align',
  'text-indent',
  'text-rendering',
  'text-transform',
  'word-break',
  'word-spacing',
];

export class Mirror {
  readonly #layer: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  /** What each line shows: its text and its marks. */
  #keys: string[] = [];
  /** Where each line begins in the text. */
  #starts: number[] = [];

  constructor(layer: HTMLElement, field: HTMLTextAreaElement) {
    this.#layer = layer;
    this.#field = field;
  }

  /** Shows nothing any more. */
  clear(): void {
    this.#layer.replaceChildren();
    this.#keys = [];
    this.#starts = [];
  }

  /** Measures the field anew. */
  fit(): void {
    const { style } = this.#layer;
    const field = this.#field;
    const computed = getComputedStyle(field);
    for (const name of METRICS) style.setProperty(name, computed.getPropertyValue(name));
    style.left = `${field.offsetLeft + field.clientLeft}px`;
    style.top = `${field.offsetTop + field.clientTop}px`;
    style.width = `${innerWidth(field, computed)}px`;
    style.height = `${field.clientHeight}px`;
    this.scroll();
  }

  scroll(): void {
    this.#layer.scrollTop = this.#field.scrollTop;
  }

  /** Shows this text with these marks, in their order. Returns how many lines had to be made. */
  show(text: string, marks: readonly Mark[]): number {
    const lines = cutLines(text, marks);
    const keys = lines.map(keyOf);
    const most = Math.min(keys.length, this.#keys.length);
    let start = 0;
    while (start < most && keys[start] === this.#keys[start]) start += 1;
    let end = 0;
    while (end < most - start && keys.at(-1 - end) === this.#keys.at(-1 - end)) end += 1;
    const changed = lines.slice(start, lines.length - end);
    const { children } = this.#layer;
    for (let left = this.#keys.length - end - start; left > 0; left -= 1) children[start]?.remove();
    const follower = children[start] ?? null;
    for (const line of changed) this.#layer.insertBefore(drawLine(line), follower);
    this.#keys = keys;
    this.#starts = lines.map((line) => line.start);
    if (changed.length > 0) this.scroll();
    return changed.length;
  }

  /** Which part of the text can be seen, in whole lines with as much again above and below; all of it without layout. */
  visible(): { start: number; end: number } {
    const { scrollTop, clientHeight } = this.#field;
    const first = this.#lineBelow(scrollTop - clientHeight);
    const last = this.#lineBelow(scrollTop + 2 * clientHeight);
    return {
      start: clientHeight === 0 ? 0 : (this.#starts[first] ?? 0),
      end: (clientHeight === 0 ? undefined : this.#starts[last + 1]) ?? Number.POSITIVE_INFINITY,
    };
  }

  /** Where a mark is in the window; null when it is not drawn. */
  placeOf(mark: Mark): DOMRect | null {
    const index = this.#starts.findLastIndex((start) => start <= mark.start);
    const offset = mark.start - (this.#starts[index] ?? 0);
    const drawn = this.#layer.children[index]?.querySelector(`[data-offset="${offset}"]`);
    return drawn?.getBoundingClientRect() ?? null;
  }

  /** The first line that ends below a height. */
  #lineBelow(height: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const line = this.#layer.children[middle] as HTMLElement | undefined;
      if (line && line.offsetTop + line.offsetHeight <= height) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Without its border and scroll bar, to the fraction of a pixel: `clientWidth` is rounded, and a line could break. */
function innerWidth(
  field: HTMLTextAreaElement,
  { width, borderLeftWidth, borderRightWidth }: CSSStyleDeclaration,
): number {
  const borders = Number.parseFloat(borderLeftWidth) + Number.parseFloat(borderRightWidth);
  const scrollBar = Math.round(field.offsetWidth - field.clientWidth - borders);
  return Number.parseFloat(width) - borders - scrollBar;
}

interface Line {
  start: number;
  text: string;
  marks: Mark[];
}

function cutLines(text: string, marks: readonly Mark[]): Line[] {
  let start = 0;
  let next = 0;
  return text.split('\n').map((line) => {
    const cut: Line = { start, text: line, marks: [] };
    const end = start + line.length;
    // A mark over a line's end is drawn on both.
    while (next < marks.length && (marks[next]?.start ?? 0) < end + 1) {
      const mark = marks[next] as Mark;
      cut.marks.push(mark);
      if (mark.end > end + 1) break;
      next += 1;
    }
    start = end + 1;
    return cut;
  });
}

function keyOf({ start, text, marks }: Line): string {
  return `${text}\n${marks.map((mark) => `${mark.start - start} ${mark.end - start} ${mark.kind}`).join('\n')}`;
}

function drawLine({ start, text, marks }: Line): HTMLElement {
  const line = document.createElement('div');
  let position = 0;
  for (const mark of marks) {
    const from = Math.max(0, mark.start - start);
    const to = Math.min(text.length, mark.end - start);
    const word = document.createElement('span');
    word.dataset['mark'] = mark.kind;
    word.dataset['offset'] = String(mark.start - start);
    word.textContent = text.slice(from, to);
    line.append(text.slice(position, from), word);
    position = to;
  }
  line.append(text.slice(position));
  return line;
}
