// Files of conversations that contradict themselves, through the whole app. Bugs these catch: a conversation that is
// lost because another one has its id, half of a long conversation in the list, a file of ours that our own import
// refuses, something that is passed over and not in the report.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportReport } from '#contract/transfer.ts';
import { chatGptConversation, claudeConversation, lmStudioConversation } from '../support/exported-files.ts';
import { exportTo, importFrom } from '../support/transfers.ts';
import { startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;
let folder: string;
beforeEach(async () => {
  wired = await startWiredApp();
  folder = await mkdtemp(join(tmpdir(), 'lapidary-transfer-'));
});
afterEach(async () => {
  await wired.destroy();
  await rm(folder, { recursive: true, force: true });
});

async function bringIn(content: unknown): Promise<ImportReport> {
  const path = join(folder, 'in.json');
  await writeFile(path, JSON.stringify(content));
  return await importFrom(wired, path);
}

const ourFile = (conversations: unknown[], version = 2): object => ({
  format: 'lapidary-conversations',
  version,
  conversations,
});

/** All texts of each conversation, in the order of their ids. */
async function texts(app: Pick<WiredApp, 'client'> = wired): Promise<string[][]> {
  const list = await app.client.call('chat.list', { limit: 500 });
  const ids = list.map(({ id }) => id).toSorted((one, other) => one - other);
  const trees = await Promise.all(
    ids.map((conversationId) => app.client.call('branches.tree', { conversationId })),
  );
  return trees.map((tree) => tree.map(({ excerpt }) => excerpt));
}

test('two conversations of one id are both there, once, in every format', async () => {
  const other = <T extends object>(conversation: T): T =>
    JSON.parse(JSON.stringify(conversation).replaceAll(/Paris/gu, 'Lyon')) as T;
  const mine = {
    key: 'lapidary:1',
    title: 'Mine',
    createdAt: 1,
    updatedAt: 1,
    messages: [{ key: 'q', parent: null, role: 'user', text: 'Paris?', createdAt: 1 }],
  };
  const files: unknown[] = [
    ...[chatGptConversation, claudeConversation, lmStudioConversation].map((one) => [one, other(one), one]),
    ...[1, 2].map((version) =>
      ourFile(
        [{ ...mine, key: `lapidary:v${version}` }, other({ ...mine, key: `lapidary:v${version}` })],
        version,
      ),
    ),
  ];
  for (const file of files) {
    const before = (await texts()).length;
    expect(await bringIn(file)).toMatchObject({ imported: 2, skipped: 0 });
    expect((await texts()).slice(before).map((found) => found.join(' ').includes('Lyon'))).toEqual([
      false,
      true,
    ]);
    expect(await bringIn(file)).toMatchObject({ imported: 0, completed: 0, skipped: 0 });
    expect(await texts()).toHaveLength(before + 2);
  }
});

const begin = {
  key: 'lapidary:long',
  title: 'Long',
  createdAt: 1,
  updatedAt: 1,
  activeMessage: 'b',
  messages: [{ key: 'a', parent: null, role: 'user', text: 'One', createdAt: 1 }],
  continues: true,
};
const part = (rest: object): object => ({ goesOn: 'lapidary:long', ...rest });
const answer = { key: 'b', parent: 'a', role: 'answer', text: 'Two', createdAt: 2 };
const whole = [
  begin,
  part({ messages: [answer], continues: true }),
  part({ messages: [{ ...answer, key: 'c', text: 'Three' }] }),
];
const small = { ...begin, key: 'lapidary:small', title: 'Small', continues: undefined };

test('a conversation whose parts are not all there is not in the list and named once; the next one comes in', async () => {
  const [first, second, third] = whole;
  for (const broken of [
    [first, second, small],
    [first, small, second, third],
    [first, second, 7, third, small],
    [first, part({ messages: 'no' }), third, small],
    [first, part({ goesOn: 'lapidary:other' }), small],
    [
      first,
      part({ documents: [{ kind: 'text', name: 'D', text: 'd' }], continues: true }),
      part({ moreText: 'x'.repeat(20_000_000) }),
      small,
    ],
  ]) {
    const report = await bringIn(ourFile(broken));
    expect(
      report.skippedOnes.filter(({ title }) => title === 'Long'),
      JSON.stringify(broken).slice(0, 200),
    ).toHaveLength(1);
    expect(await texts()).toEqual([['One']]);
  }
  expect(await bringIn(ourFile([second, third]))).toMatchObject({ imported: 0, skipped: 1 });
  expect((await bringIn(ourFile([first, second]))).skippedOnes).toEqual([
    { title: 'Long', file: 'in.json', reason: 'cut-off' },
  ]);
  expect(await bringIn(ourFile(whole))).toMatchObject({ imported: 1, skipped: 0 });
  expect(await texts()).toEqual([['One'], ['One', 'Two', 'Three']]);
  expect(await bringIn(ourFile(whole))).toMatchObject({ imported: 0, alreadyHere: 1 });
});

test('two messages of one key are both there, also where they stand in different parts', async () => {
  const again = { ...answer, text: 'Another two' };
  await bringIn(ourFile([begin, part({ messages: [answer], continues: true }), part({ messages: [again] })]));
  expect(await texts()).toEqual([['One', 'Two', 'Another two']]);
});

test(
  'a conversation of more than 64 MiB goes out and comes in again exactly',
  { timeout: 300_000 },
  async () => {
    // Characters that take six bytes each in JSON and hardly any time in an index.
    const large = '\u0001'.repeat(6_000_000);
    const documents = ['A', 'B'].map((name) => ({
      kind: 'file',
      name: `${name}.txt`,
      text: `${name}😀${large}`,
    }));
    const messages = Array.from({ length: 3 }, (_, index) => ({
      key: `m${index}`,
      parent: index === 0 ? null : `m${index - 1}`,
      role: index % 2 === 0 ? 'user' : 'answer',
      text: `Text ${index} ${large.slice(0, 900_000)}`,
      createdAt: index,
      attachments: index === 1 ? [] : [{ document: index / 2 }],
    }));
    const [one, other] = documents;
    const report = await bringIn(
      ourFile([
        { ...begin, messages: [], documents: [one] },
        part({ documents: [other], messages: messages.slice(0, 1), continues: true }),
        part({ messages: messages.slice(1) }),
      ]),
    );
    expect(report).toMatchObject({ imported: 1, skipped: 0 });
    const path = await exportTo(wired, { format: 'json', folder });
    const written = await readFile(path, 'utf8');
    expect(written.length).toBeGreaterThan(80_000_000);
    const elements = (JSON.parse(written) as { conversations: object[] }).conversations;
    expect(elements.length).toBeGreaterThan(4);
    const app = await startWiredApp();
    try {
      expect(await importFrom(app, path)).toMatchObject({ imported: 1, skipped: 0 });
      const again = await readFile(await exportTo(app, { format: 'json', folder }), 'utf8');
      expect(again === written).toBe(true);
    } finally {
      await app.destroy();
    }
  },
);
