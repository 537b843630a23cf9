// Blocks as their first line makes them, and what a text weighs in them.
import type { Code, MathBlock } from './block.ts';

/** What each end of a formula counts for: drawn, a formula is many boxes. */
const FORMULA_UNITS = 30;

/** UTF-16 units, and more for formulas: what laying the text out costs. */
export function weightOf(text: string): number {
  return text.length + FORMULA_UNITS * (text.match(/\$|\\[()]/g)?.length ?? 0);
}

export function beginIndentedCode(line: string): Code {
  return { kind: 'code', open: true, text: line.slice(4), lineCount: 1, fence: '', indent: 4, language: '' };
}

export function beginMath(line: string, closer: string): MathBlock {
  const complete = line.trim().length > 2 && line.trimEnd().endsWith(closer) && line.trim().length >= 4;
  return { kind: 'math', open: !complete, source: line.trim(), closer, complete };
}
