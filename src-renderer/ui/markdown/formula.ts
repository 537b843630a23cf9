// Mathematics by KaTeX, fetched with its style and fonts when the first formula comes near the eye; others stay as they
// were written until then. KaTeX builds DOM nodes and sets their styles through the CSSOM, which a strict content
// security policy allows.
import { beginFrame, hasBudget, spend } from './frame-budget.ts';

export interface Formula {
  source: string;
  /** With delimiters, as the model wrote it. */
  written: string;
  display: boolean;
}

interface Drawing {
  node: Node;
  /** What it takes of a frame. */
  units: number;
}

type Katex = typeof import('katex').default;
const LONGEST = 4_000;
/** How far from the eye drawing begins. */
const NEAR = '400px';
/** What laying out one of a formula's boxes takes, in units of the frame's budget. */
const BOX_UNITS = 12;
/** Drawings kept to be copied: the same few letters come again and again. */
const KEPT = 300;
/** Looked at together, to see whether they are near the eye. */
const BLOCK = 'p, tr, h2, h3, h4, h5, h6, .markdown > *';
/** Those not drawn yet. */
const sources = new WeakMap<Element, Formula>();
const drawings = new Map<string, Drawing>();
const near = new Set<Element>();
const observer = new IntersectionObserver(onSeen, { rootMargin: NEAR, scrollMargin: NEAR });
let fresh: HTMLElement[] = [];
let scheduled = false;
let katex: Katex | null = null;
let loading: Promise<void> | null = null;

async function load(): Promise<void> {
  const [module] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  katex = module.default;
}

/** Fills `node` with the formula: before the next frame while that has room, else when it comes near the eye. */
export function showFormula(node: HTMLElement, formula: Formula): void {
  node.textContent = formula.written;
  if (formula.source.length > LONGEST) return;
  sources.set(node, formula);
  fresh.push(node);
  if (fresh.length === 1) queueMicrotask(placeFresh);
}

/** The last first: one reads where an answer grows, and a conversation opens at its end. */
function placeFresh(): void {
  const nodes = fresh.filter((node) => node.isConnected);
  fresh = [];
  for (const node of nodes.toReversed()) {
    if (katex && hasBudget()) draw(katex, node);
    else observer.observe(node.parentElement?.closest(BLOCK) ?? node);
  }
}

function onSeen(entries: IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries)
    if (isIntersecting) near.add(target);
    else near.delete(target);
  if (near.size === 0) return;
  loading ??= load();
  // Without KaTeX formulas stay readable as they were written.
  void loading.then(schedule).catch(() => {
    loading = null;
    near.clear();
  });
}

function schedule(): void {
  if (scheduled || near.size === 0) return;
  scheduled = true;
  requestAnimationFrame(drawNear);
}

/** At least one in each frame, or a long answer that is being taken in would keep them waiting. */
function drawNear(): void {
  scheduled = false;
  beginFrame();
  let first = true;
  for (const block of near) {
    for (const node of [block, ...block.querySelectorAll('.formula')]) {
      if (!sources.has(node) || !katex) continue;
      if (!first && !hasBudget()) return schedule();
      draw(katex, node as HTMLElement);
      first = false;
    }
    near.delete(block);
    observer.unobserve(block);
  }
}

function draw(engine: Katex, node: HTMLElement): void {
  const formula = sources.get(node);
  sources.delete(node);
  if (!formula) return;
  const key = `${formula.display ? 'display' : 'inline'} ${formula.source}`;
  const drawing = drawings.get(key) ?? make(engine, formula);
  // Put behind the others: the ones that were not asked for longest go first.
  drawings.delete(key);
  drawings.set(key, drawing);
  if (drawings.size > KEPT) drawings.delete(drawings.keys().next().value!);
  node.replaceChildren(drawing.node.cloneNode(true));
  spend(drawing.units);
}

function make(engine: Katex, formula: Formula): Drawing {
  const holder = document.createElement('span');
  try {
    engine.render(formula.source, holder, {
      displayMode: formula.display,
      output: 'htmlAndMathml',
      trust: false,
      strict: false,
      maxExpand: 200,
      maxSize: 20,
      throwOnError: true,
    });
  } catch {
    // Not TeX after all: shown as it was written.
    holder.textContent = formula.written;
  }
  const node = document.createDocumentFragment();
  node.append(...holder.childNodes);
  return { node, units: BOX_UNITS * (1 + node.querySelectorAll('*').length) };
}
