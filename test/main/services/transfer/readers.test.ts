// The readers of other apps' exports. Bugs these catch: a branch that is lost, a hidden system text that appears as a
// message, thoughts that leak into answers, a time read in the wrong unit, a loop on a tree that is none.
import { expect, test } from 'vitest';
import type { FileConversation } from '#contract/transfer.ts';
import { toIncoming, toTime, type RawNode } from '../../../../src-main/services/transfer/formats/incoming.ts';
import { recognise } from '../../../../src-main/services/transfer/formats/recognise.ts';
import {
  chatGptConversation,
  claudeConversation,
  lmStudioConversation,
  openWebUiConversation,
} from '../../../support/exported-files.ts';

const NOW = 1_800_000_000_000;

function read(value: unknown): FileConversation {
  const found = recognise(value, false, NOW);
  if (found.kind !== 'conversation') throw new Error(JSON.stringify(found));
  return found.conversation;
}

test.each([
  ['chatgpt', chatGptConversation],
  ['claude', claudeConversation],
  ['lm-studio', lmStudioConversation],
  ['open-webui', openWebUiConversation],
])('%s: both answers stand under the question, the chosen one is shown', (app, value) => {
  const conversation = read(value);
  expect(conversation).toMatchObject({ title: 'Capitals', createdAt: 1_700_000_000_000 });
  expect(conversation.key).toMatch(new RegExp(`^${app}:.`));
  const [question, ...answers] = conversation.messages;
  expect(question).toMatchObject({ role: 'user', text: 'Capital of France?', parent: null });
  expect(answers.map(({ role, parent }) => [role, parent])).toEqual([
    ['answer', question?.key],
    ['answer', question?.key],
  ]);
  const texts = answers.map(({ text, thought }) => ({ text, thought }));
  expect(texts).toContainEqual({ text: 'Paris.', thought: 'It is easy.' });
  expect(texts).toContainEqual({ text: 'Paris, I think.', thought: '' });
  const shown = conversation.messages.find(({ key }) => key === conversation.activeMessage);
  expect(shown?.text).toBe('Paris.');
});

test('an old Claude export without parents is one line', () => {
  const messages = claudeConversation.chat_messages.map((message) => {
    const { parent_message_uuid: _, ...rest } = message as Record<string, unknown>;
    return rest;
  });
  const { messages: line } = read({ ...claudeConversation, chat_messages: messages });
  expect(line.map(({ parent }) => parent)).toEqual([null, 'm1', 'm2']);
});

test('what is nothing we know is said to be so, and an empty conversation to be empty', () => {
  expect(recognise({ hello: 1 }, false, NOW)).toMatchObject({ kind: 'skipped', reason: 'unknown' });
  expect(recognise([1], false, NOW)).toMatchObject({ kind: 'skipped', reason: 'unknown' });
  expect(recognise({ title: 'E', mapping: {} }, false, NOW)).toEqual({
    kind: 'skipped',
    title: 'E',
    reason: 'empty',
  });
  const huge = { ...claudeConversation, chat_messages: [{ text: 'x'.repeat(10_000_001) }] };
  expect(recognise(huge, false, NOW)).toMatchObject({ reason: 'too-large' });
  expect(recognise({ key: 'x', messages: 'no' }, true, NOW)).toMatchObject({ reason: 'damaged' });
});

const node = (key: string, parent: string | null): RawNode => ({
  key,
  parent,
  shown: true,
  role: 'user',
  text: key,
  createdAt: null,
});

function treeOf(nodes: RawNode[]): [string, string | null][] {
  const raw = {
    app: 'claude',
    id: 'x',
    title: '',
    createdAt: null,
    updatedAt: null,
    active: 'gone',
  } as const;
  const made = toIncoming({ ...raw, nodes }, NOW);
  return (made?.messages ?? []).map(({ key, parent }) => [key, parent]);
}

test('circles are cut, missing parents are no parents, parents come first', () => {
  const circle = treeOf([node('a', 'b'), node('b', 'c'), node('c', 'a')]);
  expect(circle.map(([, parent]) => parent).filter((parent) => parent === null)).toHaveLength(1);
  expect(circle).toHaveLength(3);
  expect(treeOf([node('a', 'a')])).toEqual([['a', null]]);
  expect(treeOf([node('a', 'nowhere')])).toEqual([['a', null]]);
  expect(treeOf([node('child', 'parent'), node('parent', null)])).toEqual([
    ['parent', null],
    ['child', 'parent'],
  ]);
});

test('a line of 200,000 messages is read in a moment', () => {
  const line = Array.from({ length: 200_000 }, (_, index) =>
    node(String(index), index === 0 ? null : String(index - 1)),
  );
  expect(treeOf(line)).toHaveLength(200_000);
});

test('times in seconds, milliseconds, nanoseconds and words are the same time', () => {
  const time = 1_700_000_000_000;
  const written = [1_700_000_000, time, 1.7e18, '2023-11-14T22:13:20Z', null, 'soon', -5, Number.NaN];
  expect(written.map(toTime)).toEqual([time, time, time, time, null, null, null, null]);
});
