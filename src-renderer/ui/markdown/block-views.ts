// One view per block: a DOM node that follows its block while that grows. A container looks only at its last blocks,
// so the cost of new text does not depend on how much there is above.
import { CodeView } from './code-view.ts';
import { showFormula } from './formula.ts';
import { InlineView } from './inline-view.ts';
import { TableView } from './table-view.ts';
import type { Block, Heading, Item, List, MathBlock, Note, Paragraph, Quote } from './block.ts';
import type { MarkdownLabels } from './markdown-renderer.ts';

/** Blocks from here on are laid out only when they come near the eye: a hostile answer may have thousands. */
const LATER_FROM = 16;
/** More outermost blocks wait until someone asks for them; an answer of 20,000 tokens has about 600. */
const SHOWN_AT_ONCE = 1_000;

interface View {
  readonly kind: string;
  readonly node: HTMLElement;
  update(block: Block): void;
}

/** The children of a container, matched with views by position and kind. */
export class ChildrenView {
  readonly #node: HTMLElement;
  readonly #labels: MarkdownLabels;
  readonly #outermost: boolean;
  readonly #views: View[] = [];
  readonly #more = document.createElement('button');
  #settled = 0;
  #limit = SHOWN_AT_ONCE;

  /** Each outermost block finds its own direction; what is inside follows it line by line. */
  constructor(node: HTMLElement, labels: MarkdownLabels, outermost = false) {
    this.#node = node;
    this.#labels = labels;
    this.#outermost = outermost;
  }

  update(children: Block[]): void {
    const end = Math.min(children.length, this.#limit);
    while (this.#views.length > end) this.#views.pop()!.node.remove();
    for (let i = this.#settled; i < end; i++) this.#showAt(i, children[i]!);
    // An unfinished line can close the last block and begin one more, and be taken back; all before stands for good.
    this.#settled = Math.max(this.#settled, end - 2);
    if (children.length > end) this.#offerMore(children);
  }

  #offerMore(children: Block[]): void {
    this.#more.textContent = this.#labels.moreBlocks;
    if (this.#more.isConnected) return;
    this.#more.type = 'button';
    this.#more.className = 'more';
    const showMore = (): void => {
      this.#more.remove();
      this.#limit += SHOWN_AT_ONCE;
      this.update(children);
    };
    this.#more.addEventListener('click', showMore, { once: true });
    this.#node.append(this.#more);
  }

  #showAt(index: number, block: Block): void {
    const present = this.#views[index];
    if (present?.kind === kindOf(block)) return present.update(block);
    const view = createView(block, this.#labels);
    view.update(block);
    if (this.#outermost) {
      view.node.dir ||= 'auto';
      view.node.classList.toggle('later', index >= LATER_FROM);
    }
    if (present) present.node.replaceWith(view.node);
    else this.#node.append(view.node);
    this.#views[index] = view;
  }
}

function kindOf(block: Block): string {
  if (block.kind === 'heading') return `heading-${block.level}`;
  if (block.kind === 'note') return `note-${block.label}`;
  if (block.kind === 'list') return block.ordered ? `ordered-${block.start}` : 'bullets';
  return block.kind;
}

function createView(block: Block, labels: MarkdownLabels): View {
  switch (block.kind) {
    case 'paragraph':
      return new TextView('paragraph', block.continued ? 'continued' : '', element('p'));
    case 'heading':
      return new TextView(kindOf(block), '', element(`h${Math.min(6, block.level + 1)}`));
    case 'code':
      return new CodeView(labels);
    case 'table':
      return new TableView(labels);
    case 'math':
      return new MathView();
    case 'rule':
      return { kind: 'rule', node: element('hr'), update: () => undefined };
    case 'quote':
      return new ContainerView('quote', element('blockquote'), labels);
    case 'item':
      return new ItemView(labels);
    case 'note':
      return new NoteView(block.label, labels);
    default:
      return createList(block, labels);
  }
}

function element(name: string): HTMLElement {
  return document.createElement(name);
}

class TextView implements View {
  readonly kind: string;
  readonly node: HTMLElement;
  readonly #inline: InlineView;

  constructor(kind: string, className: string, node: HTMLElement) {
    this.kind = kind;
    this.node = node;
    if (className) node.className = className;
    this.#inline = new InlineView(node);
  }

  update(block: Block): void {
    const { text, open } = block as Paragraph | Heading;
    // A first line that begins with a pipe most likely becomes a table with the next one.
    this.node.hidden = open && text.startsWith('|') && !text.includes('\n');
    this.#inline.update(text.trimEnd() === '' ? '' : text, open);
  }
}

class MathView implements View {
  readonly kind = 'math';
  readonly node = element('div');
  #source = '';

  update(block: Block): void {
    const { source, complete } = block as MathBlock;
    const state = `${complete}${source}`;
    if (state === this.#source) return;
    this.#source = state;
    this.node.className = 'formula display';
    this.node.dir = 'ltr';
    if (complete) showFormula(this.node, { source: source.slice(2, -2), written: source, display: true });
    else this.node.textContent = source;
  }
}

class ContainerView implements View {
  readonly kind: string;
  readonly node: HTMLElement;
  readonly #children: ChildrenView;

  constructor(kind: string, node: HTMLElement, labels: MarkdownLabels) {
    this.kind = kind;
    this.node = node;
    this.#children = new ChildrenView(node, labels);
  }

  update(block: Block): void {
    this.#children.update((block as Quote | List).children);
  }
}

class ItemView implements View {
  readonly kind = 'item';
  readonly node = element('li');
  readonly #labels: MarkdownLabels;
  readonly #children: ChildrenView;
  #checked: boolean | null = null;

  constructor(labels: MarkdownLabels) {
    this.#labels = labels;
    const content = element('div');
    this.node.append(content);
    this.#children = new ChildrenView(content, labels);
  }

  update(block: Block): void {
    const item = block as Item;
    if (item.checked !== this.#checked) this.#check(item.checked);
    this.#children.update(item.children);
  }

  #check(checked: boolean | null): void {
    this.#checked = checked;
    this.node.classList.toggle('task', checked !== null);
    this.node.querySelector(':scope > .box')?.remove();
    if (checked === null) return;
    const box = element('span');
    box.className = checked ? 'box checked' : 'box';
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', checked ? this.#labels.done : this.#labels.open);
    this.node.prepend(box);
  }
}

/** What a footnote says, where it was written, with the way back to where it was asked for. */
class NoteView implements View {
  readonly kind: string;
  readonly node = element('div');
  readonly #children: ChildrenView;

  constructor(label: string, labels: MarkdownLabels) {
    this.kind = `note-${label}`;
    this.node.className = 'note';
    this.node.dataset['note'] = label;
    this.node.tabIndex = -1;
    const back = element('span');
    back.className = 'link';
    back.setAttribute('role', 'link');
    back.tabIndex = 0;
    back.title = labels.noteBack;
    back.setAttribute('aria-label', `${label}: ${labels.noteBack}`);
    back.dataset['fromNote'] = label;
    back.textContent = label;
    const content = element('div');
    this.node.append(back, content);
    this.#children = new ChildrenView(content, labels);
  }

  update(block: Block): void {
    this.#children.update((block as Note).children);
  }
}

function createList(list: List, labels: MarkdownLabels): View {
  const node = element(list.ordered ? 'ol' : 'ul');
  if (list.ordered && list.start !== 1) node.setAttribute('start', String(list.start));
  return new ContainerView(kindOf(list), node, labels);
}
