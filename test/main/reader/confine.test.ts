// A parser that was taken over by a file must not find native code, the network or the log at hand.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

it('neither loads native code nor prints nor finds the network', async () => {
  const worker = new Worker(new URL('../../support/confined-thread.ts', import.meta.url), {
    stdout: true,
    stderr: true,
  });
  let printed = '';
  worker.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  worker.stderr.on('data', (data: Buffer) => (printed += data.toString()));
  const ended = once(worker, 'exit');
  const [found] = (await once(worker, 'message')) as [unknown];
  expect(found).toEqual({ canvas: 'Not in the reader', native: 'Not in the reader', network: [] });
  await ended;
  expect(printed).toBe('');
});
