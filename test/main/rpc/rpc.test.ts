// The protocol on its own: answers, streams, cancellation through two hops, dead peers, and a door that parses.
import { fork } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { whenGone } from '#rpc/child-process-port.ts';
import { createClient } from '#rpc/client.ts';
import { call, stream, type Handlers } from '#rpc/define.ts';
import { createMemoryPorts } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';

const contract = {
  'number.double': call(z.object({ value: z.number() }), z.number()),
  'number.fail': call(z.undefined(), z.undefined()),
  'number.count': stream(z.object({ to: z.number() }), z.number()),
};
type TestContract = typeof contract;

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

/** A client and a server of the test contract; what `count` noticed of its end stands in `ends`. */
function connect(overrides: Partial<Handlers<TestContract>> = {}) {
  const [near, far] = createMemoryPorts();
  open.push(near, far);
  const ends: string[] = [];
  const handlers: Handlers<TestContract> = {
    'number.double': ({ value }) => value * 2,
    'number.fail': () => {
      throw new AppError('disk-full', 'No room', { details: { freeBytes: 7 } });
    },
    async *'number.count'({ to }, signal) {
      try {
        for (let value = 1; value <= to; value++) {
          yield value;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        ends.push(signal.aborted ? 'cancelled' : 'finished');
      }
    },
    ...overrides,
  };
  serve(contract, handlers, far, { reportUnexpected: () => 'log-7' });
  return { client: createClient<TestContract>(near), near, far, ends };
}

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Waits until `check` holds; fails after two seconds. */
async function eventually(check: () => boolean): Promise<void> {
  for (let tries = 0; !check() && tries < 400; tries++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(check()).toBe(true);
}

test('a call is answered, and many calls at once keep their answers apart', async () => {
  const { client } = connect();
  const answers = await Promise.all([1, 2, 3].map((value) => client.call('number.double', { value })));
  expect(answers).toEqual([2, 4, 6]);
});

test('an expected error keeps its code and details; an unexpected one shows only its log id', async () => {
  const { client } = connect({
    'number.double': () => {
      throw new Error('secret path /home/anna');
    },
  });
  await expect(client.call('number.fail', undefined)).rejects.toMatchObject({
    code: 'disk-full',
    details: { freeBytes: 7 },
  });
  const failure = await client
    .call('number.double', { value: 1 })
    .catch((error: unknown) => error as AppError);
  expect(failure).toMatchObject({ code: 'internal', details: { logId: 'log-7' } });
  expect((failure as AppError).message).not.toContain('anna');
});

test('a stream gives all its events in order and ends', async () => {
  const { client, ends } = connect();
  expect(await collect(client.stream('number.count', { to: 5 }))).toEqual([1, 2, 3, 4, 5]);
  await eventually(() => ends[0] === 'finished');
});

test('leaving the loop cancels the handler on the other side', async () => {
  const { client, ends } = connect();
  for await (const value of client.stream('number.count', { to: 100_000 })) if (value === 3) break;
  await eventually(() => ends[0] === 'cancelled');
});

test('an aborted signal ends the loop without an error', async () => {
  const { client, ends } = connect();
  const abort = new AbortController();
  const seen: number[] = [];
  for await (const value of client.stream('number.count', { to: 100_000 }, abort.signal)) {
    seen.push(value);
    if (value === 2) abort.abort();
  }
  expect(seen).toEqual([1, 2]);
  await eventually(() => ends[0] === 'cancelled');
});

test('cancellation travels through both hops', async () => {
  const inner = connect();
  const outer = connect({
    'number.count': (input, signal) => inner.client.stream('number.count', input, signal),
  });
  for await (const value of outer.client.stream('number.count', { to: 100_000 })) if (value === 2) break;
  await eventually(() => inner.ends[0] === 'cancelled');
});

test('a dead peer rejects what is pending and what comes later', async () => {
  const { client, far } = connect({ 'number.double': () => new Promise<number>(() => {}) });
  const pending = client.call('number.double', { value: 1 });
  setTimeout(() => far.close(), 10);
  await expect(pending).rejects.toMatchObject({ code: 'connection-lost' });
  await expect(client.call('number.double', { value: 1 })).rejects.toMatchObject({ code: 'connection-lost' });
});

test('a closed port aborts the handlers that ran for it', async () => {
  const { client, near, ends } = connect();
  const reading = collect(client.stream('number.count', { to: 100_000 })).catch(() => 'lost');
  setTimeout(() => near.close(), 20);
  await reading;
  await eventually(() => ends[0] === 'cancelled');
});

test('bad input and unknown channels are refused at the door by name', async () => {
  const { client } = connect();
  const wrong = { value: 'seven' } as unknown as { value: number };
  await expect(client.call('number.double', wrong)).rejects.toMatchObject({ code: 'bad-input' });
  for (const channel of ['toString', '__proto__', 'number.nothing', 'number.count'] as 'toString'[]) {
    await expect(client.call(channel as never, { value: 1 } as never)).rejects.toMatchObject({
      code: 'bad-input',
    });
  }
});

test('malformed messages get an answer, not silence, and do not disturb others', async () => {
  const { near, client } = connect();
  const answers: unknown[] = [];
  near.onMessage((message) => answers.push(message));
  for (const garbage of [null, 7, 'x', [], {}, { type: 'call' }, { type: 'nonsense', id: 3 }])
    near.send(garbage);
  await eventually(() => answers.length === 7);
  expect(answers.every((answer) => (answer as { error: { code: string } }).error.code === 'bad-input')).toBe(
    true,
  );
  expect(await client.call('number.double', { value: 4 })).toBe(8);
});

test('a process that could not be started counts as gone, though it never exits', async () => {
  const child = fork('/nothing/here.js', [], { execPath: '/nothing/node', stdio: 'ignore' });
  const gone = new Promise((resolve) => whenGone(child, resolve));
  expect(await gone).toBeNull();
});
