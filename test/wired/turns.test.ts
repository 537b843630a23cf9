// Work that is cancelled needs a moment to stop: what follows at once must get its whole answer, not an empty one.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

test('questions in new conversations, one right after the other, while titles are being found', async () => {
  for (let question = 0; question < 12; question++) {
    const { answer } = await ask(wired.client, 'What is the capital of France?');
    expect(answer).toMatchObject({ status: 'complete', text: 'The capital of France is Paris.' });
    await new Promise((resolve) => setTimeout(resolve, question * 2));
  }
});

test('a question asked the moment another answer was stopped', async () => {
  for (let round = 0; round < 5; round++) {
    let id = 0;
    for await (const event of wired.client.stream('chat.send', {
      conversationId: null,
      text: 'Count to 200.',
    })) {
      if (event.type === 'accepted') id = event.conversation.id;
      if (event.type === 'text') await wired.client.call('chat.stop', { conversationId: id });
    }
    const { answer } = await ask(wired.client, 'What is 7 plus 8?');
    expect(answer).toMatchObject({ status: 'complete', text: '7 + 8 = 15.' });
  }
});

test('questions in three conversations at once are all answered, one after the other', async () => {
  const answers = await Promise.all(
    ['France', 'Italy', 'Germany'].map((country) => ask(wired.client, `What is the capital of ${country}?`)),
  );
  const texts = answers.map(({ answer }) => answer.text);
  expect(texts).toEqual([
    'The capital of France is Paris.',
    'The capital of Italy is Rome.',
    'The capital of Germany is Berlin.',
  ]);
});
