// The pieces that an RTF file is made of: groups, control words, bytes of text.

export type Token =
  | { type: 'open'; at: number }
  | { type: 'close'; at: number }
  | { type: 'word'; word: string; value: number | null; at: number }
  /** A byte of text in the encoding that is in force. */
  | { type: 'byte'; byte: number; at: number };

const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LONGEST_WORD = 40;

/** `at` is where the next token begins. */
export function* rtfTokens(data: Buffer): Generator<Token, void, void> {
  for (let at = 0; at < data.length;) {
    const byte = data[at] ?? 0;
    if (byte === BACKSLASH) {
      const token = control(data, at + 1);
      at = token.at;
      yield token;
      continue;
    }
    at += 1;
    if (byte === OPEN) yield { type: 'open', at };
    else if (byte === CLOSE) yield { type: 'close', at };
    // Line ends in the file mean nothing.
    else if (byte !== 0x0a && byte !== 0x0d && byte !== 0) yield { type: 'byte', byte, at };
  }
}

function control(data: Buffer, from: number): Token {
  const first = String.fromCodePoint(data[from] ?? 0x20);
  if (first === "'") {
    const byte = Number.parseInt(data.toString('latin1', from + 1, from + 3), 16);
    return { type: 'byte', byte: Number.isNaN(byte) ? 0x3f : byte, at: from + 3 };
  }
  const [whole = '', word = '', number] =
    /^([a-z]+)(-?\d{1,10})? ?/i.exec(data.toString('latin1', from, from + LONGEST_WORD)) ?? [];
  if (!word) return { type: 'word', word: first, value: null, at: from + 1 };
  const value = number === undefined ? null : Number(number);
  const at = from + whole.length;
  // Raw bytes of a picture follow.
  if (word === 'bin') return { type: 'word', word, value, at: at + Math.max(0, value ?? 0) };
  return { type: 'word', word, value, at };
}
