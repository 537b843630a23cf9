// Formulas as MathML, which every current browser draws by itself: a file needs no style, no fonts and no script for
// them, and can be read aloud.
import katex from 'katex';
import type { TokenizerAndRendererExtension, Tokens } from 'marked';
import { escapeHtml } from './escape-html.ts';
import { mathLetters } from './math-letters.ts';

const LONGEST = 4_000;

/** A formula between dollar signs, told apart from prices as the window does it: "$5 and $10" holds none. */
export function dollarFormula(source: string): { raw: string; text: string; display: boolean } | null {
  const double = /^\$\$((?:\\[^]|[^\\$])+?)\$\$/.exec(source);
  if (double) return { raw: double[0], text: double[1]!.trim(), display: true };
  const single = /^\$(?![\s$])((?:\\[^]|[^\\$\n])*?[^\s\\$]|\\[^\s])\$(?![\d\w$])/.exec(source);
  if (!single || readsAsProse(single[1]!)) return null;
  return { raw: single[0], text: single[1]!, display: false };
}

function readsAsProse(text: string): boolean {
  if (/[\\^_={}]/.test(text)) return false;
  return (
    /\p{L}{2,}\s+\p{L}/u.test(text) || /^\d[\d.,]*\s*[^\d\s+*/<>()|-]/.test(text) || /[,;:/-]$/.test(text)
  );
}

const renderer = (token: Tokens.Generic): string => {
  const { text, raw, display } = token as Tokens.Generic & { text: string; display: boolean };
  return formulaHtml(text, raw, display);
};

/** What teaches marked the four ways in which models write mathematics. */
export const formulas: TokenizerAndRendererExtension[] = [
  {
    name: 'displayedFormula',
    level: 'block',
    start: (source) => /(?:^|\n) {0,3}(?:\$\$|\\\[)/.exec(source)?.index,
    tokenizer(source) {
      const match = /^ {0,3}(?:\$\$([^$]+?)\$\$|\\\[([^]+?)\\\])[ \t]*(?:\n+|$)/.exec(source);
      if (!match) return undefined;
      const text = (match[1] ?? match[2] ?? '').trim();
      return { type: 'displayedFormula', raw: match[0], text, display: true };
    },
    renderer,
  },
  {
    name: 'formula',
    level: 'inline',
    start: (source) => /\$|\\[([]/.exec(source)?.index,
    tokenizer(source) {
      const found = source.startsWith('$') ? dollarFormula(source) : backslashFormula(source);
      return found ? { type: 'formula', ...found } : undefined;
    },
    renderer,
  },
];

function backslashFormula(source: string): ReturnType<typeof dollarFormula> {
  const match = /^\\(?:\(([^]+?)\\\)|\[([^]+?)\\\])/.exec(source);
  if (!match) return null;
  return { raw: match[0], text: (match[1] ?? match[2] ?? '').trim(), display: match[2] !== undefined };
}

function formulaHtml(source: string, written: string, display: boolean): string {
  const plain = escapeHtml(written.trim());
  if (source.length > LONGEST) return plain;
  try {
    const options = { output: 'mathml', trust: false, strict: false, throwOnError: true } as const;
    const drawn = katex.renderToString(source, {
      ...options,
      displayMode: display,
      maxExpand: 200,
      maxSize: 20,
    });
    const math = mathLetters(/<math[^]*<\/math>/.exec(drawn)?.[0] ?? plain);
    return display ? `<div class="formula">${math}</div>` : math;
  } catch {
    return plain; // Not TeX after all: shown as it was written.
  }
}
