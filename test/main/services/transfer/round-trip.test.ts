// Any conversation goes into a file and comes back as it was. Bugs these catch: a branch, a version's order, a thought,
// a status, a document, a note or a character that is lost on the way through the database and the file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerSettings } from '#contract/presets.ts';
import type { FileConversation } from '#contract/transfer.ts';
import { Connection } from '../../../../src-main/database/connection.ts';
import { openForWork } from '../../../../src-main/database/maintenance-tasks.ts';
import { openDatabase } from '../../../../src-main/database/open-database.ts';
import { TransferRepository } from '../../../../src-main/database/transfer-repository.ts';
import { recognise } from '../../../../src-main/services/transfer/formats/recognise.ts';
import { IncomingWriter } from '../../../../src-main/services/transfer/write-incoming.ts';
import { jsonElements } from '../../../../src-main/services/transfer/writing/json-file.ts';
import { shownBranch } from '../../../../src-main/services/transfer/writing/shown-branch.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-round-trip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('a\u0000b'), fc.constant('مرحبا 😀'));
const message = fc.record({
  /** Which of those before it is its parent; more than there are: none. */
  parentAt: fc.nat(30),
  role: fc.constantFrom('user' as const, 'answer' as const),
  text,
  thought: text,
  status: fc.constantFrom('complete' as const, 'stopped' as const, 'interrupted' as const),
  edited: fc.boolean(),
  createdAt: fc.integer({ min: 0, max: 4e12 }),
  /** Numbers of documents that go along with it. */
  attached: fc.array(fc.nat(4), { maxLength: 2 }),
  note: fc.option(fc.record({ text: fc.string(), edited: fc.boolean(), removed: fc.boolean() }), { freq: 4 }),
});

const attachment = fc.constantFrom(
  { use: 'whole' as const, limitCharacters: null, tokens: null, givenTokens: null, until: null },
  { use: 'beginning' as const, limitCharacters: 400, tokens: 9000, givenTokens: 120, until: 'the end of it' },
);

const tree = fc
  .tuple(fc.array(message, { minLength: 1, maxLength: 60 }), attachment)
  .map(([made, attachedAs]) => {
    // In the order in which messages mention them, as they are written.
    const used = [...new Set(made.flatMap(({ attached }) => attached))];
    const messages = made.map(
      ({ parentAt, attached, role, text, thought, status, edited, createdAt }, index) => ({
        role,
        text,
        thought,
        status,
        edited,
        createdAt,
        key: `m${index}`,
        parent: parentAt < index ? `m${parentAt}` : null,
        failure: null,
        stats: null,
        attachments: attached.map((number) => ({ document: used.indexOf(number), ...attachedAs })),
      }),
    );
    const documents = used.map((number) => ({
      kind: 'file' as const,
      name: `Document ${number}.pdf`,
      pages: number,
      notes: [],
      text: `Page ${number}, with a line.\nAnd 😀. `.repeat(number * 300),
    }));
    const notes = made.flatMap(({ note }, index) =>
      note ? [{ covers: `m${index}`, createdAt: index, ...note }] : [],
    );
    return { messages, documents, notes: notes.toSorted((one, other) => +other.removed - +one.removed) };
  });

const conversation = fc.record({
  title: fc.string({ unit: 'binary', minLength: 1, maxLength: 90 }),
  titleSource: fc.constantFrom('first-words' as const, 'model' as const, 'person' as const),
  createdAt: fc.integer({ min: 0, max: 4e12 }),
  updatedAt: fc.integer({ min: 0, max: 4e12 }),
  pinned: fc.boolean(),
  archived: fc.boolean(),
  folder: fc.constantFrom(null, 'Letters'),
  tags: fc.constantFrom<string[]>([], ['a', 'b']),
  tree,
});

test('any tree comes back from the file as it was, and never twice', { timeout: 60_000 }, async () => {
  const file = join(folder, 'lapidary.db');
  const opened = await openDatabase({ file, backupsFolder: join(folder, 'backups'), now: Date.now });
  await opened.close();
  using sqlite = openForWork(file);
  const db = new Connection(sqlite.db);
  const repository = new TransferRepository(db);
  const writer = new IncomingWriter(db, opened.writeGate);
  let count = 0;
  const property = fc.asyncProperty(conversation, fc.nat(59), async ({ tree: grown, ...about }, activeAt) => {
    const made = { ...about, ...grown };
    const active = made.messages[activeAt % made.messages.length]?.key ?? null;
    const settings = answerSettings.parse({ seed: count });
    const rest = { key: `lapidary:${(count += 1)}`, preset: null, settings, activeMessage: active };
    const source: FileConversation = { ...made, ...rest };
    const read = recognise(JSON.parse(JSON.stringify(source)), true, 0);
    if (read.kind !== 'conversation') throw new Error(JSON.stringify(read));
    expect(await writer.write(read.conversation)).toMatchObject({ written: 'imported' });
    const out = repository.read(repository.find(source.key)?.id ?? 0);
    if (!out) throw new Error('It is not there');
    expect([...jsonElements(out, [])].map((element) => JSON.parse(element) as unknown)).toEqual([source]);
    expect(shownBranch(out).at(-1)?.key).toBe(active);
    expect(await writer.write(read.conversation)).toMatchObject({ written: 'here' });
  });
  await fc.assert(property, { numRuns: 40 });
});
