// Divides a text into the sections that a model reads one after the other. They follow the headings as long as those
// are small enough, and the passages where they are not; what is tiny is read together with its neighbour.
import type { TextRange } from '#contract/documents.ts';

/** Sections smaller than this share of the limit are joined with their neighbours. */
const TINY_SHARE = 0.25;
/** A piece that has to be cut is cut by its characters, whose tokens are only known on the average. */
const CUT_SHARE = 0.85;

/** What is never divided unless it is too long by itself. */
export interface Piece extends TextRange {
  text: string;
  tokens: number;
  /** Outermost first. */
  headings: readonly string[];
}

export interface PlannedSection {
  range: TextRange;
  /** '' where no heading stands above. */
  title: string;
}

/** Sections of at most so many tokens that hold every piece once, in order. */
export function planSections(pieces: readonly Piece[], limitTokens: number): PlannedSection[] {
  const small = pieces.flatMap((piece) => cut(piece, limitTokens));
  return joinTiny(divide(small, 0, limitTokens), limitTokens).flatMap((section) => {
    const first = section[0];
    const last = section.at(-1);
    if (!first || !last) return [];
    return [{ range: { start: first.start, end: last.end }, title: titleOf(section) }];
  });
}

function divide(pieces: readonly Piece[], depth: number, limit: number): Piece[][] {
  if (sum(pieces) <= limit) return pieces.length > 0 ? [[...pieces]] : [];
  if (pieces.every(({ headings }) => headings.length <= depth)) return fill(pieces, limit);
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (last && last[0]?.headings[depth] === piece.headings[depth]) last.push(piece);
    else runs.push([piece]);
  }
  return runs.flatMap((run) => divide(run, depth + 1, limit));
}

/** About equal parts: a short rest would say little. */
function fill(pieces: readonly Piece[], limit: number): Piece[][] {
  const total = sum(pieces);
  const wanted = total / Math.ceil(total / limit);
  const parts: Piece[][] = [];
  let tokens = 0;
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (last && tokens < wanted && tokens + piece.tokens <= limit) {
      last.push(piece);
      tokens += piece.tokens;
    } else {
      parts.push([piece]);
      tokens = piece.tokens;
    }
  }
  return parts;
}

function joinTiny(sections: readonly Piece[][], limit: number): Piece[][] {
  const joined: { pieces: Piece[]; tokens: number }[] = [];
  for (const pieces of sections) {
    const tokens = sum(pieces);
    const last = joined.at(-1);
    const tiny = last && Math.min(tokens, last.tokens) < limit * TINY_SHARE;
    if (last && tiny && last.tokens + tokens <= limit) {
      last.pieces.push(...pieces);
      last.tokens += tokens;
    } else joined.push({ pieces: [...pieces], tokens });
  }
  return joined.map(({ pieces }) => pieces);
}

function cut(piece: Piece, limit: number): Piece[] {
  if (piece.tokens <= limit) return [piece];
  const { text, tokens, start, headings } = piece;
  const most = Math.max(1, Math.floor((text.length * limit * CUT_SHARE) / tokens));
  const parts: Piece[] = [];
  for (let from = 0; from < text.length;) {
    const to = endOfCut(text, from, from + most);
    const share = (to - from) / text.length;
    const tokensHere = Math.min(limit, Math.ceil(tokens * share));
    parts.push({
      start: start + from,
      end: start + to,
      text: text.slice(from, to),
      tokens: tokensHere,
      headings,
    });
    from = to;
  }
  return parts;
}

/** Behind a space where there is one in the last half, and never inside of a character. */
function endOfCut(text: string, from: number, limit: number): number {
  if (limit >= text.length) return text.length;
  const space = text.lastIndexOf(' ', limit - 1) + 1;
  if (space > (from + limit) / 2) return space;
  const low = text.charCodeAt(limit);
  return low >= 0xdc00 && low <= 0xdfff && limit - 1 > from ? limit - 1 : limit;
}

/** The innermost heading that all stand under, or the first and the last of several. */
function titleOf(pieces: readonly Piece[]): string {
  const [first, ...others] = pieces.map(({ headings }) => headings);
  if (!first) return '';
  const shared = first.filter((heading, depth) => others.every((headings) => headings[depth] === heading));
  const inner = shared.at(-1);
  if (inner !== undefined) return inner;
  const titles = pieces.flatMap(({ headings }) => headings[0] ?? []);
  const [from = '', to = ''] = [titles[0], titles.at(-1)];
  return from === to ? from : `${from} – ${to}`;
}

function sum(pieces: readonly Piece[]): number {
  return pieces.reduce((total, { tokens }) => total + tokens, 0);
}
