// Engine settings in the engine itself: what is planned must be what is loaded, and what is measured must be there.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineContract, LoadedModel, MeasureEvent } from '#contract/engine.ts';
import type { EnginePlan } from '#contract/models.ts';
import type { InputOf } from '#rpc/define.ts';
import { ask, cleanUp, DEMO_MODEL, startEngine, turnsOf, type TestEngine } from './start-engine.ts';

type LoadInput = InputOf<EngineContract, 'engine.load'>;
const AUTOMATIC: LoadInput = { path: DEMO_MODEL, contextSize: null, threads: null };
const LIMITS = { promptTokens: 512, answerTokens: 128, limitMs: 10_000 };

let engine: TestEngine;
beforeAll(() => {
  engine = startEngine();
});
afterAll(cleanUp);

async function load(input: LoadInput): Promise<LoadedModel> {
  for await (const event of engine.client.stream('engine.load', input)) {
    if (event.type === 'loaded') return event.model;
  }
  throw new Error('The stream ended without a model');
}

async function measure(limits = LIMITS, signal?: AbortSignal): Promise<MeasureEvent[]> {
  const events: MeasureEvent[] = [];
  for await (const event of engine.client.stream('engine.measure', limits, signal)) events.push(event);
  return events;
}

function withoutFree({ memory, ...plan }: EnginePlan) {
  return { ...plan, totalBytes: memory.totalBytes, contextBytes: memory.contextBytes };
}

it.each([
  ['everything automatic', AUTOMATIC],
  ['a small context', { ...AUTOMATIC, contextSize: 1024 }],
  ['a compact context', { ...AUTOMATIC, kvCacheType: 'q8_0' as const }],
  ['the most compact context', { ...AUTOMATIC, contextSize: 512, kvCacheType: 'q4_0' as const }],
  ['without flash attention', { ...AUTOMATIC, flashAttention: false }],
])('%s: the plan is what loading reports, and the model answers', async (_, input) => {
  const plan = await engine.client.call('engine.plan', input);
  const loaded = await load(input);
  const { header: _header, stateKey: _key, chatWrapper: _wrapper, canThink: _thinks, ...made } = loaded;
  expect(withoutFree(made)).toEqual(withoutFree(plan));
  expect((await ask(engine, turnsOf('What is the capital of France?'))).text.length).toBeGreaterThan(0);
});

// Catches a saved context that llama.cpp is given back in another layout than it was written in.
it('every setting that changes a saved context changes its key', async () => {
  const inputs: LoadInput[] = [
    AUTOMATIC,
    { ...AUTOMATIC, contextSize: 1024 },
    { ...AUTOMATIC, kvCacheType: 'q8_0' },
    { ...AUTOMATIC, kvCacheType: 'q4_0' },
    { ...AUTOMATIC, flashAttention: false },
  ];
  const keys = new Set<string>();
  for (const input of inputs) keys.add((await load(input)).stateKey);
  expect(keys.size).toBe(inputs.length);
  expect((await load({ ...AUTOMATIC, threads: 1 })).stateKey).toBe((await load(AUTOMATIC)).stateKey);
});

// Catches llama.cpp's own refusal, which says nothing to a person.
it('a compact context without flash attention is refused before anything is loaded', async () => {
  const input: LoadInput = { ...AUTOMATIC, kvCacheType: 'q8_0', flashAttention: false };
  const refused = { code: 'kv-cache-unsupported' };
  await expect(engine.client.call('engine.plan', input)).rejects.toMatchObject(refused);
  await expect(load(input)).rejects.toMatchObject(refused);
});

it('memory that unloading would free counts as free', async () => {
  const plan = await engine.client.call('engine.plan', AUTOMATIC);
  const reclaiming = await engine.client.call('engine.plan', { ...AUTOMATIC, reclaimableBytes: 2 ** 40 });
  expect(reclaiming.memory.freeBytes - plan.memory.freeBytes).toBeGreaterThan(2 ** 39);
});

it('measures reading, writing, the first token and the memory', async () => {
  await load(AUTOMATIC);
  const events = await measure();
  const measured = events.at(-1);
  if (measured?.type !== 'measured') throw new Error('Nothing was measured');
  for (const value of Object.values(measured))
    if (typeof value === 'number') expect(value).toBeGreaterThan(0);
  expect(measured.peakMemoryBytes).toBeGreaterThan(50e6);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['reading', 'writing', 'measured']));
});

// Catches "0 tokens a second", and a test without end, on a machine that is slow or busy.
it('a machine too slow for the time gets its figures all the same', async () => {
  await load(AUTOMATIC);
  const measured = (await measure({ ...LIMITS, limitMs: 1 })).at(-1);
  if (measured?.type !== 'measured') throw new Error('Nothing was measured');
  for (const value of Object.values(measured))
    if (typeof value === 'number') expect(value).toBeGreaterThan(0);
});

it('fits into the smallest context', async () => {
  await load({ ...AUTOMATIC, contextSize: 512 });
  expect((await measure()).at(-1)).toMatchObject({ type: 'measured' });
});

it('can be stopped, and the model answers afterwards', async () => {
  await load(AUTOMATIC);
  const stop = new AbortController();
  const limits = { ...LIMITS, answerTokens: 1400, promptTokens: 512 };
  for await (const event of engine.client.stream('engine.measure', limits, stop.signal)) {
    if (event.type === 'writing') stop.abort();
    expect(event.type).not.toBe('measured');
  }
  expect((await ask(engine, turnsOf('What is the capital of France?'))).text.length).toBeGreaterThan(0);
});
