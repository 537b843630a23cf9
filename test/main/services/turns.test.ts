// What the model is told: two questions in a row, or an empty answer, would break a chat template or teach silence.
import { expect, test } from 'vitest';
import type { Message } from '#contract/chat.ts';
import { cleanTitle, titleFromQuestion } from '../../../src-main/services/chat/titles.ts';
import { turnsOf } from '../../../src-main/services/chat/turns.ts';

function message(id: number, role: Message['role'], text: string): Message {
  const rest = {
    thought: '',
    status: 'complete' as const,
    failure: null,
    stats: null,
    edited: false,
    versions: [],
    createdAt: 0,
  };
  return { id, conversationId: 1, parentId: id - 1 || null, role, text, ...rest };
}

test('a plain conversation is told as it is', () => {
  const branch = [message(1, 'user', 'a'), message(2, 'answer', 'b'), message(3, 'user', 'c')];
  expect(turnsOf(branch)).toEqual({
    turns: [
      { role: 'user', text: 'a' },
      { role: 'answer', text: 'b' },
      { role: 'user', text: 'c' },
    ],
    ids: [1, 2, 3],
  });
});

test('an empty answer is left out and its questions become one turn', () => {
  const branch = [message(1, 'user', 'a'), message(2, 'answer', ''), message(3, 'user', 'c')];
  expect(turnsOf(branch)).toEqual({ turns: [{ role: 'user', text: 'a\n\nc' }], ids: [1] });
});

test('titles from questions are one line, cut at a word', () => {
  expect(titleFromQuestion('  Hello\n there ')).toBe('Hello there');
  const long = titleFromQuestion(
    'Please write a letter to the tax office about the delay of my return this year',
  );
  expect(long).toBe('Please write a letter to the tax office about…');
  expect(titleFromQuestion('あ'.repeat(100))).toHaveLength(49);
});

test.each([
  ['"Capital of France"', 'Capital of France'],
  ['**Title: A trip to Rome**\nmore', 'A trip to Rome'],
  ['# Plans.', 'Plans'],
  ['Text summary,', 'Text summary'],
  ['   ', null],
  ['x'.repeat(80), null],
])('the model title %j becomes %j', (text, title) => expect(cleanTitle(text)).toBe(title));
