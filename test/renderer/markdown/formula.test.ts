// @vitest-environment happy-dom
// Catches: many formulas drawn in one frame, frames that stay full although they take long, formulas drawn far from the
// eye, and formulas that are never drawn.
import { beforeEach, expect, it, vi } from 'vitest';

interface Page {
  frames: FrameRequestCallback[];
  paints: (() => void)[];
  see: (near: boolean, blocks: Element[]) => void;
  observed: Set<Element>;
  now: number;
}
let page: Page;
let show: (count: number, block: HTMLElement) => void;

/** A page whose frames, paints, clock and eye are moved by hand, with a fresh budget and KaTeX at hand. */
beforeEach(async () => {
  page = { frames: [], paints: [], see: () => undefined, observed: new Set(), now: 0 };
  vi.resetModules();
  // KaTeX refuses to draw without it.
  Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat', configurable: true });
  vi.stubGlobal('requestAnimationFrame', (work: FrameRequestCallback) => page.frames.push(work));
  vi.spyOn(performance, 'now').mockImplementation(() => page.now);
  vi.stubGlobal(
    'MessageChannel',
    class {
      port1 = {
        addEventListener: (_: string, work: () => void) => page.paints.push(work),
        start: () => undefined,
        close: () => undefined,
      };
      port2 = { postMessage: () => undefined };
    },
  );
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(seen: (entries: object[]) => void) {
        page.see = (isIntersecting, blocks) => seen(blocks.map((target) => ({ target, isIntersecting })));
      }
      observe = (block: Element): void => void page.observed.add(block);
      unobserve = (block: Element): void => void page.observed.delete(block);
    },
  );
  const { showFormula } = await import('../../../src-renderer/ui/markdown/formula.ts');
  document.body.replaceChildren();
  show = (count, block) => {
    for (let i = 0; i < count; i++) {
      const node = document.createElement('span');
      node.className = 'formula';
      block.append(node);
      const source = `x_{${i}} + \\frac{1}{2}`;
      showFormula(node, { source, written: `$${source}$`, display: false });
    }
  };
});

/** One frame, painted after `tookMs`. */
function frame(tookMs: number): void {
  page.frames.splice(0).forEach((work) => work(page.now));
  page.now += tookMs;
  page.paints.splice(0).forEach((work) => work());
}

async function blockOf(count: number): Promise<HTMLElement> {
  const block = document.createElement('p');
  document.body.append(block);
  show(count, block);
  await Promise.resolve();
  return block;
}

const drawnIn = (node: Element): number => node.querySelectorAll('.katex').length;

it('draws a few in each frame, fewer after long frames, and at least one', async () => {
  const block = await blockOf(400);
  page.see(true, [block]);
  await vi.waitFor(() => expect(page.frames.length).toBeGreaterThan(0));
  const counts: number[] = [];
  for (let i = 0; i < 12; i++) {
    const before = drawnIn(block);
    frame(60);
    counts.push(drawnIn(block) - before);
  }
  expect(counts[0]).toBeLessThanOrEqual(12);
  expect(counts.at(-1)).toBeLessThan(counts[0]!);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  const slow = counts.at(-1)!;
  for (let i = 0; i < 12; i++) frame(5);
  const before = drawnIn(block);
  frame(5);
  expect(drawnIn(block) - before).toBeGreaterThan(slow);
  expect(drawnIn(block) - before).toBeLessThanOrEqual(30);
  for (let i = 0; i < 400 && page.frames.length > 0; i++) frame(5);
  expect(drawnIn(block)).toBe(400);
  expect(page.observed.size).toBe(0);
});

it('draws none that the eye has passed, until it comes back', async () => {
  const [first, second] = [await blockOf(60), await blockOf(20)];
  page.see(true, [first]);
  await vi.waitFor(() => expect(page.frames.length).toBeGreaterThan(0));
  frame(60);
  const seen = drawnIn(first);
  page.see(false, [first]);
  page.see(true, [second]);
  for (let i = 0; i < 60; i++) frame(5);
  expect(drawnIn(first)).toBe(seen);
  expect(drawnIn(second)).toBe(20);
  page.see(true, [first]);
  await vi.waitFor(() => expect(page.frames.length).toBeGreaterThan(0));
  for (let i = 0; i < 60; i++) frame(5);
  expect(drawnIn(first)).toBe(60);
});

it('draws what a growing answer adds at once, within the same allowance', async () => {
  page.see(true, [await blockOf(1)]);
  await vi.waitFor(() => expect(page.frames.length).toBeGreaterThan(0));
  frame(5);
  const block = await blockOf(200);
  expect(drawnIn(block)).toBeGreaterThan(0);
  expect(drawnIn(block)).toBeLessThanOrEqual(12);
  expect(block.lastElementChild?.querySelector('.katex')).not.toBeNull();
});

it('shows what is no formula as it was written, and the same one again without drawing it anew', async () => {
  const { showFormula } = await import('../../../src-renderer/ui/markdown/formula.ts');
  const { default: katex } = await import('katex');
  const render = vi.spyOn(katex, 'render');
  const block = document.createElement('p');
  document.body.append(block);
  for (const source of ['\\frac{', 'x', 'x', 'x']) {
    const node = block.appendChild(document.createElement('span'));
    node.className = 'formula';
    showFormula(node, { source, written: `$${source}$`, display: false });
  }
  await Promise.resolve();
  page.see(true, [block]);
  await vi.waitFor(() => expect(page.frames.length).toBeGreaterThan(0));
  frame(5);
  expect(block.firstElementChild?.textContent).toBe('$\\frac{$');
  expect(drawnIn(block)).toBe(3);
  expect(render).toHaveBeenCalledTimes(2);
});
