// What an exported web page makes of an answer. Bugs these catch: formulas that need a style or a font that is not
// there, prices taken for formulas, code without its words, notes that lead nowhere or into another answer, anything
// active.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dollarFormula } from '../../../../src-main/services/transfer/writing/formula-html.ts';
import { htmlOfMarkdown } from '../../../../src-main/services/transfer/writing/html-text.ts';
import { dollarMath } from '../../../../src-renderer/ui/markdown/inline-tokens.ts';

const html = (markdown: string, id = 'm1'): string => htmlOfMarkdown(markdown, id, 'Back');
const words = (markdown: string): string =>
  html(markdown)
    .replaceAll(/<[^>]*>/g, '')
    .trim();

it('draws formulas in MathML alone, in all four spellings', () => {
  for (const written of ['a $x^2$ b', 'a \\(x^2\\) b', '$$\nx^2\n$$', '\\[\nx^2\n\\]', 'a\n$$x^2$$'])
    expect(html(written), written).toContain('<msup><mi>x</mi><mn>2</mn></msup>');
  expect(html('$$x$$')).toContain('display="block"');
  expect(html('$x$')).not.toMatch(/annotation|semantics|class="katex|style=/);
});

it('writes the letters of other alphabets themselves: browsers no longer know their attribute', () => {
  expect(words('$\\mathbb{R}\\mathcal{L}\\mathbf{v1}\\mathfrak{g}\\mathtt{x}$')).toBe('ℝℒ𝐯𝟏𝔤𝚡');
  expect(html('$\\mathbb{R}$')).not.toContain('mathvariant');
});

it('leaves prices, code and what is no TeX as they were written', () => {
  expect(words('It costs $5 and $10.')).toBe('It costs $5 and $10.');
  expect(words('`$x$` and $\\frac{$')).toBe('$x$ and $\\frac{$');
  expect(words('```\n$$\nx\n$$\n```')).toBe('$$\nx\n$$');
});

it('takes for a formula what the window takes for one', () => {
  const piece = fc.constantFrom('$', '$$', ' ', 'x', '5', '\\', '{', '}', '_', ',', 'word word', '\n', '=');
  const source = fc.array(piece, { maxLength: 12 }).map((pieces) => `$${pieces.join('')}`);
  fc.assert(
    fc.property(source, (text) => {
      expect(dollarFormula(text)).toEqual(dollarMath(text));
    }),
  );
});

it('colours code it knows, keeps every word of it and names its language', () => {
  const code = html('```ts\nconst a = "<b>" && 1;\n```');
  expect(code).toContain('<span class="hljs-keyword">const</span>');
  expect(code).toContain('<figcaption>ts</figcaption>');
  expect(words('```nonsense\nconst a = <b>\n```')).toBe('nonsenseconst a = &lt;b&gt;');
  expect(words('```powershell\nGet-Item x\n```')).toBe('powershellGet-Item x');
});

it('leads from a text to its footnote and back, never into another answer', () => {
  const text = 'A claim.[^1] Another.[^zz]\n\n[^1]: Its *source*,\n    on two lines.';
  const page = html(text, 'm1') + html(text, 'm2');
  for (const id of ['m1', 'm2']) {
    expect(page.match(new RegExp(`id="note-${id}-1"`, 'g'))).toHaveLength(1);
    expect(page).toContain(`<a id="from-${id}-1" href="#note-${id}-1">1</a>`);
    expect(page).toContain(`href="#from-${id}-1"`);
  }
  expect(page).toContain('Its <em>source</em>,\non two lines.');
  expect(page).toContain('Another.[^zz]');
});

it('leaves nothing active, and nothing that hides or reorders what is said', () => {
  const hostile = [
    '<script>alert(1)</script><img src=x onerror=alert(2)>',
    '[a](javascript:alert(1)) ![b](https://a.example/b.png "c") [c](data:text/html,x)',
    '```"><img src=x>\ncode\n```',
    '[^"><i>]: x',
    '$\\href{javascript:alert(1)}{x}$ $\\htmlStyle{color:red}{x}$ $\\includegraphics{x.png}$',
    'a\u202Eb\u0007c',
  ];
  const page = html(hostile.join('\n\n'));
  expect(page).not.toMatch(/<(?:script|img|i)\b|<[^>]*(?:href="(?:javascript|data)|\b(?:src|style|on\w+)=)/i);
  expect(page).not.toContain('\u202E');
  expect(words('a\u202Eb\u0007c')).toBe('abc');
});

it('shows any text, also one that is too deep or too long to be set', () => {
  expect(words('>'.repeat(20_000))).not.toBe('');
  expect(html('*a* '.repeat(60_000))).toMatch(/^<p class="plain">/);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(typeof html(text)).toBe('string');
    }),
  );
});

it('leaves out terminal codes as a whole, and words in characters that nobody sees', () => {
  expect(words('A \u001b[31mred\u001b[0m \u001b]8;;https://a.example\u0007link\u001b]8;;\u0007.')).toBe(
    'A red link.',
  );
  expect(words('One \u001b]0;never ends\n\ntwo\u{e0041}\u{e0042}')).toMatch(/^One\s+two$/u);
});
