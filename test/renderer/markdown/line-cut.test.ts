// @vitest-environment happy-dom
// Catches: formulas, code, links and characters torn apart where a very long line is cut, and cuts that depend on how
// the text arrived.
import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src-renderer/ui/markdown/block.ts';
import { lineCut } from '../../../src-renderer/ui/markdown/line-cut.ts';
import { MarkdownSource } from '../../../src-renderer/ui/markdown/markdown-source.ts';

const LIMIT = 200;

/** The two parts of a line whose words before `inside` reach almost to the limit. */
function parts(inside: string, before = 'word '.repeat(36)): [string, string] {
  const line = `${before}${inside}${' word'.repeat(60)}`;
  const cut = lineCut(line, LIMIT);
  return [line.slice(0, cut), line.slice(cut)];
}

describe('a long line', () => {
  it.each([
    'So $x^2 + \\frac{1}{2} = 4 + y$ holds',
    'So $$a + b + c + d + e + f$$ holds',
    'So \\(a + b + c + d + e + f\\) holds',
    'So `code with several words` holds',
    'So [a link with words](https://example.org/a) holds',
    'So [with $x$ in it](https://example.org/a) holds',
    'So `a price of $5 in code` holds',
  ])('is cut before or behind %s, not within', (inside) => {
    const [kept, rest] = parts(inside);
    const within = inside.slice(3, -6);
    expect(kept.includes(within) || rest.includes(within)).toBe(true);
    expect(kept.length).toBeGreaterThan(LIMIT / 2);
    expect(kept.length).toBeLessThanOrEqual(LIMIT);
  });

  it('is cut at its last space when signs begin nothing', () => {
    for (const signs of ['for $5 and $ or', 'as \\$5 and \\`x or', 'an array[0] of [them]']) {
      const [kept] = parts(signs);
      expect(kept.length).toBeGreaterThan(LIMIT - 8);
    }
  });

  it('is cut anywhere without a space, but not within a character', () => {
    expect(lineCut('x'.repeat(400), LIMIT)).toBe(LIMIT);
    expect(lineCut(`x${'😀'.repeat(200)}`, LIMIT)).toBe(LIMIT - 1);
  });

  it('takes hostile signs in its stride', () => {
    for (const sign of ['\\(', '[', '`', '$a', '$$', '[a](', '\u001b[', '\u001b]'])
      expect(lineCut(sign.repeat(LIMIT), LIMIT)).toBeGreaterThan(0);
  });
});

it('keeps all formulas of a long line whole, however the text arrives', () => {
  const text = 'So $x^2 + \\frac{1}{2}$ holds. '.repeat(500);
  const whole = textsOf(text, text.length);
  expect(textsOf(text, 7)).toEqual(whole);
  expect(whole.length).toBeGreaterThan(5);
  const formulas = whole.map((part) => part.match(/\$x\^2 \+ \\frac\{1\}\{2\}\$/g)?.length ?? 0);
  expect(formulas.reduce((sum, count) => sum + count)).toBe(500);
});

function textsOf(text: string, size: number): string[] {
  const source = new MarkdownSource();
  for (let at = 0; at < text.length; at += size) {
    source.append(text.slice(at, at + size));
    source.show();
  }
  source.finish();
  return source.root.children.map((block: Block) => ('text' in block ? block.text : ''));
}
