// What an answer costs to parse while it streams, against one parse of the finished text: the real renderer on a DOM in
// memory, painted as often as the page paints it.
import { Window } from 'happy-dom';
import { median } from './rows.ts';

const TOKENS = 20_000;
/** At 200 tokens a second, with a paint every 100 ms. */
const TOKENS_PER_PAINT = 20;
const RUNS = 3;
const PART = `## A part of it

The **engine** runs in a process of its own, so that a *crash* never takes a conversation with it; see \`src-main/engine\`
and [the notes](https://example.org/notes). It costs between $5 and $10, and obeys $e^{i\\pi} + 1 = 0$ as well as any other.

- it starts when it is needed
- it says how it **is**
  1. whether it runs
  2. what it holds

| name | size | fits |
| ---- | ---: | ---- |
| one  | 1 GB | yes  |
| two  | 9 GB | no   |

\`\`\`text
export function add(left: number, right: number): number {
  return left + right;
}
\`\`\`

> And so on, until somebody has read enough of it.

`;

export async function streamedCost(): Promise<{ streamedMs: number; wholeMs: number }> {
  const window = new Window();
  const names = [
    'DocumentFragment',
    'document',
    'Text',
    'IntersectionObserver',
    'HTMLElement',
    'Element',
  ] as const;
  for (const name of names) Object.assign(globalThis, { [name]: window[name] });
  const { ChildrenView } = await import('../../src-renderer/ui/markdown/block-views.ts');
  const { MarkdownSource } = await import('../../src-renderer/ui/markdown/markdown-source.ts');
  const words = (key: string) => (): string => key;
  const labels = new Proxy({}, { get: (_, key) => (key === 'moreRows' ? words('more') : String(key)) });
  const tokens = Array.from({ length: TOKENS }, (_, index) => index);
  const source = PART.match(/\s*\S{1,5}|\s+$/g) ?? [];
  const texts = tokens.map((index) => source[index % source.length] ?? '');

  const cost = (perPaint: number): number => {
    const markdown = new MarkdownSource();
    const view = new ChildrenView(document.createElement('div'), labels as never, true);
    const start = performance.now();
    for (let at = 0; at < TOKENS; at += perPaint) {
      markdown.append(texts.slice(at, at + perPaint).join(''));
      view.update(markdown.show().children);
    }
    markdown.finish();
    view.update(markdown.root.children);
    return performance.now() - start;
  };
  cost(TOKENS);
  const times = (perPaint: number): number => median(Array.from({ length: RUNS }, () => cost(perPaint)));
  return { streamedMs: times(TOKENS_PER_PAINT), wholeMs: times(TOKENS) };
}
