// The engine dies in every phase of its work: nothing that was shown is lost, and the next question is answered.
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GenerationEvent, Message } from '#contract/chat.ts';
import type { EngineStatus } from '#contract/models.ts';
import { ask, startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

const DEMO = new URL('../../resources/demo-model/tiny-gemma-chat-q8_0.gguf', import.meta.url).pathname;

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

function killEngine(): void {
  process.kill(wired.host.engines.at(-1)!.pid!, 'SIGKILL');
}

/** Sends, kills the engine at the first event that `isMoment`, and says how the answer ended and how soon. */
async function killAt(text: string, isMoment: (event: GenerationEvent) => boolean) {
  let killedAt = 0;
  let shown = '';
  let answer: Message | null = null;
  for await (const event of wired.client.stream('chat.send', { conversationId: null, text })) {
    if (event.type === 'text') shown += event.text;
    if (event.type === 'done') answer = event.answer;
    if (killedAt === 0 && isMoment(event)) {
      killedAt = performance.now();
      killEngine();
    }
  }
  if (!answer) throw new Error('No end');
  return { answer, shown, noticedAfterMs: performance.now() - killedAt };
}

test('killed while generating: the answer is interrupted with all its text, and the engine comes back', async () => {
  const { answer, shown, noticedAfterMs } = await killAt('Count to 200.', (event) => event.type === 'text');
  expect(answer).toMatchObject({ status: 'interrupted', failure: { code: 'engine-stopped' } });
  expect(answer.text).toBe(shown);
  expect(shown.length).toBeGreaterThan(0);
  expect(noticedAfterMs).toBeLessThan(1000);
  const ready = wired.client.stream('models.watchEngine', undefined);
  for await (const status of ready) if (status.state === 'ready') break;
  const next = await ask(wired.client, 'What is 7 plus 8?', answer.conversationId);
  expect(next.answer.status).toBe('complete');
  const { messages } = await wired.client.call('chat.open', { id: answer.conversationId });
  expect(messages).toHaveLength(4);
});

test('killed while reading a long prompt: the question is kept and can be asked again', async () => {
  await ask(wired.client, 'Hello!');
  const long = 'The deadline of the server is Thursday. '.repeat(150);
  const { answer } = await killAt(long, (event) => event.type === 'reading');
  expect(answer).toMatchObject({ status: 'interrupted', text: '' });
  let last: GenerationEvent | undefined;
  for await (const event of wired.client.stream('chat.retry', { messageId: answer.id })) last = event;
  expect(last).toMatchObject({ type: 'done', answer: { status: 'complete' } });
});

test('killed while loading: the model is loaded by the next process without a word', async () => {
  const model = await demoModel();
  const loading = wired.client.call('models.load', { id: model.id });
  await until(() => wired.host.engines.length > 0);
  killEngine();
  await loading;
  expect(wired.host.engines.length).toBeGreaterThan(1);
  expect((await ask(wired.client, 'What is 7 plus 8?')).answer.status).toBe('complete');
});

test('killed again and again with no backend left: it says so instead of starting for ever, and a new try works', async () => {
  const model = await demoModel();
  await wired.client.call('models.load', { id: model.id });
  for (let kills = 0; kills < 3; kills++) {
    const before = wired.host.engines.length;
    killEngine();
    if (kills < 2) await until(() => wired.host.engines.length > before);
    if (kills < 2) await statusWith((status) => status.state === 'ready');
  }
  const status = await statusWith((now) => now.failure !== null);
  expect(status.failure?.code).toBe('engine-unavailable');
  expect((await ask(wired.client, 'What is 7 plus 8?')).answer.status).toBe('complete');
});

test('a model file that disappears while loaded: the list says so, the next load is refused by name', async () => {
  const own = join(wired.folder, 'own.gguf');
  await copyFile(DEMO, own);
  let id = 0;
  for await (const event of wired.client.stream('models.add', { path: own, placement: 'in-place' })) {
    if (event.type === 'added') id = event.model.id;
  }
  await wired.client.call('models.load', { id });
  await rename(own, `${own}.gone`);
  expect((await ask(wired.client, 'What is 7 plus 8?')).answer.status).toBe('complete');
  const models = wired.client.stream('models.watch', undefined);
  for await (const list of models) if (list.find((model) => model.id === id)?.fileState === 'missing') break;
  await wired.client.call('models.unload', undefined);
  await expect(wired.client.call('models.load', { id })).rejects.toMatchObject({
    code: 'model-file-missing',
  });
  await wired.client.call('models.remove', { id, file: 'keep' });
});

test('unloading ends the process, so that all its memory goes back', async () => {
  await wired.client.call('models.load', { id: (await demoModel()).id });
  const { pid } = wired.host.engines.at(-1)!;
  await wired.client.call('models.unload', undefined);
  await until(() => !isAlive(pid!));
  expect((await statusWith((status) => status.state === 'stopped')).modelId).toBeNull();
});

async function demoModel() {
  const models = (await wired.client.stream('models.watch', undefined).next()).value;
  return (models as { id: number; demo: boolean }[]).find((model) => model.demo)!;
}

async function statusWith(check: (status: EngineStatus) => boolean): Promise<EngineStatus> {
  for await (const status of wired.client.stream('models.watchEngine', undefined))
    if (check(status)) return status;
  throw new Error('The status ended');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
