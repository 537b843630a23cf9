// Cuts a text into the pieces that are checked one by one: paragraphs, so that a sentence may run over several lines,
// but short ones, so that a key press has little checked again. Code between fences is no part of any.

export interface TextUnit {
  /** Position of its first character in the whole text. */
  readonly start: number;
  readonly text: string;
}

/** A piece that is checked in a few milliseconds. */
const LONGEST_UNIT = 2_000;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

export function splitUnits(text: string): TextUnit[] {
  const units: TextUnit[] = [];
  let start = 0;
  let fence: string | null = null;
  let position = 0;
  const close = (end: number): void => {
    if (text.slice(start, end).trim() !== '') units.push(...shorten({ start, text: text.slice(start, end) }));
  };
  for (const line of text.split('\n')) {
    const next = position + line.length + 1;
    const mark = FENCE.exec(line)?.[1] ?? null;
    const fenced: boolean = fence !== null || mark !== null;
    if (fenced || line.trim() === '') {
      close(position);
      start = next;
    }
    if (mark && (fence === null || mark.startsWith(fence))) fence = fence === null ? mark : null;
    position = next;
  }
  close(text.length);
  return units;
}

/** Cut after a sentence where there is one, else after a word. */
function shorten(unit: TextUnit): TextUnit[] {
  const pieces: TextUnit[] = [];
  let from = 0;
  while (unit.text.length - from > LONGEST_UNIT) {
    const to = from + cutAt(unit.text.slice(from, from + LONGEST_UNIT));
    pieces.push({ start: unit.start + from, text: unit.text.slice(from, to) });
    from = to;
  }
  pieces.push({ start: unit.start + from, text: unit.text.slice(from) });
  return pieces;
}

function cutAt(piece: string): number {
  const ends = ['\n', '. ', '? ', '! ', '; ', ' '].map((end) => piece.lastIndexOf(end) + end.length);
  return ends.find((end) => end > LONGEST_UNIT / 2) ?? piece.length;
}
