// @vitest-environment happy-dom
// Catches: HTML, scripts or images that come through, links that navigate, text that differs from one parse when it is
// streamed, and work that grows with what is already there.
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { linkAddress } from '../../../src-renderer/ui/markdown/link-address.ts';
import { MarkdownRenderer } from '../../../src-renderer/ui/markdown/markdown-renderer.ts';
import { ChildrenView } from '../../../src-renderer/ui/markdown/block-views.ts';
import { MarkdownSource } from '../../../src-renderer/ui/markdown/markdown-source.ts';
import { LABELS as labels } from '../../support/markdown-labels.ts';
import { ARABIC, RICH } from '../../support/preview-chat/samples.ts';

const lexed = vi.hoisted(() => ({ units: 0 }));
vi.mock('../../../src-renderer/ui/markdown/inline-tokens.ts', async (original) => {
  const module = await original<typeof import('../../../src-renderer/ui/markdown/inline-tokens.ts')>();
  const inlineTokens: typeof module.inlineTokens = (text) => {
    lexed.units += text.length;
    return module.inlineTokens(text);
  };
  return { ...module, inlineTokens };
});

const NOTES =
  'A word.[^1] And another[^why] one, not [^a-z]+.\n\n[^1]: First *note*.\n[^why]: Second,\n    with more.\n\n' +
  '    And a paragraph.\n\nText after it.';

function render(text: string): HTMLElement {
  return renderStreamed(text, Math.max(1, text.length));
}

/** Shows after every chunk, as the quickest possible painting would. */
function renderStreamed(text: string, size: number): HTMLElement {
  const node = document.createElement('div');
  const source = new MarkdownSource();
  const view = new ChildrenView(node, labels, true);
  for (let at = 0; at < text.length; at += size) {
    source.append(text.slice(at, at + size));
    view.update(source.show().children);
  }
  source.finish();
  view.update(source.root.children);
  return node;
}

/** Adjacent text nodes may be cut differently; what is shown may not. */
function shown(node: HTMLElement): string {
  node.normalize();
  return node.innerHTML;
}

describe('safety', () => {
  it('shows raw HTML as text', () => {
    const node = render(
      '<script>alert(1)</script> <img src=x onerror=alert(1)> <b style="x">bold</b>\n\n<iframe src="x">\n',
    );
    expect(node.querySelector('script, img, iframe, b, [style], [onerror]')).toBeNull();
    expect(node.textContent).toContain('<script>alert(1)</script> <img src=x onerror=alert(1)>');
  });

  it('never makes an image or a navigating link', () => {
    const node = render(
      '![leaf](https://example.org/a.png) [a](https://example.org) <https://example.org> www.example.org',
    );
    expect(node.querySelector('img, a, [href], [src]')).toBeNull();
    expect(node.querySelectorAll('[role=link]').length).toBe(4);
  });

  it('offers no address but of the web and of mail', () => {
    const node = render(
      '[x](javascript:alert(1)) [y](file:///etc/passwd) [z](data:text/html,x) [m](mailto:a@b.c)',
    );
    const addresses = [...node.querySelectorAll<HTMLElement>('[data-address]')].map(
      (each) => each.dataset['address'],
    );
    expect(addresses).toEqual(['mailto:a@b.c']);
    expect(node.textContent).toContain('javascript:alert(1)');
  });

  it('spells hosts so that look-alikes show', () => {
    expect(linkAddress('https://аpple.com/login')).toBe('https://xn--pple-43d.com/login');
    expect(linkAddress('HTTPS://Example.org')).toBe('https://example.org/');
    expect(linkAddress('vbscript:x')).toBeNull();
    expect(linkAddress('/relative')).toBeNull();
  });

  it('makes no element outside its small set, whatever comes', () => {
    const allowed =
      /^(p|h[2-6]|ul|ol|li|div|span|strong|em|del|code|br|hr|blockquote|figure|figcaption|pre|button|table|thead|tbody|tr|th|td)$/;
    const piece = fc.constantFrom(
      '<svg onload=x>',
      '[a](',
      '](',
      'javascript:x',
      '`',
      '**',
      '&lt;img&gt;',
      '&#60;b&#62;',
      '\n',
      '\n\n',
      '- ',
      '| a |',
      '|-|',
      '$x$',
      '<',
      '>',
      '"',
      'word ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const node = render(pieces.join(''));
        for (const each of node.querySelectorAll('*')) expect(each.localName).toMatch(allowed);
      }),
      { numRuns: 300 },
    );
  });
});

describe('pacing', () => {
  it('takes a long text in turns and shows all of it', async () => {
    const node = document.createElement('div');
    const renderer = new MarkdownRenderer(node, labels);
    renderer.append('Some words in a paragraph.\n\n'.repeat(900));
    renderer.finish();
    expect(node.childElementCount).toBeLessThan(900);
    await vi.waitFor(() => expect(node.childElementCount).toBe(900), { timeout: 20_000 });
  });
});

