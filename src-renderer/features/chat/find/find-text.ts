// Where words stand in a text, case and accents aside.

const BEYOND_ASCII = /[\u0080-\uffff]/;
const ACCENTED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;
/** Markdown that is not seen once it is shown: emphasis, code marks, addresses of links, fences, signs of lists. */
const UNSEEN = /\]\([^()\s]*(?:\s+"[^"]*")?\)|^ {0,3}(?:#{1,6} |> ?|[-*+] |```.*$)|\*\*|__|[*`[\]]|~~/gmu;

export interface Span {
  from: number;
  to: number;
}

/** The non-overlapping places of `query` in `text`, in order; any white space stands for any other. */
export function findSpans(text: string, query: string): Span[] {
  const pattern = toPattern(query);
  if (!pattern) return [];
  return Array.from(fold(text).matchAll(pattern), (match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/** How often `query` stands in an answer as it is shown, as far as its Markdown tells. */
export function countInMarkdown(text: string, query: string): number {
  const pattern = toPattern(query);
  return pattern ? Array.from(fold(text.replace(UNSEEN, '')).matchAll(pattern)).length : 0;
}

/** Lower case without accents; every unit stays at its index. */
function fold(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  return text.replace(/[^a-z\s]/g, (unit) => {
    if (!ACCENTED.test(unit)) return unit;
    const plain = unit.normalize('NFD').charAt(0).toLowerCase();
    return plain.length === 1 ? plain : unit;
  });
}

function toPattern(query: string): RegExp | null {
  const words = fold(query.normalize('NFC').toWellFormed()).trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const parts = words.map((word) => Array.from(word, (each) => `${escape(each)}[\u0300-\u036f]*`).join(''));
  return new RegExp(parts.join(String.raw`\s+`), 'gu');
}

function escape(sign: string): string {
  return sign.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
}
