// An answer while the disk refuses it: a loss of text, a wrong status, or a silent failure would show here.
import { expect, test, vi } from 'vitest';
import type { GenerationEvent, Message } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';
import type { AnswerStore } from '../../../src-main/services/chat/answer-draft.ts';
import { Generation } from '../../../src-main/services/chat/generation.ts';
import type { AnswerEvent } from '../../../src-main/services/chat/answer-writer.ts';

const EMPTY: Message = {
  id: 2,
  conversationId: 1,
  parentId: 1,
  role: 'answer',
  text: '',
  thought: '',
  status: 'generating',
  failure: null,
  stats: null,
  edited: false,
  versions: [],
  createdAt: 0,
};
const DONE = {
  type: 'done',
  reason: 'end',
  promptTokens: 3,
  reusedTokens: 0,
  answerTokens: 4,
  timeToFirstTokenMs: 1,
  generationMs: 2,
} as const;

/** A disk that is full while `full` is true; `saved` is what it holds. */
function createDisk() {
  const disk = { full: false, saved: { text: '', status: 'generating' } };
  const write = (change: Partial<Message>): void => {
    if (disk.full) throw new AppError('disk-full', 'No room');
    Object.assign(disk.saved, change);
  };
  const store: AnswerStore = {
    saveProgress: (_, progress) => write(progress),
    finish: (_, outcome) => write(outcome),
  };
  return { disk, store };
}

function createGeneration(store: AnswerStore, produce: () => AsyncIterable<AnswerEvent>): Generation {
  return new Generation({
    answer: EMPTY,
    store,
    produce,
    log: { info: () => {}, error: () => 'id', flush: async () => {} },
    describeModel: () => ({ modelName: 'Test', backend: 'cpu' }),
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs it and collects what a window sees. */
async function runAndWatch(generation: Generation): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  const watching = (async () => {
    for await (const event of generation.watch(new AbortController().signal)) events.push(event);
  })();
  await pause(0);
  await generation.run();
  await watching;
  return events;
}

test('a full disk is told once, the text waits in memory, and is saved whole when there is room', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 20 });
  const { disk, store } = createDisk();
  const generation = createGeneration(store, async function* () {
    yield { type: 'text', text: 'one ' };
    disk.full = true;
    await pause(1000);
    yield { type: 'text', text: 'two' };
    setTimeout(() => (disk.full = false), 4000);
    yield DONE;
  });
  const running = runAndWatch(generation);
  await vi.advanceTimersByTimeAsync(10_000);
  const events = await running;
  vi.useRealTimers();
  const saving = events
    .filter((event) => event.type === 'saving')
    .map((event) => event.failure?.code ?? null);
  expect(saving).toEqual(['disk-full', null]);
  expect(disk.saved).toMatchObject({ text: 'one two', status: 'complete' });
  expect(events.at(-1)).toMatchObject({ type: 'done', answer: { text: 'one two', status: 'complete' } });
});

test('text is saved while it grows, not only at the end', async () => {
  const { disk, store } = createDisk();
  const generation = createGeneration(store, async function* () {
    yield { type: 'text', text: 'early' };
    await pause(500);
    expect(disk.saved.text).toBe('early');
    yield DONE;
  });
  await runAndWatch(generation);
  expect(disk.saved.status).toBe('complete');
});

test('the engine dies: the text stays, the status says interrupted', async () => {
  const { disk, store } = createDisk();
  const generation = createGeneration(store, async function* () {
    yield { type: 'text', text: 'half a' };
    throw new AppError('engine-stopped', 'Died');
  });
  await runAndWatch(generation);
  expect(disk.saved).toMatchObject({
    text: 'half a',
    status: 'interrupted',
    failure: { code: 'engine-stopped' },
  });
});

test('a window that joins late gets all text exactly once', async () => {
  const { store } = createDisk();
  const generation = createGeneration(store, async function* () {
    for (const text of ['a', 'b', 'c', 'd']) {
      yield { type: 'text', text };
      await pause(20);
    }
    yield DONE;
  });
  const running = generation.run();
  await pause(50);
  let text = '';
  for await (const event of generation.watch(new AbortController().signal)) {
    if (event.type === 'snapshot') text = event.answer.text;
    if (event.type === 'text') text += event.text;
  }
  await running;
  expect(text).toBe('abcd');
});

test('an answer whose conversation is deleted for ever meanwhile ends', async () => {
  const { store } = createDisk();
  const finish = (): void => {
    throw new AppError('not-found', 'No message 2');
  };
  const generation = createGeneration({ ...store, finish }, async function* () {
    yield { type: 'text', text: 'one' };
    yield DONE;
  });
  const events = await runAndWatch(generation);
  expect(events.at(-1)).toMatchObject({ type: 'done' });
  expect(events.filter(({ type }) => type === 'saving')).toEqual([]);
});
