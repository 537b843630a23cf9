// Mathematics by KaTeX, fetched with its style and fonts when the first formula comes near the eye; others stay as they
// were written until then. KaTeX builds DOM nodes and sets their styles through the CSSOM, which a strict content
// security policy allows.

export interface Formula {
  source: string;
  /** With delimiters, as the model wrote it. */
  written: string;
  display: boolean;
}

type Katex = typeof import('katex').default;
const LONGEST = 4_000;
/** Drawing takes this many milliseconds at once at most; what is left waits for the next turn. */
const BUDGET_MS = 8;
const TURN_MS = 40;
/** How far from the eye drawing begins. */
const NEAR = '800px';
const waiting = new WeakMap<Element, Formula>();
const queue: HTMLElement[] = [];
const observer = new IntersectionObserver(onSeen, { rootMargin: NEAR, scrollMargin: NEAR });
let turnBegan = 0;
let spentMs = 0;
let katex: Katex | null = null;
let loading: Promise<void> | null = null;

async function load(): Promise<void> {
  const [module] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  katex = module.default;
}

/** Fills `node` with the formula: at once while there is time, else when it comes near the eye. */
export function showFormula(node: HTMLElement, formula: Formula): void {
  const short = formula.source.length <= LONGEST;
  // The end of a growing text is made anew at every paint: waiting there would flicker.
  if (katex && short && hasBudget()) return draw(katex, node, formula);
  node.textContent = formula.written;
  if (!short) return;
  waiting.set(node, formula);
  observer.observe(node);
}

function onSeen(entries: IntersectionObserverEntry[]): void {
  const seen = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target as HTMLElement);
  if (seen.length === 0) return;
  seen.forEach((node) => observer.unobserve(node));
  queue.push(...seen);
  if (queue.length > seen.length) return;
  loading ??= load();
  // Without KaTeX formulas stay readable as they were written.
  void loading.then(drawQueue).catch(() => {
    loading = null;
    queue.length = 0;
  });
}

function hasBudget(): boolean {
  const now = performance.now();
  if (now - turnBegan > TURN_MS) [turnBegan, spentMs] = [now, 0];
  return spentMs < BUDGET_MS;
}

function drawQueue(): void {
  while (queue.length > 0 && hasBudget()) {
    const node = queue.shift()!;
    const formula = waiting.get(node);
    if (katex && formula && node.isConnected) draw(katex, node, formula);
  }
  if (queue.length > 0) setTimeout(drawQueue, TURN_MS - BUDGET_MS);
}

function draw(engine: Katex, node: HTMLElement, formula: Formula): void {
  const began = performance.now();
  try {
    engine.render(formula.source, node, {
      displayMode: formula.display,
      trust: false,
      strict: false,
      maxExpand: 200,
      maxSize: 20,
      throwOnError: true,
    });
  } catch {
    // Not TeX after all: shown as it was written.
    node.textContent = formula.written;
  }
  spentMs += performance.now() - began;
}
