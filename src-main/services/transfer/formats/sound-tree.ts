// Makes a sound tree of whatever a file says: every message once under a name of its own, with a parent that is there,
// parents before their children. No message is lost on the way; each step takes time in proportion to the messages.

interface TreeNode {
  key: string;
  parent: string | null;
  role: string;
  text: string;
  thought?: string | undefined;
  attachments?: readonly unknown[];
  shown?: boolean;
}

/** What a key may be at most: with a number behind it, it is still one that our own files may have. */
const LONGEST_BASE = 150;

/** `earlier`: keys of messages that came before these, which may be parents. A second message of the same key that says
 * something else gets a key of its own; of two that say the same, one stays. */
export function soundTree<Node extends TreeNode>(
  nodes: readonly Node[],
  earlier: ReadonlySet<string> = new Set(),
): Node[] {
  const unique = uniqueNodes(nodes, earlier);
  const ending = new Set<string>(earlier);
  for (const node of unique.values()) cutCircle(unique, node, ending);
  return inOrder(unique);
}

/** Gives names that nothing has yet: the one that is asked for, or that with a number behind it. The same question in
 * the same order has the same answer in every import. */
export class FreeNames {
  readonly #isTaken: (name: string) => boolean;
  readonly #last = new Map<string, number>();

  constructor(isTaken: (name: string) => boolean) {
    this.#isTaken = isTaken;
  }

  free(name: string): string {
    if (!this.#isTaken(name)) return name;
    for (let count = (this.#last.get(name) ?? 1) + 1; ; count += 1) {
      const numbered = `${name.slice(0, LONGEST_BASE)}#${count}`;
      if (this.#isTaken(numbered)) continue;
      this.#last.set(name, count);
      return numbered;
    }
  }
}

function uniqueNodes<Node extends TreeNode>(
  nodes: readonly Node[],
  earlier: ReadonlySet<string>,
): Map<string, Node> {
  const unique = new Map<string, Node>();
  const names = new FreeNames((key) => unique.has(key) || earlier.has(key));
  for (const node of nodes) {
    const first = unique.get(node.key);
    if (first && saysTheSame(first, node)) continue;
    const key = names.free(node.key);
    unique.set(key, { ...node, key });
  }
  return unique;
}

function saysTheSame(one: TreeNode, other: TreeNode): boolean {
  const [some, others] = [one.attachments ?? [], other.attachments ?? []];
  return (
    one.text === other.text &&
    one.parent === other.parent &&
    one.role === other.role &&
    one.shown === other.shown &&
    one.thought === other.thought &&
    some.length === others.length &&
    JSON.stringify(some) === JSON.stringify(others)
  );
}

function cutCircle(nodes: Map<string, TreeNode>, from: TreeNode, ending: Set<string>): void {
  const way = new Set<string>();
  for (let node: TreeNode | undefined = from; node && !ending.has(node.key);) {
    way.add(node.key);
    const { parent } = node;
    const isThere = parent !== null && (nodes.has(parent) || ending.has(parent));
    if (!isThere || way.has(parent)) node.parent = null;
    node = node.parent === null ? undefined : nodes.get(node.parent);
  }
  for (const key of way) ending.add(key);
}

/** Parents before their children, otherwise as the file has them. */
function inOrder<Node extends TreeNode>(nodes: Map<string, Node>): Node[] {
  const placed = new Set<Node>();
  for (const node of nodes.values()) {
    const way: Node[] = [];
    for (let at: Node | undefined = node; at && !placed.has(at); at = nodes.get(at.parent ?? ''))
      way.push(at);
    for (const each of way.toReversed()) placed.add(each);
  }
  return [...placed];
}
