// @vitest-environment happy-dom
// Catches: a focused link, a selection or a drawn formula that is thrown away and made anew each time text arrives.
import { afterEach, describe, expect, it } from 'vitest';
import { InlineView } from '../../../src-renderer/ui/markdown/inline-view.ts';

const node = document.createElement('p');
document.body.append(node);
afterEach(() => node.replaceChildren());

/** Shows `text` sign by sign; `look` is called from when `until` is there. */
function grow(text: string, until: string, look: (first: boolean) => void): void {
  const view = new InlineView(node);
  let first = true;
  for (let end = 1; end <= text.length; end++) {
    view.update(text.slice(0, end), true);
    if (!text.slice(0, end).includes(until)) continue;
    look(first);
    first = false;
  }
  view.update(text, false);
  look(false);
}

const MORE =
  ' and then *more* of `it`, [another](https://example.org/b) as well. '.repeat(8) +
  'A sentence of its own, which is long enough. '.repeat(8);

describe('while a paragraph grows', () => {
  it.each([
    ['a link', 'See [this one](https://example.org/a)'],
    ['a link in strong words', 'See **all of [this one](https://example.org/a)'],
    ['a bare address', 'See https://example.org/a'],
    ['a footnote', 'See this.[^1]'],
  ])('%s keeps the focus', (_, begin) => {
    let focused: HTMLElement | null = null;
    grow(`${begin}${begin.includes('**') ? ' here**' : ''}${MORE}`, begin, (first) => {
      if (first) {
        focused = node.querySelector<HTMLElement>('[role="link"]');
        focused?.focus();
      }
      expect(document.activeElement).toBe(focused);
    });
    expect(focused).not.toBeNull();
  });

  it('an address that itself grows keeps the focus and leads to where it says', () => {
    let focused: Element | null = null;
    grow('See https://example.org/a/very/long/path', 'https://example.org', (first) => {
      const link = node.querySelector<HTMLElement>('.link')!;
      if (first) link.focus();
      focused = document.activeElement;
      expect(focused).toBe(link);
      expect(link.dataset['address']).toContain(link.textContent);
    });
  });

  it('a formula that is whole stays the same node', () => {
    let formula: Element | null = null;
    grow(`So $x^2$${MORE}`, '$x^2$ ', (first) => {
      if (first) formula = node.querySelector('.formula');
      expect(node.querySelector('.formula')).toBe(formula);
    });
    expect(formula).not.toBeNull();
  });

  it('only the last words are touched', () => {
    const begin = 'Some words with *signs* and `code`';
    const kept: Element[] = [];
    grow(`${begin} and so on without an end`, `${begin} `, (first) => {
      if (first) kept.push(...node.children);
      expect([...node.children]).toEqual(kept);
    });
  });
});

it('text that is taken back is not left behind', () => {
  const view = new InlineView(node);
  for (const text of ['One *two* three', 'One *two* three four', 'One *two* three', 'One *two*', 'One']) {
    view.update(text, true);
    expect(node.textContent).toBe(text.replaceAll('*', ''));
  }
});
