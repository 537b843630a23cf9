// Mathematics by KaTeX, fetched with its style and fonts when the first formula appears. KaTeX builds DOM nodes and
// sets their styles through the CSSOM, which a strict content security policy allows.

export interface Formula {
  source: string;
  /** With delimiters, as the model wrote it. */
  written: string;
  display: boolean;
}

type Katex = typeof import('katex').default;
const LONGEST = 4_000;
let katex: Katex | null = null;
let loading: Promise<void> | null = null;

async function load(): Promise<void> {
  const [module] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  katex = module.default;
}

/** Fills `node` with the formula: as written until KaTeX is here, and for good when it can't be read. */
export function showFormula(node: HTMLElement, formula: Formula): void {
  if (katex && formula.source.length <= LONGEST) return draw(katex, node, formula);
  node.textContent = formula.written;
  if (formula.source.length > LONGEST) return;
  loading ??= load();
  // Without KaTeX the formula stays readable as it was written.
  void loading.then(() => katex && draw(katex, node, formula)).catch(() => (loading = null));
}

function draw(engine: Katex, node: HTMLElement, formula: Formula): void {
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
}
