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
/** An answer with more formulas gets the others as MathML alone: a third of the boxes, and the browser's own letters. */
const FULLY_DRAWN = 120;
const sources = new WeakMap<Element, Formula>();
const queue: HTMLElement[] = [];
const observer = new IntersectionObserver(onSeen, { rootMargin: NEAR, scrollMargin: NEAR });
let fresh: HTMLElement[] = [];
let turnBegan = 0;
let spentMs = 0;
let katex: Katex | null = null;
let loading: Promise<void> | null = null;

async function load(): Promise<void> {
  const [module] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  katex = module.default;
}

/** Fills `node` with the formula: before the next frame while there is time, else when it comes near the eye. */
export function showFormula(node: HTMLElement, formula: Formula): void {
  node.textContent = formula.written;
  if (formula.source.length > LONGEST) return;
  sources.set(node, formula);
  if (!katex || !hasBudget()) return observer.observe(node);
  // The end of a growing text is made anew at every paint: waiting to be seen would flicker.
  fresh.push(node);
  if (fresh.length === 1) queueMicrotask(drawFresh);
}

function drawFresh(): void {
  const nodes = fresh;
  fresh = [];
  const drawn = drawInTime(nodes);
  nodes.slice(drawn).forEach((node) => observer.observe(node));
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

function drawQueue(): void {
  queue.splice(0, drawInTime(queue));
  if (queue.length > 0) setTimeout(drawQueue, TURN_MS - BUDGET_MS);
}

/** Draws as many as there is time for; returns how many. */
function drawInTime(nodes: readonly HTMLElement[]): number {
  const roomIn = new Map<Element | null, number>();
  let done = 0;
  for (; done < nodes.length && hasBudget(); done++) {
    const node = nodes[done]!;
    const formula = sources.get(node);
    if (!katex || !formula || !node.isConnected) continue;
    const answer = node.closest('.markdown');
    const room = roomIn.get(answer) ?? FULLY_DRAWN - (answer?.querySelectorAll('.katex-html').length ?? 0);
    roomIn.set(answer, room - 1);
    draw(katex, node, { ...formula, fully: room > 0 });
  }
  return done;
}

function hasBudget(): boolean {
  const now = performance.now();
  if (now - turnBegan > TURN_MS) [turnBegan, spentMs] = [now, 0];
  return spentMs < BUDGET_MS;
}

function draw(engine: Katex, node: HTMLElement, formula: Formula & { fully: boolean }): void {
  const began = performance.now();
  try {
    engine.render(formula.source, node, {
      displayMode: formula.display,
      output: formula.fully ? 'htmlAndMathml' : 'mathml',
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
