// Bugs these catch: a branch that is listed twice or not at all, forks in the wrong order, a deep conversation that
// overflows the stack.
import { expect, it } from 'vitest';
import type { BranchNode } from '#contract/branches.ts';
import { foldTree } from '../../../src-renderer/features/chat/branch-tree.ts';

const node = (id: number, parentId: number | null, excerpt = `m${id}`): BranchNode => ({
  id,
  parentId,
  role: id % 2 ? 'user' : 'answer',
  status: 'complete',
  excerpt,
  createdAt: id * 10,
});

it('is one line for a conversation without versions', () => {
  const nodes = [node(1, null, '  first\n words '), node(2, 1), node(3, 2), node(4, 3)];
  expect(foldTree(nodes, new Set([1, 2, 3, 4]))).toEqual([
    { id: 1, depth: 0, role: 'user', excerpt: 'first words', messageCount: 4, lastAt: 40, shown: true },
  ]);
});

it('lists each fork below what it forks from, older versions first', () => {
  // 1 -> 2 -> (3 -> 4 -> (7, 8), 5 -> 6), and 9 beside 1
  const nodes = [
    node(1, null),
    node(2, 1),
    node(3, 2),
    node(4, 3),
    node(5, 2),
    node(6, 5),
    node(7, 4),
    node(8, 4),
    node(9, null),
  ];
  const branches = foldTree(nodes, new Set([1, 2, 5, 6]));
  expect(branches.map(({ id, depth, messageCount }) => [id, depth, messageCount])).toEqual([
    [1, 0, 2],
    [3, 1, 2],
    [7, 2, 1],
    [8, 2, 1],
    [5, 1, 2],
    [9, 0, 1],
  ]);
  expect(branches.filter(({ shown }) => shown).map(({ id }) => id)).toEqual([1, 5]);
});

it('survives a conversation in which every message was asked again', () => {
  const nodes = Array.from({ length: 20_000 }, (_, at) => node(at + 1, at < 2 ? null : at - 1 - (at % 2)));
  const branches = foldTree(nodes, new Set());
  expect(new Set(branches.map(({ id }) => id)).size).toBe(branches.length);
  expect(branches.reduce((sum, { messageCount }) => sum + messageCount, 0)).toBe(20_000);
});
