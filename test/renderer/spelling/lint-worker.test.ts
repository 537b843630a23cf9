// @vitest-environment node
// Catches: a new version of Harper that counts positions otherwise, names its kinds otherwise or suggests otherwise.
import { beforeAll, expect, it, vi } from 'vitest';
import type { LintAnswer } from '../../../src-renderer/ui/spelling/lint-messages.ts';
import type { Lint } from '../../../src-renderer/ui/spelling/mark.ts';

const { port1, port2 } = new MessageChannel();

beforeAll(async () => {
  let receive: ((event: unknown) => void) | undefined;
  vi.stubGlobal('addEventListener', (_: string, listener: typeof receive) => (receive = listener));
  await import('../../../src-renderer/ui/spelling/lint-worker.ts');
  receive?.({ ports: [port2] });
  port1.start();
  return () => port1.close();
});

async function lint(text: string, dialect = 'American'): Promise<readonly Lint[]> {
  const answer = new Promise<LintAnswer>((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent<LintAnswer>) => resolve(data), { once: true });
  });
  port1.postMessage({ id: 1, text, dialect });
  const said = await answer;
  if ('failure' in said) throw new Error(said.failure);
  return said.lints;
}

it('finds spelling and grammar, at the positions of the page, behind emoji too', async () => {
  const text = '😀👩‍👩‍👧 I has a appel';
  const found = (await lint(text)).map((each) => [text.slice(each.start, each.end), each.kind]);
  expect(found).toEqual([
    ['has', 'Agreement'],
    ['a', 'Miscellaneous'],
    ['appel', 'Spelling'],
  ]);
});

it('suggests what stands there instead', async () => {
  expect((await lint('I has a appel')).map((each) => each.suggestions)).toEqual([
    ['have'],
    ['an'],
    expect.arrayContaining(['apple']),
  ]);
  const [comma] = await lint('Yesterday,I was at home.');
  expect(comma?.suggestions).toEqual([', ']);
});

it('goes by the dialect, and lets a message begin with a small letter', async () => {
  expect((await lint('the colour of it is nice.')).map((each) => each.kind)).toEqual(['Spelling']);
  expect(await lint('the colour of it is nice.', 'British')).toEqual([]);
});
