// From the pieces that a page draws to fragments of lines: what stands on one baseline without a wide gap.
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A piece of one line; coordinates run from the page's upper left corner, in points. */
export interface Fragment {
  text: string;
  left: number;
  right: number;
  /** Of the baseline. */
  y: number;
  /** Height of the type. */
  size: number;
  rightToLeft: boolean;
}

export interface PageText {
  fragments: Fragment[];
  width: number;
  height: number;
}

interface Piece extends Fragment {
  angle: number;
}

/** A gap of this many type sizes parts columns and cells. */
const WIDE_GAP = 1.4;
const SPACE = 0.17;
const SAME_BASELINE = 0.45;
/** Arabic letters in the shape that they are drawn in. */
const SHAPES = /[\uFB50-\uFDFF\uFE70-\uFEFC]/g;
const QUARTER = Math.PI / 2;

/** Text that stands at another angle than most, such as a stamp along the edge, comes last. */
export async function pageText(page: PDFPageProxy): Promise<PageText> {
  const viewport = page.getViewport({ scale: 1 });
  const content = await page.getTextContent({ includeMarkedContent: false });
  const pieces: Piece[] = [];
  for (const item of content.items) {
    if ('str' in item && item.str !== '') {
      pieces.push(asPiece(item, multiply(viewport.transform, item.transform)));
    }
  }
  const most = commonAngle(pieces);
  const along = pieces.filter(({ angle }) => angle === most).map((piece) => upright(piece, viewport));
  const across = pieces.filter(({ angle }) => angle !== most);
  const sideways = most % 2 !== 0;
  const bottom = Math.max(0, ...along.map(({ y }) => y));
  return {
    fragments: [...joined(along), ...joined(across.map((piece, index) => below(piece, bottom + index)))],
    width: sideways ? viewport.height : viewport.width,
    height: sideways ? viewport.width : viewport.height,
  };
}

function asPiece(
  item: { str: string; dir: string; width: number; height: number },
  [a, b, c, d, x, y]: number[],
): Piece {
  const size = Math.hypot(c ?? 0, d ?? 0) || item.height || 1;
  return {
    text: item.str.replaceAll(SHAPES, (shape) => shape.normalize('NFKC')),
    left: x ?? 0,
    right: (x ?? 0) + item.width,
    y: y ?? 0,
    size,
    rightToLeft: item.dir === 'rtl',
    angle: ((Math.round(Math.atan2(b ?? 0, a ?? 1) / QUARTER) % 4) + 4) % 4,
  };
}

/** The quarter turn that most characters stand at. */
function commonAngle(pieces: readonly Piece[]): number {
  const lengths = [0, 0, 0, 0];
  for (const { angle, text } of pieces) lengths[angle] = (lengths[angle] ?? 0) + text.length;
  return lengths.indexOf(Math.max(...lengths));
}

/** The piece as it stands when the page is turned so that it reads from left to right. */
function upright(piece: Piece, page: { width: number; height: number }): Piece {
  const width = piece.right - piece.left;
  const { left: x, y, angle } = piece;
  const places: Record<number, [left: number, y: number]> = {
    1: [y, page.width - x],
    2: [page.width - x, page.height - y],
    3: [page.height - y, x],
  };
  const [left, baseline] = places[angle] ?? [x, y];
  return { ...piece, left, right: left + width, y: baseline };
}

function below(piece: Piece, y: number): Piece {
  return { ...piece, left: 0, right: piece.right - piece.left, y: y + piece.size * 4 };
}

function joined(pieces: readonly Piece[]): Fragment[] {
  const fragments: Fragment[] = [];
  let open: Fragment | null = null;
  let spaced = false;
  for (const piece of pieces) {
    // A piece of white space is as wide as the gap it stands for, be it that between two columns.
    if (piece.text.trim() === '') {
      spaced = true;
      continue;
    }
    if (open && belongs(open, piece)) {
      extend(open, piece, spaced);
      spaced = false;
      continue;
    }
    spaced = false;
    const { angle: _done, ...fragment } = piece;
    open = { ...fragment };
    fragments.push(open);
  }
  return fragments;
}

function belongs(open: Fragment, piece: Piece): boolean {
  const size = Math.max(open.size, piece.size);
  if (Math.abs(open.y - piece.y) > size * SAME_BASELINE) return false;
  return gapBetween(open, piece) < size * WIDE_GAP && gapBetween(open, piece) > -size * 2;
}

/** Negative where they overlap. */
function gapBetween(open: Fragment, piece: Fragment): number {
  return Math.max(piece.left - open.right, open.left - piece.right);
}

function extend(open: Fragment, piece: Piece, spaceBefore: boolean): void {
  const before = piece.right <= open.left + 1 && piece.right < open.right;
  const spaced = spaceBefore || gapBetween(open, piece) > open.size * SPACE;
  const space = spaced && !/\s$/.test(open.text) && !/^\s/.test(piece.text) ? ' ' : '';
  // Right to left, what is drawn further left is read later; left to right it is read earlier.
  const later = before === (open.rightToLeft || piece.rightToLeft);
  open.text = later ? open.text + space + piece.text : piece.text + space + open.text;
  open.left = Math.min(open.left, piece.left);
  open.right = Math.max(open.right, piece.right);
  // A raised number doesn't make the line small.
  open.size = Math.max(open.size, piece.size);
}

function multiply(first: readonly number[], second: readonly number[]): number[] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = first;
  const [u = 1, v = 0, w = 0, x = 1, y = 0, z = 0] = second;
  return [a * u + c * v, b * u + d * v, a * w + c * x, b * w + d * x, a * y + c * z + e, b * y + d * z + f];
}
