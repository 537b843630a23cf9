// Trees that are none, in the formats of all apps. Bugs these catch: a message that is lost because another one has its
// id, a circle that is walked for ever, a parent that comes later or never, a short file that takes hours or fills the
// disk.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileConversation } from '#contract/transfer.ts';
import { readJan } from '../../../../src-main/services/transfer/formats/jan.ts';
import { toIncoming } from '../../../../src-main/services/transfer/formats/incoming.ts';
import { recognise } from '../../../../src-main/services/transfer/formats/recognise.ts';

interface Node {
  id: string;
  parent: string | null;
  text: string;
}

function read(value: unknown, ours = false): FileConversation {
  const found = recognise(value, ours, 1);
  if (found.kind !== 'conversation') throw new Error(JSON.stringify(found));
  return found.conversation;
}

const chatGptMessage = (text: string): object => ({
  author: { role: 'user' },
  content: { content_type: 'text', parts: [text] },
});
const ours = (nodes: readonly Node[]): object => ({
  key: 'lapidary:1',
  title: 'T',
  createdAt: 1,
  updatedAt: 1,
  messages: nodes.map(({ id: key, ...rest }) => ({ key, role: 'user', createdAt: 1, ...rest })),
});

/** Each app's way to name the parent of a message. */
const FORMATS: Record<string, (nodes: readonly Node[]) => FileConversation> = {
  ours: (nodes) => read(ours(nodes), true),
  chatgpt: (nodes) => {
    const of = ({ id, parent, text }: Node): object => ({ id, parent, message: chatGptMessage(text) });
    return read({
      id: 'c',
      current_node: nodes.at(-1)?.id,
      mapping: Object.fromEntries(nodes.map((node) => [node.id, of(node)])),
    });
  },
  claude: (nodes) => {
    const of = ({ id: uuid, parent: parent_message_uuid, text }: Node): object => ({
      uuid,
      parent_message_uuid,
      text,
      sender: 'human',
    });
    return read({ uuid: 'c', chat_messages: nodes.map(of) });
  },
  'open-webui': (nodes) => {
    const of = ({ parent: parentId, text: content }: Node): object => ({ parentId, content, role: 'user' });
    const messages = Object.fromEntries(nodes.map((node) => [node.id, of(node)]));
    return read({ id: 'c', chat: { history: { currentId: nodes[0]?.id, messages } } });
  },
};
/** Here a message's id is the name of a field: there is no second one. */
const WITHOUT_DOUBLES = ['chatgpt', 'open-webui'];

function expectSound({ messages, activeMessage }: FileConversation): void {
  const seen = new Set<string>();
  for (const { key, parent } of messages) {
    expect(seen).not.toContain(key);
    expect(key.length).toBeLessThanOrEqual(200);
    if (parent !== null) expect(seen).toContain(parent);
    seen.add(key);
  }
  if (activeMessage !== null) expect(seen).toContain(activeMessage);
}

const textsOf = ({ messages }: FileConversation): string[] => messages.map(({ text }) => text).toSorted();

/** Names of few letters, so that they are the same often, or name nothing; and one that is too long. */
const name = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'a#2', '__proto__'), fc.constant('x'.repeat(180)));
const nodes = fc
  .array(fc.tuple(name, fc.option(name)), { minLength: 1, maxLength: 12 })
  .map((made) => made.map(([id, parent], index): Node => ({ id, parent, text: `Text ${index}` })));

test.each(Object.entries(FORMATS))(
  '%s: whatever names what, no message is lost and the tree is sound',
  (app, readAs) => {
    fc.assert(
      fc.property(nodes, (made) => {
        const last = new Map(made.map((node) => [node.id, node]));
        const given = WITHOUT_DOUBLES.includes(app) ? [...last.values()] : made;
        const conversation = readAs(given);
        expectSound(conversation);
        expect(textsOf(conversation)).toEqual(given.map(({ text }) => text).toSorted());
        expect(readAs(given)).toEqual(conversation);
      }),
    );
  },
);

