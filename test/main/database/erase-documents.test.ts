// Long documents that nothing has any more. Bugs these catch: a window that waits while one is erased in one go, text that
// stays on the disk after its conversation is gone for ever, a text that is attached anew and lost with what is erased.
import { expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../../src-main/lib/log.ts';
import { keepDocument } from '../../../src-main/services/attachments/keep-document.ts';
import { BinService } from '../../../src-main/services/chat/bin-service.ts';
import { createPlace, openAt } from './database-fixture.ts';

const TEXT = 'All ships wait their turn. '.repeat(20_000);
const DOCUMENT = { kind: 'file' as const, name: 'long.txt', pages: null, notes: [], now: 1 };

async function setUp() {
  const place = createPlace();
  const database = await openAt(place);
  const log = createLog(`${place.folder}/log`);
  const bin = new BinService({ database, forgetContext: async () => {}, now: place.now, log });
  onTestFinished(() => bin.close());
  const documentId = await keepDocument(database, DOCUMENT, TEXT);
  const { id } = database.attachments.attach(documentId, null, 1);
  const asked = { conversationId: null, title: 'T', text: 'What?', attachmentIds: [id], now: 2 };
  const { conversation } = database.messages.startExchange(asked);
  return { attachments: database.attachments, database, bin, documentId, conversationId: conversation.id };
}

it('are gone with their conversation, in steps', async () => {
  const { attachments, database, bin, documentId, conversationId } = await setUp();
  database.conversations.moveToBin(conversationId, 3);
  database.bin.giveUp([conversationId]);
  while (!database.bin.erase(conversationId, 50));
  expect(attachments.text(documentId).length, 'not in one go').toBe(TEXT.length);
  expect(await database.search.search('ships', 5), 'but found no more').toEqual([]);
  await bin.look();
  expect(attachments.part(documentId, 0)).toBeNull();
  expect(attachments.text(documentId)).toBe('');
  expect(attachments.eraseStep()).toBe(false);
});

it('are kept anew when the same is attached while they are being erased', async () => {
  const { attachments, database, documentId, conversationId } = await setUp();
  database.conversations.moveToBin(conversationId, 3);
  database.bin.giveUp([conversationId]);
  while (!database.bin.erase(conversationId, 50));
  attachments.eraseStep();
  const again = await keepDocument(database, DOCUMENT, TEXT);
  attachments.attach(again, null, 4);
  while (attachments.eraseStep());
  expect(again).not.toBe(documentId);
  expect(attachments.text(again)).toBe(TEXT);
});
