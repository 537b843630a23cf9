// Who gets the engine next. Bugs these catch: a conversation that waits for ever behind another one's questions, the
// one that is looked at waiting behind others, background work in a person's way, a turn that is never given back,
// and a place in the line that is not the one that comes true.
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { MOST_OVERTAKEN } from '../../../src-main/lib/turn-order.ts';
import { TurnQueue, type Turn, type Wish } from '../../../src-main/lib/turn-queue.ts';

const never = new AbortController().signal;
let queue: TurnQueue;
let served: string[];
let held: Turn | null;
beforeEach(() => {
  queue = new TurnQueue(never);
  served = [];
  held = null;
});

/** Gets in line; `served` names it once its turn has come. */
function ask(name: string, wish: Partial<Wish> = {}, signal = never): void {
  const { priority = 'person', conversationId = null } = wish;
  void queue.take({ priority, conversationId }, signal).then((turn) => {
    if (!turn) return;
    served.push(name);
    held = turn;
  });
}

const settle = (): Promise<void> => new Promise(setImmediate);

async function serveAll(): Promise<string[]> {
  for (await settle(); held; await settle()) {
    const turn: Turn = held;
    held = null;
    turn.release();
  }
  return served;
}

test('one at a time, and conversations take turns however many questions one of them asks', async () => {
  for (const name of ['a1', 'a2', 'a3']) ask(name, { conversationId: 1 });
  for (const name of ['b1', 'b2']) ask(name, { conversationId: 2 });
  await settle();
  expect(served).toEqual(['a1']);
  expect(await serveAll()).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
});

test('the conversation that is looked at goes first, work on the engine before it, background work last', async () => {
  ask('holder', { conversationId: 9 });
  ask('title', { priority: 'background', conversationId: 1 });
  ask('one', { conversationId: 1 });
  ask('two', { conversationId: 2 });
  ask('load', { priority: 'engine' });
  const away = new AbortController();
  void queue.look(3, away.signal);
  void queue.look(2, never);
  away.abort();
  expect(await serveAll()).toEqual(['holder', 'load', 'two', 'one', 'title']);
});

test('background work is asked to leave when anyone comes, and only then', async () => {
  ask('title', { priority: 'background' });
  ask('another', { priority: 'background' });
  await settle();
  expect(held?.signal.aborted).toBe(false);
  ask('question');
  expect(held?.signal.aborted).toBe(true);
  expect(await serveAll()).toEqual(['title', 'question', 'another']);
});

test('who leaves the line, or never waits, gets no turn and holds up nobody', async () => {
  const leaving = new AbortController();
  ask('holder');
  ask('left', {}, leaving.signal);
  ask('late', {}, AbortSignal.abort());
  ask('last');
  leaving.abort();
  expect(await serveAll()).toEqual(['holder', 'last']);
});

test('a turn that is released twice is not given away twice', async () => {
  ask('first');
  await settle();
  const first = held;
  ask('second');
  ask('third');
  first?.release();
  first?.release();
  await settle();
  expect(served).toEqual(['first', 'second']);
});

test('leaving while one is told the place in the line gives the turn to the next', async () => {
  ask('holder');
  await settle();
  const line = queue.come({ priority: 'person', conversationId: 1 }, never);
  expect((await line.next()).value).toEqual({ type: 'waiting', for: 'turn', place: 1 });
  await line.return(null);
  ask('next');
  expect(await serveAll()).toEqual(['holder', 'next']);
});

test('the place in the line follows who looks where, and ends with the turn', async () => {
  ask('holder');
  ask('other', { conversationId: 2 });
  await settle();
  const line = queue.come({ priority: 'person', conversationId: 1 }, never);
  const place = async (): Promise<unknown> => (await line.next()).value;
  expect(await place()).toMatchObject({ place: 2 });
  const looking = new AbortController();
  void queue.look(1, looking.signal);
  expect(await place()).toMatchObject({ place: 1 });
  looking.abort();
  expect(await place()).toMatchObject({ place: 2 });
  held?.release();
  expect(await place()).toMatchObject({ place: 1 });
  held?.release();
  expect(await place()).toHaveProperty('release');
});

const wishes = fc.record({
  priority: fc.constantFrom<Wish['priority'][]>('person', 'person', 'person', 'engine', 'background'),
  conversationId: fc.option(fc.integer({ min: 1, max: 4 })),
});
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('ask' as const), wish: wishes }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('look' as const), id: fc.integer({ min: 1, max: 4 }) }),
    },
  ),
  { maxLength: 60 },
);

test('whatever comes: everyone is served once, no person is overtaken without end, background comes after persons', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      queue = new TurnQueue(never);
      served = [];
      held = null;
      const line: { name: string; wish: Wish; ahead: number; since: number }[] = [];
      let serial = 0;
      const check = async (): Promise<void> => {
        const before = served.length;
        await settle();
        for (const name of served.slice(before)) {
          const at = line.findIndex((each) => each.name === name);
          const { wish, ahead, since } = line.splice(at, 1)[0]!;
          const persons = line.filter((each) => each.wish.priority !== 'background');
          if (wish.priority === 'background') expect(persons).toEqual([]);
          else expect(served.indexOf(name) - since).toBeLessThanOrEqual(ahead + MOST_OVERTAKEN);
        }
      };
      for (const step of all) {
        if (step.kind === 'ask') {
          const name = `${serial++}`;
          const ahead = line.filter((each) => each.wish.priority !== 'background').length;
          line.push({ name, wish: step.wish, ahead, since: served.length });
          ask(name, step.wish);
        } else if (step.kind === 'look') {
          const looking = new AbortController();
          void queue.look(step.id, looking.signal);
          if (step.id % 2) looking.abort();
        } else if (held) {
          const turn: Turn = held;
          held = null;
          turn.release();
        }
        await check();
      }
      while (held) {
        const turn: Turn = held;
        held = null;
        turn.release();
        await check();
      }
      expect(served.toSorted()).toEqual(Array.from({ length: serial }, (_, index) => `${index}`).toSorted());
    }),
    { numRuns: 150 },
  );
});

test("a turn that is called off in the moment in which it comes is nobody else's before it is released", async () => {
  ask('holder');
  await settle();
  const stop = new AbortController();
  ask('stopped', {}, stop.signal);
  const first = held;
  first?.release();
  stop.abort();
  ask('next');
  await settle();
  expect(served).toEqual(['holder', 'stopped']);
  expect(held?.signal.aborted).toBe(true);
  held?.release();
  await settle();
  expect(served).toEqual(['holder', 'stopped', 'next']);
});