test.each(Object.entries(FORMATS))('%s: circles, later parents and those that never come', (_, readAs) => {
  const circle = readAs([
    { id: 'a', parent: 'c', text: 'A' },
    { id: 'b', parent: 'a', text: 'B' },
    { id: 'c', parent: 'b', text: 'C' },
    { id: 'self', parent: 'self', text: 'S' },
    { id: 'child', parent: 'late', text: 'Child' },
    { id: 'late', parent: null, text: 'Late' },
    { id: 'orphan', parent: 'never', text: 'Orphan' },
  ]);
  const parents = new Map(circle.messages.map(({ key, parent }) => [key, parent]));
  expect(['a', 'b', 'c'].filter((key) => parents.get(key) === null)).toHaveLength(1);
  expect([parents.get('self'), parents.get('child'), parents.get('orphan')]).toEqual([null, 'late', null]);
  expectSound(circle);
});

test('one message twice is one message; two of the same id are two', () => {
  const [first, second] = [
    { id: 'a', parent: null, text: 'One' },
    { id: 'a', parent: null, text: 'Two' },
  ];
  for (const app of ['ours', 'claude']) {
    const found = FORMATS[app]?.([first, first, second]);
    expect(found?.messages.map(({ key, text }) => [key, text])).toEqual([
      ['a', 'One'],
      ['a#2', 'Two'],
    ]);
  }
});

test('a line stays a line, whatever ids its messages have', () => {
  const texts = ['One', 'Two', 'Three', 'Four'];
  const ids = ['m', 'm', '', 'm'];
  const line = texts.map((text, index) => ({
    id: ids[index],
    uuid: ids[index],
    role: 'user',
    text,
    content: text,
  }));
  const jan = toIncoming(readJan({ id: 't' }, line), 1);
  const claude = read({ uuid: 'c', chat_messages: line });
  const webUi = read({ id: 'c', chat: { messages: line } });
  const lmStudio = read({
    createdAt: 1,
    messages: [
      { versions: [] },
      ...line.map((version) => ({ currentlySelected: 99, versions: [version] })),
      { role: 'user', content: 'Five' },
    ],
  });
  expect(lmStudio.messages.pop()?.text).toBe('Five');
  for (const found of [jan, claude, webUi, lmStudio]) {
    if (!found) throw new Error('Not read');
    expect(found.messages.map(({ text }) => text)).toEqual(texts);
    const before = [null, ...found.messages.map(({ key }) => key).slice(0, -1)];
    expect(found.messages.map(({ parent }) => parent)).toEqual(before);
  }
});

test('endless thoughts above many answers are kept once, and the way up is gone once', () => {
  const HIDDEN = 60_000;
  const thought = {
    author: { role: 'assistant' },
    content: { content_type: 'thoughts', thoughts: [{ content: 'Hm' }] },
  };
  const mapping: Record<string, object> = {};
  for (let index = 0; index < HIDDEN; index += 1)
    mapping[`h${index}`] = { parent: index === 0 ? null : `h${index - 1}`, message: thought };
  for (let index = 0; index < HIDDEN; index += 1)
    mapping[`s${index}`] = { parent: `h${HIDDEN - 1}`, message: chatGptMessage(`Text ${index}`) };
  const { messages } = read({ id: 'c', mapping });
  expect(messages).toHaveLength(HIDDEN);
  expect(messages.map((each) => each.thought.length).filter((length) => length > 0)).toEqual([
    HIDDEN * 4 - 2,
  ]);
});

test('a hundred thousand messages of one id, and elements that never end, take a moment', () => {
  const same = Array.from({ length: 100_000 }, (_, index) => ({
    id: 'a',
    parent: 'a',
    text: `Text ${index}`,
  }));
  expect(FORMATS['claude']?.(same).messages).toHaveLength(100_000);
  for (const opening of [
    '<details type="reasoning">',
    '<details',
    '<details x>',
    '<details type="reasoning"',
  ]) {
    const content = opening.repeat(200_000);
    const { messages } = read({ id: 'c', chat: { messages: [{ role: 'assistant', content }] } });
    expect(messages[0]?.text).toBe(content);
    const ended = read({
      id: 'c',
      chat: { messages: [{ role: 'assistant', content: `${content}></details>Hi` }] },
    });
    expect(ended.messages[0]?.text.endsWith('Hi')).toBe(true);
  }
});
