// Lexes the inside of a paragraph with marked, taught mathematics and to leave raw HTML alone. Tokens only: nothing
// here makes HTML or touches the DOM.
import { Marked, type TokenizerAndRendererExtension } from 'marked';

/** What the view needs of one of marked's inline tokens. */
export interface InlineToken {
  type: string;
  raw: string;
  text?: string;
  href?: string;
  /** Of a formula: set on a line of its own. */
  display?: boolean;
  tokens?: InlineToken[];
}

/** A piece with more signs than this is shown as it was written. */
const MAX_SIGNS = 600;

/** A formula between dollar signs, told apart from prices: "$5 and $10" holds none. */
export function dollarMath(source: string): { raw: string; text: string; display: boolean } | null {
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

const dollars: TokenizerAndRendererExtension = {
  name: 'formula',
  level: 'inline',
  start: (source) => (source.includes('$') ? source.indexOf('$') : undefined),
  tokenizer(source) {
    const found = source.startsWith('$') ? dollarMath(source) : null;
    return found ? { type: 'formula', ...found } : undefined;
  },
};

const backslashes: TokenizerAndRendererExtension = {
  name: 'formula',
  level: 'inline',
  start: (source) => /\\[([]/.exec(source)?.index,
  tokenizer(source) {
    const match = /^\\(?:\(([^]+?)\\\)|\[([^]+?)\\\])/.exec(source);
    if (!match) return undefined;
    const display = match[2] !== undefined;
    return { type: 'formula', raw: match[0], text: (match[1] ?? match[2] ?? '').trim(), display };
  },
};

/** `[^1]`: points to a footnote. With a sign of repetition behind it, it is a class of a regular expression. */
const notes: TokenizerAndRendererExtension = {
  name: 'note',
  level: 'inline',
  start: (source) => /\[\^/.exec(source)?.index,
  tokenizer(source) {
    const match = /^\[\^(\d{1,4}|[a-z][\w-]{1,29})\](?![*+?{(])/i.exec(source);
    return match ? { type: 'note', raw: match[0], text: match[1]! } : undefined;
  },
};

const lexing = new Marked({
  gfm: true,
  extensions: [dollars, backslashes, notes],
  // Without this, marked would stop looking for emphasis and links inside what it takes for HTML.
  tokenizer: { tag: () => undefined },
});

/** The tokens of one paragraph's text. What would take too long or too deep comes back as a single text. */
export function inlineTokens(text: string): InlineToken[] {
  const plain = (): InlineToken[] => [{ type: 'text', raw: text, text }];
  if (isPlain(text)) return plain();
  if (hasTooManySigns(text)) return plain();
  try {
    return new lexing.Lexer(lexing.defaults).inlineTokens(text);
  } catch {
    // Nested beyond the stack: shown as it was written.
    return plain();
  }
}

/** True for text that no rule of inline Markdown can apply to. */
export function isPlain(text: string): boolean {
  return !/[^\p{L}\p{N}\s.,:;!?'"’“”–—…()%-]|www\.|  \n/u.test(text);
}

function hasTooManySigns(text: string): boolean {
  const signs = text.match(/[*_[\]<`~]/g);
  return signs !== null && signs.length > MAX_SIGNS;
}
