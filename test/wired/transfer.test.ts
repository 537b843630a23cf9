// Conversations out of the whole app and into it. Bugs these catch: doubles on a second import, a branch or a thought
// lost on the way, half a conversation in the list after a kill, a stop that leaves no report, a file left behind.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ExportFormat, FileConversation, ImportReport } from '#contract/transfer.ts';
import {
  chatGptConversation,
  claudeConversation,
  janMessages,
  janThread,
  lmStudioConversation,
  openWebUiConversation,
} from '../support/exported-files.ts';
import { exportTo, importFrom } from '../support/transfers.ts';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

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

async function fileOf(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  const raw = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  await writeFile(path, raw);
  return path;
}

const bringIn = (path: string, app = wired): Promise<ImportReport> => importFrom(app, path);
const takeOut = (format: ExportFormat, ids: number[] | null = null): Promise<string> =>
  exportTo(wired, { format, folder, ids });

const titles = async (): Promise<string[]> =>
  (await wired.client.call('chat.list', {})).map(({ title }) => title);

test('every app is recognised by what is in the file, and a second import brings nothing twice', async () => {
  const thread = join(folder, 'threads', 'thread_1');
  await mkdir(thread, { recursive: true });
  await fileOf('chatgpt.json', [chatGptConversation]);
  await fileOf('claude.json', [claudeConversation]);
  await fileOf('1700000000000.conversation.json', lmStudioConversation);
  await fileOf('webui.json', [openWebUiConversation]);
  await fileOf('user.json', { id: 'not a conversation' });
  await writeFile(join(thread, 'thread.json'), JSON.stringify(janThread));
  await writeFile(
    join(thread, 'messages.jsonl'),
    janMessages.map((message) => JSON.stringify(message)).join('\n'),
  );
  const report = await bringIn(folder);
  expect(report).toMatchObject({ imported: 5, completed: 0, alreadyHere: 0, skipped: 0 });
  expect(report.apps.toSorted()).toEqual(['chatgpt', 'claude', 'jan', 'lm-studio', 'open-webui']);
  for (const { id } of await wired.client.call('chat.list', {})) {
    const { messages } = await wired.client.call('chat.open', { id });
    expect(messages.map(({ text }) => text)).toEqual(['Capital of France?', 'Paris.']);
    expect(messages[1]?.thought).toBe('It is easy.');
  }
  expect(await bringIn(folder)).toMatchObject({ imported: 0, completed: 0, alreadyHere: 5, skipped: 0 });
  expect(await titles()).toHaveLength(5);
});

test('a conversation that has grown since gets what it lacks, and nothing twice', async () => {
  const first = claudeConversation.chat_messages.slice(0, 2);
  await bringIn(await fileOf('a.json', [{ ...claudeConversation, chat_messages: first }]));
  expect(await bringIn(await fileOf('b.json', [claudeConversation]))).toMatchObject({ completed: 1 });
  const [only] = await wired.client.call('chat.list', {});
  const tree = await wired.client.call('branches.tree', { conversationId: only?.id ?? 0 });
  expect(tree.map(({ excerpt }) => excerpt)).toEqual(['Capital of France?', 'Paris, I think.', 'Paris.']);
});

test('what a person has thrown away does not come back by itself', async () => {
  const path = await fileOf('a.json', [claudeConversation]);
  await bringIn(path);
  const [only] = await wired.client.call('chat.list', {});
  await wired.client.call('chat.delete', { id: only?.id ?? 0 });
  const report = await bringIn(path);
  expect(report.skippedOnes).toEqual([{ title: 'Capitals', file: 'a.json', reason: 'in-bin' }]);
  expect(await titles()).toEqual([]);
});

