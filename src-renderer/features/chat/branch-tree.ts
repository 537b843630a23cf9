// The tree of a conversation as a person finds their way in it: messages without another version beside them belong
// to the branch they continue, so that only what differs makes a line of its own.
import type { BranchNode } from '#contract/branches.ts';

export interface Branch {
  /** Its first message. */
  id: number;
  /** How many forks lie above it. */
  depth: number;
  role: BranchNode['role'];
  excerpt: string;
  /** Up to its end or to where it forks. */
  messageCount: number;
  lastAt: number;
  /** It is, at least in part, on the screen. */
  shown: boolean;
}

/** Branches in the order of reading: each before those that fork from it. `nodes` are in order of age. */
export function foldTree(nodes: readonly BranchNode[], shown: ReadonlySet<number>): Branch[] {
  const children = Map.groupBy(nodes, ({ parentId }) => parentId);
  const branches: Branch[] = [];
  const open = (children.get(null) ?? []).map((node) => ({ node, depth: 0 })).toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next;
    const run = runFrom(node, children);
    const last = run.at(-1) ?? node;
    branches.push({
      id: node.id,
      depth,
      role: node.role,
      excerpt: node.excerpt.replace(/\s+/gu, ' ').trim(),
      messageCount: run.length,
      lastAt: last.createdAt,
      shown: shown.has(node.id),
    });
    const forks = children.get(last.id) ?? [];
    open.push(...forks.map((fork) => ({ node: fork, depth: depth + 1 })).toReversed());
  }
  return branches;
}

/** From a message on, as long as there is exactly one that follows. */
function runFrom(first: BranchNode, children: ReadonlyMap<number | null, BranchNode[]>): BranchNode[] {
  const run = [first];
  for (;;) {
    const following = children.get(run.at(-1)?.id ?? null) ?? [];
    const only = following[0];
    if (!only || following.length > 1) return run;
    run.push(only);
  }
}