describe('a streamed text', () => {
  it.each([1, 3, 7, 50])('ends as the whole text does, in chunks of %i', (size) => {
    for (const text of [
      RICH,
      ARABIC,
      'Sentence one is here. '.repeat(80),
      '**bold. with a dot** and `code. x` more. '.repeat(40),
    ]) {
      expect(shown(renderStreamed(text, size))).toBe(shown(render(text)));
    }
  });

  it('ends as the whole text does, for arbitrary inline signs', () => {
    const piece = fc.constantFrom(
      'word ',
      'A sentence ends here. ',
      '**',
      '*',
      '`',
      '_',
      '[',
      ']',
      '(https://a.bc)',
      '~~',
      '$',
      '\\',
      '\n',
      'www.a.bc ',
      '!',
      '5',
      ', ',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 20, maxLength: 120 }),
        fc.integer({ min: 1, max: 30 }),
        (pieces, size) => {
          const text = `x ${pieces.join('')}`;
          expect(shown(renderStreamed(text, size))).toBe(shown(render(text)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('costs at most three parses of its length', () => {
    const text = RICH.repeat(60);
    const node = document.createElement('div');
    const source = new MarkdownSource();
    const view = new ChildrenView(node, labels, true);
    lexed.units = 0;
    for (let at = 0; at < text.length; at += 120) {
      source.append(text.slice(at, at + 120));
      view.update(source.show().children);
    }
    expect(lexed.units).toBeLessThan(3 * text.length);
  });

  it('leaves finished blocks alone', () => {
    const node = document.createElement('div');
    const source = new MarkdownSource();
    const view = new ChildrenView(node, labels, true);
    source.append('# One\n\nTwo **bold**.\n\n- a\n- b\n\n');
    view.update(source.show().children);
    source.append('Three\n\nFour\n\n');
    view.update(source.show().children);
    const before = [...node.children].slice(0, 3);
    const html = before.map((each) => each.outerHTML);
    source.append('Five '.repeat(200));
    view.update(source.show().children);
    expect([...node.children].slice(0, 3)).toEqual(before);
    expect(before.map((each) => each.outerHTML)).toEqual(html);
  });
});

describe('what is shown', () => {
  it.each([
    ['prices are no maths', 'It costs $5 and $10, or US$ 20-$30.', 0],
    ['formulas are', 'With $x^2$, \\(y\\) and \\[z\\].', 3],
    ['shell variables are none', 'Set $HOME and $PATH to it.', 0],
    ['a displayed one', '$$\na+b\n$$', 1],
  ])('%s', (_, text, count) => {
    expect(render(text).querySelectorAll('.formula').length).toBe(count);
  });

  it('lists the first rows of a very long table and offers the rest', () => {
    const node = render(`| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(3_000)}`);
    expect(node.querySelectorAll('tbody tr').length).toBe(200);
    const more = node.querySelector<HTMLButtonElement>('.table button')!;
    expect(more.textContent).toBe('2800 more');
    more.click();
    expect(node.querySelectorAll('tbody tr').length).toBe(700);
  });

  it('keeps footnotes and points to them, but leaves a class of characters alone', () => {
    const node = render(NOTES);
    expect([...node.querySelectorAll('[data-to-note]')].map((each) => each.textContent)).toEqual([
      '1',
      'why',
    ]);
    expect([...node.querySelectorAll('[data-note] > div')].map((each) => each.textContent)).toEqual([
      'First note.',
      'Second,\nwith more.And a paragraph.',
    ]);
    expect(node.textContent).toContain('[^a-z]+');
  });

  it.each([1, 2, 5])('shows streamed footnotes as whole ones, in chunks of %i', (size) => {
    expect(shown(renderStreamed(NOTES, size))).toBe(shown(render(NOTES)));
  });

  it('shows a thousand blocks at once and the others when asked', () => {
    const node = render('A paragraph.\n\n'.repeat(1_700));
    expect(node.querySelectorAll('p').length).toBe(1_000);
    node.querySelector<HTMLButtonElement>('.more')!.click();
    expect(node.querySelectorAll('p').length).toBe(1_700);
    expect(node.querySelector('.more')).toBeNull();
  });

  it('folds long code only where nobody reads along', () => {
    const code = `\`\`\`text\n${'line\n'.repeat(60)}\`\`\``;
    const figure = render(code).querySelector('figure')!;
    const fold = figure.querySelector<HTMLButtonElement>('.fold')!;
    expect([fold.textContent, fold.getAttribute('aria-expanded')]).toEqual(['All 60 lines', 'false']);
    fold.click();
    expect([fold.textContent, figure.classList.contains('folded')]).toEqual(['Fewer lines', false]);
    const live = document.createElement('div');
    const view = new ChildrenView(live, { ...labels, foldsCode: false }, true);
    const source = new MarkdownSource();
    source.append(code);
    source.finish();
    view.update(source.root.children);
    expect(live.querySelector('.fold')).toBeNull();
  });

  it('gives every outermost block its own direction', () => {
    for (const child of render(ARABIC).children) expect(child.getAttribute('dir')).toBe('auto');
  });

  it('closes unfinished signs for the eye while text is coming', () => {
    const node = document.createElement('div');
    const source = new MarkdownSource();
    const view = new ChildrenView(node, labels, true);
    source.append('This is **very imp');
    view.update(source.show().children);
    expect(node.innerHTML).toContain('<strong>very imp</strong>');
    source.append('ortant** and [a link](https://exam');
    view.update(source.show().children);
    expect(node.textContent).toBe('This is very important and a link');
  });
});