test('our own file goes out and in again exactly, with versions, presets and order', async () => {
  const { answer } = await ask(wired.client, 'What is the capital of France?');
  const { conversationId: id } = answer;
  await wired.client.call('branches.rewrite', { messageId: answer.id, text: 'Lyon 😀\u0000 "quoted"' });
  const preset = await wired.client.call('presets.save', {
    id: null,
    name: 'Mine',
    settings: { temperature: 0.4 },
  });
  await wired.client.call('chat.configure', { id, presetId: preset.id, settings: { seed: 7 } });
  await wired.client.call('order.pin', { ids: [id], pinned: true });
  await wired.client.call('order.tag', { ids: [id], add: ['geo'], remove: [] });
  const path = await takeOut('json');
  const first = JSON.parse(await readFile(path, 'utf8')) as { conversations: FileConversation[] };
  expect(first.conversations[0]?.messages).toHaveLength(3);
  expect(await bringIn(path)).toMatchObject({ imported: 0, alreadyHere: 1 });

  const other = await startWiredApp();
  try {
    expect(await bringIn(path, other)).toMatchObject({ imported: 1, skipped: 0, apps: ['lapidary'] });
    const [copy] = await other.client.call('chat.list', {});
    expect(copy).toMatchObject({ pinned: true, tags: ['geo'] });
    const again = await exportTo(other, { format: 'json', folder });
    expect(JSON.parse(await readFile(again, 'utf8'))).toEqual(first);
    const original = await wired.client.call('chat.open', { id });
    const opened = await other.client.call('chat.open', { id: copy?.id ?? 0 });
    const plain = (messages: typeof opened.messages): unknown[] =>
      messages.map(({ text, thought, status, stats, edited }) => ({ text, thought, status, stats, edited }));
    expect(plain(opened.messages)).toEqual(plain(original.messages));
  } finally {
    await other.destroy();
  }
});

test('a zip is read without unpacking it, also when it is damaged', async () => {
  const zip = zipOf('export/conversations.json', JSON.stringify([chatGptConversation]));
  expect(await bringIn(await fileOf('export.zip', zip))).toMatchObject({ imported: 1, apps: ['chatgpt'] });
  const cut = await fileOf('cut.zip', zip.subarray(0, zip.length - 30));
  await expect(bringIn(cut)).rejects.toMatchObject({ code: 'import-unreadable' });
});

