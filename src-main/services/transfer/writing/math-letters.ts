// KaTeX's MathML names the look of a letter in an attribute that browsers no longer know; Unicode has the letters
// themselves. It also carries its source along, which some readers would show beside the formula.

/** Where A and a of an alphabet begin. */
const ALPHABETS: Record<string, { capital: number; small: number; digit?: number }> = {
  bold: { capital: 0x1d400, small: 0x1d41a, digit: 0x1d7ce },
  'bold-italic': { capital: 0x1d468, small: 0x1d482, digit: 0x1d7ce },
  script: { capital: 0x1d49c, small: 0x1d4b6 },
  fraktur: { capital: 0x1d504, small: 0x1d51e },
  'double-struck': { capital: 0x1d538, small: 0x1d552, digit: 0x1d7d8 },
  'sans-serif': { capital: 0x1d5a0, small: 0x1d5ba, digit: 0x1d7e2 },
  'bold-sans-serif': { capital: 0x1d5d4, small: 0x1d5ee, digit: 0x1d7ec },
  monospace: { capital: 0x1d670, small: 0x1d68a, digit: 0x1d7f6 },
};

/** Letters that were in Unicode before their alphabets came. */
const EARLIER: Record<string, Record<string, string>> = {
  script: { B: 'ℬ', E: 'ℰ', F: 'ℱ', H: 'ℋ', I: 'ℐ', L: 'ℒ', M: 'ℳ', R: 'ℛ', e: 'ℯ', g: 'ℊ', o: 'ℴ' },
  fraktur: { C: 'ℭ', H: 'ℌ', I: 'ℑ', R: 'ℜ', Z: 'ℨ' },
  'double-struck': { C: 'ℂ', H: 'ℍ', N: 'ℕ', P: 'ℙ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ' },
};

/** The same formula in letters that every browser draws, without its source. */
export function mathLetters(mathml: string): string {
  return mathml
    .replaceAll(/<annotation\b[^]*?<\/annotation>|<\/?semantics>/g, '')
    .replaceAll(
      /<(mi|mn|mtext|mo) mathvariant="([a-z-]+)">([^<&]*)<\//g,
      (whole, tag: string, variant: string, text: string) => {
        const name = variant.replace(/^sans-serif-(?:italic|bold-italic)$/, 'sans-serif');
        if (!Object.hasOwn(ALPHABETS, name)) return whole;
        return `<${tag}>${Array.from(text, (sign) => inAlphabet(sign, name)).join('')}</`;
      },
    );
}

function inAlphabet(sign: string, name: string): string {
  const { capital, small, digit } = ALPHABETS[name]!;
  const earlier = EARLIER[name]?.[sign];
  const code = sign.codePointAt(0) ?? 0;
  if (earlier !== undefined) return earlier;
  if (/^[A-Z]$/.test(sign)) return String.fromCodePoint(capital + code - 65);
  if (/^[a-z]$/.test(sign)) return String.fromCodePoint(small + code - 97);
  if (digit !== undefined && /^\d$/.test(sign)) return String.fromCodePoint(digit + code - 48);
  return sign;
}
