// A long message is read while it is still being written. Bugs these catch: reading ahead that changes the answer, that
// is in the way of another question, that is kept as if it had been said, or that does not help at all.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

const LONG = `${'The harbour of the town lies in the north and the ships come in on Tuesday. '.repeat(20)}What is the capital of France?`;
let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

test('the question needs hardly any reading then, also after its end has changed', async () => {
  await ask(wired.client, 'What is the capital of France?');
  await until(async () =>
    (await wired.client.call('chat.list', {})).some((one) => one.titleSource === 'model'),
  );
  await wired.client.call('chat.prepare', { conversationId: null, text: LONG });
  const { answer } = await ask(wired.client, `${LONG} Please.`);
  const { promptTokens = 0, reusedTokens = 0 } = answer.stats ?? {};
  expect(promptTokens).toBeGreaterThan(300);
  expect(promptTokens - reusedTokens).toBeLessThan(20);
});

test('goes on in its conversation, and what was not asked is kept nowhere', async () => {
  const first = await ask(wired.client, 'What is the capital of Italy?');
  const { conversationId } = first.answer;
  await wired.client.call('chat.prepare', { conversationId, text: LONG });
  const { messages } = await wired.client.call('chat.open', { id: conversationId });
  expect(messages).toHaveLength(2);
  const second = await ask(wired.client, 'Hello!', conversationId);
  expect(second.answer.stats?.promptTokens).toBeLessThan(80);
  expect(readdirSync(join(wired.folder, 'context-states')).length).toBeLessThan(3);
});

test('gives way to a question at once, and to its own end', async () => {
  await ask(wired.client, 'Hello!');
  const stop = new AbortController();
  const reading = wired.client.call(
    'chat.prepare',
    { conversationId: null, text: LONG.repeat(3) },
    stop.signal,
  );
  const { answer } = await ask(wired.client, 'What is the capital of France?');
  expect(answer.text).toContain('Paris');
  await reading.catch(() => {});
  stop.abort();
  const stopped = wired.client.call('chat.prepare', { conversationId: null, text: LONG }, stop.signal);
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  expect((await ask(wired.client, 'Hello!')).answer.status).toBe('complete');
});

test('loads no model for it', async () => {
  await wired.client.call('chat.prepare', { conversationId: null, text: LONG });
  for await (const { state } of wired.client.stream('models.watchEngine', undefined)) {
    expect(['stopped', 'starting']).toContain(state);
    break;
  }
});
