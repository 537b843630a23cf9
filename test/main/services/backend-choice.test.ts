// Which backend comes next after crashes: a wrong step here leaves a person without any engine, or in an endless loop.
import { expect, test } from 'vitest';
import { BackendChoice, backendOrder } from '../../../src-main/services/inference/backend-choice.ts';

test('three crashes in a row leave a backend, two do not', () => {
  const choice = new BackendChoice(backendOrder('linux'), 'automatic');
  expect(choice.crashed('cuda')).toBe(true);
  expect(choice.crashed('cuda')).toBe(true);
  expect(choice.next).toBe('automatic');
  expect(choice.crashed('cuda')).toBe(true);
  expect(choice.next).toBe('vulkan');
  expect(choice.fallback).toEqual({ from: 'cuda', to: 'vulkan', reason: 'crashed' });
});

test('a finished answer between crashes starts the count again', () => {
  const choice = new BackendChoice(backendOrder('linux'), 'cuda');
  choice.crashed('cuda');
  choice.crashed('cuda');
  choice.worked();
  choice.crashed('cuda');
  expect(choice.next).toBe('cuda');
});

test('the way down is CUDA, Vulkan, CPU, and then the end', () => {
  const choice = new BackendChoice(backendOrder('win32'), 'automatic');
  const used = ['cuda', 'vulkan', 'cpu'] as const;
  const results = used.flatMap((backend) => [1, 2, 3].map(() => choice.crashed(backend)));
  expect(results).toEqual([true, true, true, true, true, true, true, true, false]);
  expect(choice.next).toBe('cpu');
});

test('on a Mac it is Metal, then CPU; crashes before the backend is known count for the first', () => {
  const choice = new BackendChoice(backendOrder('darwin'), 'automatic');
  [1, 2, 3].forEach(() => choice.crashed(null));
  expect(choice.fallback).toEqual({ from: 'metal', to: 'cpu', reason: 'crashed' });
});

test('a backend that is not there is left at once, and a new wish forgets it', () => {
  const choice = new BackendChoice(backendOrder('linux'), 'vulkan');
  expect(choice.unavailable()).toBe(true);
  expect(choice.fallback).toEqual({ from: 'vulkan', to: 'cpu', reason: 'unavailable' });
  choice.choose('cuda');
  expect(choice.next).toBe('cuda');
  expect(choice.fallback).toBeNull();
});

// Catches a crash loop that begins anew with every change between two models.
test('another model with another wish does not bring back what crashed', () => {
  const choice = new BackendChoice(backendOrder('linux'), 'automatic');
  [1, 2, 3].forEach(() => choice.crashed('cuda'));
  choice.prefer('cuda');
  expect(choice.next).toBe('vulkan');
  expect(choice.fallback).toEqual({ from: 'cuda', to: 'vulkan', reason: 'crashed' });
  choice.prefer('cpu');
  expect(choice.next).toBe('cpu');
  expect(choice.fallback).toBeNull();
  choice.prefer('automatic');
  expect(choice.next).toBe('vulkan');
});

test('a wish for a backend leads down from there when it crashes, and an earlier one is not skipped to', () => {
  const choice = new BackendChoice(backendOrder('linux'), 'vulkan');
  [1, 2, 3].forEach(() => choice.crashed('vulkan'));
  expect(choice.next).toBe('cpu');
  choice.prefer('cuda');
  expect(choice.next).toBe('cuda');
  [1, 2, 3].forEach(() => choice.crashed('cuda'));
  expect(choice.next).toBe('cpu');
});

test('automatic takes the best that was detected, and leaves out what the person excluded', () => {
  const choice = new BackendChoice(backendOrder('linux'), 'automatic');
  choice.learn('vulkan', []);
  expect(choice.next).toBe('vulkan');
  choice.learn(null, ['cuda']);
  expect(choice.next).toBe('vulkan');
  choice.unavailable();
  expect(choice.next).toBe('cpu');
});

test('no way down leads to an excluded backend, and a changed exclusion forgets earlier crashes', () => {
  const choice = new BackendChoice(backendOrder('linux'), 'automatic');
  choice.learn('cuda', ['vulkan']);
  choice.unavailable();
  expect(choice.fallback).toEqual({ from: 'cuda', to: 'cpu', reason: 'unavailable' });
  choice.learn('cuda', []);
  expect(choice.next).toBe('cuda');
  choice.learn('cuda', ['vulkan', 'cpu']);
  expect(choice.unavailable()).toBe(false);
});

test('a backend asked for by name is used although automatic leaves it out', () => {
  const choice = new BackendChoice(backendOrder('linux'), 'vulkan');
  choice.learn('cuda', ['vulkan']);
  expect(choice.next).toBe('vulkan');
});
