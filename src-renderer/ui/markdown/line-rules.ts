// What a single line may be, by CommonMark 0.31 and GFM. Raw HTML is deliberately no block of its own: it is text.
import type { Alignment } from './block.ts';

export interface Marker {
  ordered: boolean;
  start: number;
  /** '-', '*', '+', '.' or ')'. */
  kind: string;
  indent: number;
  /** Columns up to the content. */
  width: number;
  rest: string;
}

/** Columns of white space before the first visible character (tabs were expanded before). */
export function indentOf(line: string): number {
  const first = line.search(/[^ ]/);
  return first === -1 ? line.length : first;
}

export const isBlank = (line: string): boolean => /^\s*$/.test(line);
export const isRule = (line: string): boolean => /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/.test(line);

/** The fence of a code block and the language named after it. */
export function fenceOf(line: string): { fence: string; indent: number; language: string } | null {
  const match = /^( {0,3})(`{3,}|~{3,})[ \t]*([^`\n]*)$/.exec(line);
  if (!match) return null;
  const language = (match[3] ?? '').trim().split(/[\s{,]/, 1)[0] ?? '';
  return { fence: match[2]!, indent: match[1]!.length, language };
}

export function closesFence(line: string, fence: string): boolean {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line);
  return match !== null && match[1]![0] === fence[0] && match[1]!.length >= fence.length;
}

export function headingOf(line: string): { level: number; text: string } | null {
  const match = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line);
  if (!match) return null;
  return { level: match[1]!.length, text: (match[2] ?? '').trim().replace(/(?:^|[ \t])#+$/, '') };
}

/** What is left of a quoted line, or null. */
export function quotedOf(line: string): string | null {
  return /^ {0,3}>/.test(line) ? line.replace(/^ {0,3}> ?/, '') : null;
}

/** A footnote's label and the first line of what it says. */
export function noteOf(line: string): { label: string; rest: string } | null {
  const match = /^ {0,3}\[\^([\w-]{1,30})\]:[ \t]*(.*)$/.exec(line);
  return match && { label: match[1]!, rest: match[2]! };
}

export function markerOf(line: string): Marker | null {
  const match = /^( *)([-*+]|\d{1,9}[.)])( +|$)(.*)$/.exec(line);
  if (!match || isRule(line)) return null;
  const [, indent = '', mark = '', space = '', rest = ''] = match;
  const wide = space.length > 4 || rest === '';
  const kind = mark.at(-1)!;
  return {
    ordered: mark.length > 1,
    start: mark.length > 1 ? Number(mark.slice(0, -1)) : 1,
    kind,
    indent: indent.length,
    width: indent.length + mark.length + (wide ? 1 : space.length),
    rest: wide ? space.slice(1) + rest : rest,
  };
}

/** True for a line that ends a paragraph without a blank line before it. */
export function interruptsParagraph(line: string): boolean {
  if (isRule(line) || fenceOf(line) || headingOf(line) || quotedOf(line) !== null) return true;
  if (mathOpenerOf(line) || noteOf(line)) return true;
  const marker = markerOf(line);
  return (
    marker !== null && marker.indent < 4 && marker.rest !== '' && (!marker.ordered || marker.start === 1)
  );
}

/** The closer that belongs to a line that opens displayed mathematics, or null. */
export function mathOpenerOf(line: string): string | null {
  const match = /^ {0,3}(\$\$|\\\[)(.*)$/.exec(line);
  if (!match) return null;
  const closer = match[1] === '$$' ? '$$' : '\\]';
  const at = match[2]!.indexOf(closer);
  return at === -1 || match[2]!.slice(at + 2).trim() === '' ? closer : null;
}

/** Cells of a table row. A backslash before a pipe, and pipes in code, do not separate. */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let inCode = false;
  const source = line.trim().replace(/^\|/, '');
  for (let i = 0; i < source.length; i++) {
    const sign = source[i]!;
    if (sign === '\\' && source[i + 1] === '|') cell += source[++i];
    else if (sign === '|' && !inCode) {
      cells.push(cell.trim());
      cell = '';
    } else {
      if (sign === '`') inCode = !inCode && source.includes('`', i + 1);
      cell += sign;
    }
  }
  if (cell.trim() !== '') cells.push(cell.trim());
  return cells;
}

/** The alignments that a delimiter row states, or null when the line is none. */
export function delimitersOf(line: string): Alignment[] | null {
  if (!/^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/.test(line) || !/[|:]/.test(line))
    return null;
  return cellsOf(line).map((cell) => {
    if (!cell.endsWith(':')) return cell.startsWith(':') ? 'left' : null;
    return cell.startsWith(':') ? 'center' : 'right';
  });
}
