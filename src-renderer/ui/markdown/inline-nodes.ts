// Makes DOM nodes of inline tokens, and keeps those that are there already: what has the focus, is selected or was
// drawn stays while the text around it grows. Every text goes in as a text node, never as HTML, so there is nothing to
// sanitise; links and images only ask to be opened and load nothing.
import { showFormula } from './formula.ts';
import type { InlineToken } from './inline-tokens.ts';
import { linkAddress } from './link-address.ts';

/** A token in the page. */
export interface Placed {
  type: string;
  raw: string;
  nodes: ChildNode[];
  /** Of an element that holds other tokens. */
  inner: Placed[] | null;
}

const WRAPPERS: Record<string, string> = { strong: 'strong', em: 'em', del: 'del' };
const MAX_DEPTH = 24;

/** Makes the end of `parent`, that showed `before`, show `tokens`. */
export function placeInline(parent: Node, before: Placed[], tokens: InlineToken[], depth = 0): Placed[] {
  const left = [...before];
  const placed = tokens.map((token) => {
    const same = left.findIndex((each) => each.type === token.type && each.raw === token.raw);
    // Words are cheap to make again, and the same ones further on are others.
    if (same === 0 || (same > 0 && token.type !== 'text')) {
      left.splice(0, same).forEach(remove);
      return left.shift()!;
    }
    if (left[0] && change(left[0], token, depth)) return left.shift()!;
    const made = make(token, depth);
    const next = left.find(({ nodes }) => nodes.length > 0)?.nodes[0] ?? null;
    made.nodes.forEach((node) => parent.insertBefore(node, next));
    return made;
  });
  left.forEach(remove);
  return placed;
}

function remove({ nodes }: Placed): void {
  nodes.forEach((node) => node.remove());
}

/** True when `placed` could become `token` where it is. */
function change(placed: Placed, token: InlineToken, depth: number): boolean {
  const [node] = placed.nodes;
  if (placed.type !== token.type || !node) return false;
  if (token.type === 'text') {
    const text = token.text ?? '';
    if (!(node instanceof Text) || placed.nodes.length > 1 || hasMarkup(text)) return false;
    if (text.startsWith(node.data)) node.appendData(text.slice(node.data.length));
    else node.data = text;
  } else {
    if (!placed.inner || !(node instanceof HTMLElement)) return false;
    const address = token.type === 'link' ? linkAddress(token.href ?? '') : '';
    if (address === null) return false;
    if (address !== '') lead(node, address);
    placed.inner = placeInline(node, placed.inner, token.tokens ?? [], depth + 1);
  }
  placed.raw = token.raw;
  return true;
}

function make(token: InlineToken, depth: number): Placed {
  const { type, raw } = token;
  const node = depth > MAX_DEPTH ? document.createTextNode(raw) : (holderOf(token) ?? leafOf(token));
  const holds = node instanceof HTMLElement && (type in WRAPPERS || type === 'link');
  const inner = holds ? placeInline(node, [], token.tokens ?? [], depth + 1) : null;
  const nodes = node instanceof DocumentFragment ? [...node.childNodes] : [node as ChildNode];
  return { type, raw, nodes, inner };
}

/** The element that the tokens inside of this one go into, or null. */
function holderOf(token: InlineToken): HTMLElement | null {
  const wrapper = WRAPPERS[token.type];
  if (wrapper) return document.createElement(wrapper);
  const address = token.type === 'link' ? linkAddress(token.href ?? '') : null;
  return address === null ? null : linkNode(address);
}

function leafOf(token: InlineToken): Node {
  switch (token.type) {
    case 'codespan':
      return codeSpan(token.text ?? '');
    case 'br':
      return document.createElement('br');
    case 'escape':
      return document.createTextNode(token.text ?? '');
    case 'formula':
      return formula(token);
    case 'note':
      return noteReference(token.text ?? '');
    case 'image':
      return image(token);
    case 'text':
      return plainText(token.text ?? '');
    default:
      return token.type === 'link' ? document.createTextNode(token.raw) : plainText(token.raw);
  }
}

function hasMarkup(text: string): boolean {
  return /<br|&/i.test(text);
}

/** Text with its entities decoded and `<br>` as a line break; any other HTML stays text. */
function plainText(text: string): Node {
  if (!hasMarkup(text)) return document.createTextNode(text);
  const fragment = document.createDocumentFragment();
  text.split(/<br\s*\/?>/i).forEach((part, index) => {
    if (index > 0) fragment.append(document.createElement('br'));
    fragment.append(decodeEntities(part));
  });
  return fragment;
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x?[0-9a-f]{1,7}|[a-z][a-z0-9]{1,30});/gi, (entity) => {
    const box = document.createElement('textarea');
    box.innerHTML = entity;
    return box.value;
  });
}

function codeSpan(text: string): Node {
  const node = document.createElement('code');
  node.dir = 'auto';
  node.textContent = text;
  return node;
}

function formula(token: InlineToken): Node {
  const node = document.createElement('span');
  const display = token.display === true;
  node.className = display ? 'formula display' : 'formula';
  node.dir = 'ltr';
  showFormula(node, { source: token.text ?? '', written: token.raw, display });
  return node;
}

/** Leads to the footnote of this name within the same text; the view that holds both follows it. */
function noteReference(label: string): Node {
  const node = document.createElement('sup');
  const link = document.createElement('span');
  link.className = 'link';
  link.setAttribute('role', 'link');
  link.tabIndex = 0;
  link.dataset['toNote'] = label;
  link.textContent = label;
  node.append(link);
  return node;
}

function image(token: InlineToken): Node {
  const address = linkAddress(token.href ?? '');
  if (!address) return document.createTextNode(token.raw);
  const node = linkNode(address);
  node.classList.add('image');
  node.textContent = token.text || token.href || '';
  return node;
}

/** No href: neither a click nor a middle click nor a drag can navigate. The address is read by who asked to open it. */
function linkNode(address: string): HTMLElement {
  const node = document.createElement('span');
  node.className = 'link';
  node.setAttribute('role', 'link');
  node.tabIndex = 0;
  lead(node, address);
  return node;
}

function lead(link: HTMLElement, address: string): void {
  link.title = address;
  link.dataset['address'] = address;
}