test('other encodings are read, and what is no export is named as such', async () => {
  const text = JSON.stringify([{ ...claudeConversation, name: 'Größe' }]);
  for (const [name, bytes] of [
    ['utf16.json', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf16be.json', Buffer.from(text, 'utf16le').swap16()],
    ['mark.json', Buffer.from(`\uFEFF${text}`)],
    ['latin1.json', Buffer.from(text, 'latin1')],
  ] as const) {
    const report = await bringIn(await fileOf(name, bytes));
    expect([name, report.imported + report.alreadyHere]).toEqual([name, 1]);
  }
  expect(await titles()).toEqual(['Größe']);
  for (const content of ['', 'hello, this is a letter', '{"a":1}', '[1,2,3]', '\u0000\u0001\u0002', '<html>'])
    await expect(bringIn(await fileOf('x.json', content)), content).rejects.toMatchObject({
      code: 'import-unreadable',
    });
  await expect(bringIn(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'import-file-missing' });
  const newer = ourFile(3, []);
  await expect(bringIn(await fileOf('n.json', newer))).rejects.toMatchObject({ code: 'import-newer' });
});

test('of a file that ends too early or has bad pieces, the good ones come in and the others are named', async () => {
  const whole = JSON.stringify([claudeConversation, { ...chatGptConversation, title: 'Cut here' }]);
  const cut = await bringIn(await fileOf('cut.json', whole.slice(0, -40)));
  expect(cut).toMatchObject({ imported: 1, skipped: 1 });
  expect(cut.skippedOnes).toEqual([{ title: 'Cut here', file: 'cut.json', reason: 'cut-off' }]);
  const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
  const bad = `[{"title":"Bad",}, ${deep}, ${JSON.stringify(chatGptConversation)}]`;
  const report = await bringIn(await fileOf('bad.json', bad));
  expect(report).toMatchObject({ imported: 1, skipped: 2 });
  expect(report.skippedOnes.map(({ reason }) => reason)).toEqual(['damaged', 'too-deep']);
});

test('stopping keeps what is in and says how far it came; doing it again brings the rest', async () => {
  const many = Array.from({ length: 400 }, (_, index) => ({ ...claudeConversation, uuid: `u-${index}` }));
  const path = await fileOf('many.json', many);
  let report: ImportReport | null = null;
  for await (const event of wired.client.stream('transfer.import', { path })) {
    if (event.type === 'imported') report = event.report;
    else await wired.client.call('transfer.stopImport', undefined);
  }
  expect(report?.stopped).toBe(true);
  const count = (await wired.client.call('chat.list', { limit: 500 })).length;
  expect(report?.imported).toBe(count);
  const rest = await bringIn(path);
  expect(rest.imported + rest.alreadyHere).toBe(400);
  expect(await wired.client.call('chat.list', { limit: 500 })).toHaveLength(400);
});

/** A conversation of the second version of our file, with what the first one lacks. */
const withAttachments = {
  key: 'lapidary:1',
  title: 'About opals',
  createdAt: 1,
  updatedAt: 2,
  activeMessage: 'a1',
  documents: [{ kind: 'file', name: 'opal <b>.pdf', pages: 3, text: 'Opals <i>shine</i>.\n'.repeat(900) }],
  notes: [{ covers: 'a1', text: 'They spoke about opals.', edited: true, createdAt: 5 }],
  messages: [
    {
      key: 'q',
      parent: null,
      role: 'user',
      text: 'What is it?',
      createdAt: 1,
      attachments: [{ document: 0 }],
    },
    { key: 'a1', parent: 'q', role: 'answer', text: 'A stone.', createdAt: 2 },
    { key: 'a2', parent: 'q', role: 'answer', text: 'A gem.', createdAt: 3 },
    {
      key: 'q2',
      parent: null,
      role: 'user',
      text: 'What is it, in short?',
      createdAt: 4,
      attachments: [{ document: 0, use: 'excerpts', tokens: 4000, givenTokens: 900 }],
    },
  ],
};
const ourFile = (version: number, conversations: unknown[]): object => ({
  format: 'lapidary-conversations',
  version,
  conversations,
});

test('what went along with questions, and notes, come back exactly, and are named where one reads', async () => {
  await bringIn(await fileOf('ours.json', ourFile(2, [withAttachments])));
  const path = await takeOut('json');
  const first = JSON.parse(await readFile(path, 'utf8')) as { conversations: FileConversation[] };
  expect(first).toMatchObject(ourFile(2, [withAttachments]));
  const other = await startWiredApp();
  try {
    expect(await bringIn(path, other)).toMatchObject({ imported: 1 });
    expect(JSON.parse(await readFile(await exportTo(other, { format: 'json', folder }), 'utf8'))).toEqual(
      first,
    );
    const [hit] = await other.client.call('chat.search', { query: 'shine' });
    expect(hit?.conversation.title).toBe('About opals');
  } finally {
    await other.destroy();
  }
  const [only] = await wired.client.call('chat.list', {});
  const page = await readFile(await takeOut('html', [only?.id ?? 0]), 'utf8');
  expect(page).toContain('<summary dir="auto">Angehängt: opal &lt;b&gt;.pdf (18 kB)</summary>');
  expect(page).toContain('Opals &lt;i&gt;shine&lt;/i&gt;.');
  const markdown = await readFile(await takeOut('markdown', [only?.id ?? 0]), 'utf8');
  expect(markdown).toContain('What is it?\n\n> **Angehängt:** opal <b>.pdf (18 kB)\n\n## Antwort');
});

test('the first version of our file, without attachments and notes, still comes in', async () => {
  const { key: name, title, createdAt: begun, updatedAt, activeMessage, messages } = withAttachments;
  const plain = messages.map(({ key, parent, role, text, createdAt }) => ({
    key,
    parent,
    role,
    text,
    createdAt,
  }));
  const file = ourFile(1, [
    { key: name, title, createdAt: begun, updatedAt, activeMessage, messages: plain },
  ]);
  expect(await bringIn(await fileOf('old.json', file))).toMatchObject({ imported: 1, skipped: 0 });
  // What has come in once gets no second life from a file that says more of the same messages.
  const again = await bringIn(await fileOf('new.json', ourFile(2, [withAttachments])));
  expect(again).toMatchObject({ imported: 0, alreadyHere: 1 });
});

/** The smallest zip with one packed file. */
function zipOf(name: string, text: string): Buffer {
  const packed = deflateRawSync(text);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(Buffer.byteLength(text), 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}
