// Engine settings and the speed test in the whole app: what a person sets is what runs, and a measurement disturbs
// nothing and is not lost.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineStatus, Model, ModelEngine, SpeedTestEvent } from '#contract/models.ts';
import { ask, startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

const AUTOMATIC: ModelEngine = {
  backend: null,
  contextSize: null,
  gpuLayers: null,
  kvCacheType: null,
  flashAttention: null,
  threads: null,
};

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

async function demo(): Promise<Model> {
  for await (const list of wired.client.stream('models.watch', undefined)) return list[0]!;
  throw new Error('No list');
}

async function status(): Promise<EngineStatus> {
  for await (const now of wired.client.stream('models.watchEngine', undefined)) return now;
  throw new Error('No status');
}

async function testSpeed(id: number, each: (event: SpeedTestEvent) => void = () => {}) {
  const events: SpeedTestEvent[] = [];
  for await (const event of wired.client.stream('models.testSpeed', { id, backends: ['cpu'] })) {
    events.push(event);
    each(event);
  }
  return events;
}

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

type Decided = 'contextSize' | 'kvCacheType' | 'flashAttention' | 'threads' | 'gpuLayers';

function plannedAndUsed(value: Record<Decided, unknown>): Record<Decided, unknown> {
  const { contextSize, kvCacheType, flashAttention, threads, gpuLayers } = value;
  return { contextSize, kvCacheType, flashAttention, threads, gpuLayers };
}

test('settings take effect at once in a loaded model, exactly as planned, and are there after a restart', async () => {
  const { id } = await demo();
  await wired.client.call('models.load', { id });
  const before = await status();
  const engine: ModelEngine = { ...AUTOMATIC, contextSize: 1024, kvCacheType: 'q8_0', threads: 1 };
  const plan = await wired.client.call('models.plan', { id, engine });
  expect(plan).toMatchObject({
    backend: 'cpu',
    contextSize: 1024,
    kvCacheType: 'q8_0',
    flashAttention: true,
  });
  await wired.client.call('models.configure', { id, engine });
  const now = await status();
  expect(now).toMatchObject({ state: 'ready', modelId: id });
  expect(plannedAndUsed(now)).toEqual(plannedAndUsed(plan));
  expect(now.contextSize).not.toBe(before.contextSize);
  expect((await demo()).engine).toEqual(engine);
  expect((await ask(wired.client, 'What is 7 plus 8?')).answer.status).toBe('complete');
  const { folder } = wired;
  await wired.close();
  wired = await startWiredApp({ folder });
  await wired.client.call('models.load', { id });
  expect(plannedAndUsed(await status())).toEqual(plannedAndUsed(plan));
});

test('a plan loads nothing, and counts what is loaded now as free', async () => {
  await wired.client.call('settings.change', { startupModel: 'none' });
  const { id } = await demo();
  const unloaded = await wired.client.call('models.plan', { id, engine: AUTOMATIC });
  expect((await status()).state).toBe('stopped');
  await wired.client.call('models.load', { id });
  const loaded = await wired.client.call('models.plan', { id, engine: AUTOMATIC });
  expect(plannedAndUsed(loaded)).toEqual(plannedAndUsed(unloaded));
});

test('settings of another backend start the engine anew on it, a refused pair changes nothing', async () => {
  const { id } = await demo();
  await wired.client.call('models.load', { id });
  const refused = { ...AUTOMATIC, kvCacheType: 'q4_0' as const, flashAttention: false };
  await expect(wired.client.call('models.configure', { id, engine: refused })).rejects.toMatchObject({
    code: 'kv-cache-unsupported',
  });
  expect((await demo()).engine).toEqual(AUTOMATIC);
  await wired.client.call('models.configure', { id, engine: { ...AUTOMATIC, backend: 'cpu' } });
  expect(await status()).toMatchObject({ state: 'ready', backend: 'cpu', fallback: null });
});

// Catches a crash fallback that a model's own backend defeats.
test('a backend of its own that is not there is left for one that works, and said so', async () => {
  const { id } = await demo();
  await wired.client.call('models.configure', { id, engine: { ...AUTOMATIC, backend: 'metal' } });
  await wired.client.call('models.load', { id });
  expect(await status()).toMatchObject({
    state: 'ready',
    backend: 'cpu',
    fallback: { from: 'metal', to: 'cpu', reason: 'unavailable' },
  });
  await expect(
    wired.client.call('models.plan', { id, engine: { ...AUTOMATIC, backend: 'cuda' } }),
  ).rejects.toMatchObject({ code: 'engine-unavailable' });
  expect((await ask(wired.client, 'What is 7 plus 8?')).answer.status).toBe('complete');
});

test('the speed of a model is measured beside the loaded one, kept and there after a restart', async () => {
  const { id } = await demo();
  await wired.client.call('models.load', { id });
  const loadedBefore = wired.host.engines.at(-1);
  const events = await testSpeed(id);
  const result = events.find((event) => event.type === 'measured')?.result;
  expect(result).toMatchObject({ backend: 'cpu', contextSize: 2048 });
  expect(result?.promptTokensPerSecond).toBeGreaterThan(1);
  expect(result?.generationTokensPerSecond).toBeGreaterThan(1);
  expect(result?.timeToFirstTokenMs).toBeGreaterThan(0);
  expect(result?.peakMemoryBytes).toBeGreaterThan(50e6);
  expect(events.at(-1)).toEqual({ type: 'done', fastest: null });
  const phases = events.flatMap((event) => (event.type === 'progress' ? event.phase : []));
  expect([...new Set(phases)]).toEqual(['starting', 'loading', 'reading', 'writing']);
  expect(await status()).toMatchObject({ state: 'ready', modelId: id });
  await until(() => isGone(wired.host.engines.at(-1)!.pid!));
  expect(isGone(loadedBefore!.pid!)).toBe(false);
  expect((await demo()).speeds).toEqual([result]);
  const { folder } = wired;
  await wired.close();
  wired = await startWiredApp({ folder });
  expect((await demo()).speeds).toEqual([result]);
});

test('stopped: its engine is gone at once, nothing is stored, and questions are answered', async () => {
  const { id } = await demo();
  const stop = new AbortController();
  const events = wired.client.stream('models.testSpeed', { id, backends: ['cpu'] }, stop.signal);
  let pid = 0;
  for await (const event of events) {
    if (event.type === 'progress' && event.phase === 'reading') {
      pid = wired.host.engines.at(-1)!.pid!;
      stop.abort();
    }
    expect(event.type).toBe('progress');
  }
  await until(() => isGone(pid));
  expect((await demo()).speeds).toEqual([]);
  expect((await ask(wired.client, 'What is 7 plus 8?')).answer.status).toBe('complete');
});

test('an engine that dies in the test is a failed event; the model that answers does not notice', async () => {
  const { id } = await demo();
  await wired.client.call('models.load', { id });
  let killed = false;
  const events = await testSpeed(id, (event) => {
    if (killed || event.type !== 'progress' || event.phase !== 'reading') return;
    killed = true;
    process.kill(wired.host.engines.at(-1)!.pid!, 'SIGKILL');
  });
  const failed = { type: 'failed', backend: 'cpu', failure: { code: 'engine-stopped' } };
  expect(events.slice(-2)).toEqual([failed, { type: 'done', fastest: null }]);
  expect(await status()).toMatchObject({ state: 'ready', fallback: null, failure: null });
});

test('a backend that does not start does not stop the others', async () => {
  const { id } = await demo();
  const types: string[] = [];
  const input = { id, backends: ['metal' as const, 'cpu' as const] };
  for await (const event of wired.client.stream('models.testSpeed', input)) {
    if (event.type !== 'progress') types.push(event.type);
  }
  expect(types).toEqual(['failed', 'measured', 'done']);
});

test('a question asked during the test is answered after it, undisturbed', async () => {
  const { id } = await demo();
  const order: string[] = [];
  const asked: Promise<unknown>[] = [];
  await testSpeed(id, (event) => {
    if (event.type === 'measured') order.push('measured');
    if (asked.length > 0) return;
    asked.push(ask(wired.client, 'What is 7 plus 8?').then(() => order.push('answered')));
  });
  await Promise.all(asked);
  expect(order).toEqual(['measured', 'answered']);
});

// Catches "starting, 20 seconds left" for as long as an answer takes.
test('a test that waits for an answer does not say that it has started', async () => {
  const { id } = await demo();
  let now: EngineStatus | undefined;
  const watching = async (): Promise<void> => {
    for await (const next of wired.client.stream('models.watchEngine', undefined)) now = next;
  };
  watching().catch(() => {});
  const answered = ask(wired.client, 'Count to 200.');
  await until(() => now?.state === 'generating');
  const states: (string | undefined)[] = [];
  await testSpeed(id, () => states.push(now?.state));
  expect((await answered).answer.status).toBe('complete');
  expect(states[0]).toBe('ready');
});
