// Makes DOM nodes of inline tokens. Every text goes in as a text node, never as HTML, so there is nothing to sanitise;
// links and images only ask to be opened and load nothing.
import { showFormula } from './formula.ts';
import type { InlineToken } from './inline-tokens.ts';
import { linkAddress } from './link-address.ts';

const WRAPPERS: Record<string, string> = { strong: 'strong', em: 'em', del: 'del' };
const MAX_DEPTH = 24;

/** Appends the nodes of `tokens` to `parent`. */
export function appendInline(parent: Node, tokens: InlineToken[], depth = 0): void {
  for (const token of tokens) parent.appendChild(inlineNode(token, depth));
}

function inlineNode(token: InlineToken, depth: number): Node {
  const nested = token.tokens;
  const wrapper = WRAPPERS[token.type];
  if (depth > MAX_DEPTH) return document.createTextNode(token.raw);
  if (wrapper) return wrap(document.createElement(wrapper), nested ?? [], depth);
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
    case 'link':
      return link(token, nested ?? [], depth);
    case 'image':
      return image(token);
    case 'text':
      return nested ? wrap(document.createDocumentFragment(), nested, depth) : plainText(token.text ?? '');
    default:
      return plainText(token.raw);
  }
}

function wrap<T extends Node>(node: T, tokens: InlineToken[], depth: number): T {
  appendInline(node, tokens, depth + 1);
  return node;
}

/** Text with its entities decoded and `<br>` as a line break; any other HTML stays text. */
function plainText(text: string): Node {
  if (!/<br|&/i.test(text)) return document.createTextNode(text);
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

function link(token: InlineToken, nested: InlineToken[], depth: number): Node {
  const address = linkAddress(token.href ?? '');
  if (!address) return document.createTextNode(token.raw);
  return wrap(linkNode(address), nested, depth);
}

function image(token: InlineToken): Node {
  const address = linkAddress(token.href ?? '');
  const name = token.text || token.href || '';
  if (!address) return document.createTextNode(token.raw);
  const node = linkNode(address);
  node.classList.add('image');
  node.textContent = name;
  return node;
}

/** No href: neither a click nor a middle click nor a drag can navigate. The address is read by who asked to open it. */
function linkNode(address: string): HTMLElement {
  const node = document.createElement('span');
  node.className = 'link';
  node.setAttribute('role', 'link');
  node.tabIndex = 0;
  node.title = address;
  node.dataset['address'] = address;
  return node;
}
