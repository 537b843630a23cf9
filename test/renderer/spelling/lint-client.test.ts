// Catches: 16 MB loaded for somebody who only reads, memory that is never given back, texts checked twice, and a field
// that waits for ever for a checker that can't start.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LintClient } from '../../../src-renderer/ui/spelling/lint-client.ts';
import type { LintAnswer, LintRequest } from '../../../src-renderer/ui/spelling/lint-messages.ts';

const LINTS = [{ start: 0, end: 1, kind: 'Spelling', message: '', suggestions: [] }];
let asked: LintRequest[];
let begun: number;
let ended: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  asked = [];
  begun = 0;
  ended = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

function client(answer: (request: LintRequest) => LintAnswer | 'crash', failed = vi.fn()): LintClient {
  return new LintClient(() => {
    begun += 1;
    let crash = (): void => {};
    return {
      postMessage: (_, [port]) => {
        const own = port as MessagePort;
        own.addEventListener('message', ({ data }: MessageEvent<LintRequest>) => {
          asked.push(data);
          const said = answer(data);
          if (said === 'crash') crash();
          else own.postMessage(said);
        });
        own.start();
      },
      addEventListener: (_, listener) => (crash = listener),
      terminate: () => (ended += 1),
    };
  }, failed);
}

it('begins with the first text, asks once for each, and per dialect', async () => {
  const lint = client(({ id }) => ({ id, lints: LINTS }));
  expect(begun).toBe(0);
  expect(await lint.lint('a', 'American')).toEqual(LINTS);
  expect(await lint.lint('a', 'American')).toEqual(LINTS);
  await lint.lint('a', 'British');
  expect(asked.map((each) => each.dialect)).toEqual(['American', 'British']);
  expect([begun, lint.known('a', 'American'), lint.known('b', 'American')]).toEqual([1, LINTS, undefined]);
});

it('ends the worker when nobody writes, keeps what it found, and begins anew', async () => {
  const lint = client(({ id }) => ({ id, lints: LINTS }));
  await lint.lint('a', 'American');
  vi.advanceTimersByTime(120_000);
  expect([begun, ended, lint.known('a', 'American')]).toEqual([1, 1, LINTS]);
  await lint.lint('b', 'American');
  expect(begun).toBe(2);
});

it('gives up after two failures, says so once, and answers all the same', async () => {
  const failed = vi.fn();
  const lint = client(() => 'crash', failed);
  for (const text of ['a', 'b', 'c', 'd']) expect(await lint.lint(text, 'American')).toEqual([]);
  expect([asked.length, begun, failed.mock.calls.length]).toEqual([2, 2, 1]);
});
