// Questions about the open end of the blocks: where text goes next, and whether a line can be shown yet.
import type { Block, Root } from './block.ts';

/** The innermost block that may still grow, or null. */
export function deepestOpen(block: Root | Block): Block | null {
  const last = 'children' in block ? block.children.at(-1) : undefined;
  if (!last) return block.kind === 'root' ? null : block;
  if (!last.open) return block.kind === 'root' ? null : block;
  return deepestOpen(last);
}

/** What holds `leaf`, found along the open end. */
export function parentOf(container: Root | Block, leaf: Block): { children: Block[] } {
  const children = 'children' in container ? (container.children as Block[]) : [];
  const last = children.at(-1);
  return last === leaf || !last ? { children } : parentOf(last, leaf);
}

/** True while a line consists of markers only and may become many things; showing it now would flicker. */
export function isUndecided(line: string, leaf: Block | null): boolean {
  if (leaf?.kind === 'code') return leaf.fence !== '' && /^ {0,3}[`~]{1,}$/.test(line);
  if (leaf?.kind === 'table') return /^[\s|]*$/.test(line);
  if (/^\s*\|/.test(line)) return true;
  return /^\s*(?:[-*+_=~`#>]+|\d{1,9}[.)]?|\$|\\\[?|[-*+] \[.?|[`~]{3,}\S*)?\s*$/.test(line);
}
