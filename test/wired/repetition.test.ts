// A model that runs away into repeating itself. Bugs these catch: an answer that fills the whole context with one word,
// a second attempt that does exactly the same again.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

test('is stopped, says so, keeps its words, and writes something else when it is asked again', async () => {
  const { answer } = await ask(wired.client, 'aaaaaaaaaaaaaaaaaaaa');
  expect(answer).toMatchObject({ status: 'stopped', failure: { code: 'answer-repeats' } });
  expect(answer.text).toMatch(/a{300,}$/);
  expect(answer.text.length).toBeLessThan(1_500);
  let again = answer;
  const retry = { messageId: answer.id, varied: true };
  for await (const event of wired.client.stream('chat.retry', retry))
    if (event.type === 'done') again = event.answer;
  expect(again.versions).toEqual([answer.id, again.id]);
  expect(again.text).not.toBe(answer.text);
});
