// How answers are to be, through the whole app with a real model. Bugs these catch: a preset that never reaches the
// model, a view that differs from what is sent, a seed without effect, a limit that is not kept.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Message } from '#contract/chat.ts';
import { answerSettings, type AnswerSettings } from '#contract/presets.ts';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

const own = (values: Partial<AnswerSettings>): AnswerSettings => answerSettings.parse(values);

async function answerTo(text: string, settings: Partial<AnswerSettings>): Promise<Message> {
  const setup = { presetId: null, settings: own(settings) };
  const send = { conversationId: null, text, setup };
  for await (const event of wired.client.stream('chat.send', send))
    if (event.type === 'done') return event.answer;
  throw new Error('No answer');
}

test('the view is the text that the model gets, with the preset in it', async () => {
  const preset = await wired.client.call('presets.save', {
    id: null,
    name: 'Short',
    settings: own({ systemPrompt: 'Answer in one word.' }),
  });
  const { answer } = await ask(wired.client, 'What is the capital of France?');
  const id = answer.conversationId;
  await wired.client.call('chat.configure', { id, presetId: preset.id, settings: own({}) });
  const view = await wired.client.call('chat.view', { id });
  expect(view.text).toBe(
    '<bos><start_of_turn>user\nAnswer in one word.\n\nWhat is the capital of France?<end_of_turn>\n<start_of_turn>model\n',
  );
  expect(view).toMatchObject({ visibleFromId: null, sizeTokens: answer.stats && 2048 });
  const { conversation } = await wired.client.call('chat.open', { id });
  expect(conversation.presetId).toBe(preset.id);
});

test('the same seed writes the same answer, another one another', async () => {
  const wild = { temperature: 2, topK: 0, topP: 1, maxAnswerTokens: 24 };
  const [one, same, other] = [
    await answerTo('Hello!', { ...wild, seed: 5 }),
    await answerTo('Hello!', { ...wild, seed: 5 }),
    await answerTo('Hello!', { ...wild, seed: 6 }),
  ];
  expect(same.text).toBe(one.text);
  expect(other.text).not.toBe(one.text);
});

test('the longest answer is the one that was asked for', async () => {
  const { stats } = await answerTo('Count to 150.', { maxAnswerTokens: 16 });
  expect(stats?.answerTokens).toBe(16);
});

test('presets come and go in every window', async () => {
  const names: string[][] = [];
  const watching = new AbortController();
  const watch = (async () => {
    for await (const list of wired.client.stream('presets.watch', undefined, watching.signal))
      names.push(list.filter(({ builtIn }) => builtIn === null).map(({ name }) => name));
  })();
  const { id } = await wired.client.call('presets.save', { id: null, name: 'Mine', settings: own({}) });
  await wired.client.call('presets.remove', { id });
  await expect.poll(() => names.at(-1)).toEqual([]);
  watching.abort();
  await watch;
});
