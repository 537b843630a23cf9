// A temporary conversation that is kept after all while someone goes on with it. Bugs these catch: words that were
// written meanwhile, or files attached to the next question, erased with it; an answer that never ends because its
// conversation is gone; half a copy of what was to be temporary left on the disk.
import { expect, onTestFinished, test } from 'vitest';
import { settings } from '#contract/settings.ts';
import { createLog } from '../../../src-main/lib/log.ts';
import { Watchable } from '../../../src-main/lib/watchable.ts';
import { keepDocument } from '../../../src-main/services/attachments/keep-document.ts';
import { openChat } from '../../../src-main/services/chat/open-chat.ts';
import type {
  GenerationRequest,
  InferenceEvent,
} from '../../../src-main/services/inference/generation-request.ts';
import type { InferenceService } from '../../../src-main/services/inference/inference-service.ts';
import { createPlace, openAt } from '../database/database-fixture.ts';

const never = new AbortController().signal;
const END = {
  reason: 'end',
  promptTokens: 1,
  reusedTokens: 0,
  answerTokens: 1,
  timeToFirstTokenMs: 1,
  generationMs: 1,
} as const;

/** A temporary conversation of more than 50 messages: they are copied in several steps. */
async function setUp() {
  const place = createPlace();
  const database = await openAt(place);
  const status = new Watchable({ modelName: 'none', backend: 'cpu', contextSize: 4096 });
  const pause = { until: Promise.resolve() };
  async function* generate(
    { priority }: GenerationRequest,
    signal: AbortSignal,
  ): AsyncGenerator<InferenceEvent> {
    if (priority === 'background') return;
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield { type: 'text', text: 'Yes.' };
    await Promise.race([pause.until, stopped]);
    if (!signal.aborted) yield { type: 'done', ...END };
  }
  const talk = openChat({
    database,
    inference: { status, generate } as unknown as InferenceService,
    settings: new Watchable(settings.parse({})),
    model: () => null,
    findModel: () => null,
    forgetContext: async () => {},
    now: place.now,
    log: createLog(`${place.folder}/log`),
  });
  onTestFinished(() => talk.closeChat());
  const { messages } = database.temporary;
  const first = messages.startExchange({ conversationId: null, title: 'T', text: 'Question 0', now: 1 });
  const { id } = first.conversation;
  const end = { text: 'Answer', thought: '', status: 'complete' as const, failure: null, stats: null };
  messages.finish(first.answer.id, end);
  for (let count = 1; count < 60; count += 1) {
    const next = messages.startExchange({ conversationId: id, title: '', text: `Question ${count}`, now: 1 });
    messages.finish(next.answer.id, end);
  }
  return { database, id, pause, ...talk };
}

test('what is asked and answered while it is being stored is stored too', async () => {
  const { chat, order, id, database } = await setUp();
  const keeping = order.keep(id);
  for await (const _ of chat.send(id, 'And one more thing?', never));
  const kept = await keeping;
  const texts = database.messages.activeBranch(kept.id).map(({ text }) => text);
  expect(texts).toHaveLength(122);
  expect(texts.slice(-2)).toEqual(['And one more thing?', 'Yes.']);
});

test('while an answer is being written nothing is stored, and nothing is lost', async () => {
  const { chat, order, id, database, pause } = await setUp();
  const held = Promise.withResolvers<void>();
  pause.until = held.promise;
  const keeping = order.keep(id);
  const answered = (async () => {
    for await (const _ of chat.send(id, 'And one more thing?', never));
  })();
  await expect(keeping).rejects.toMatchObject({ code: 'conversation-busy' });
  expect(database.bin.ids(), 'half a copy').toEqual([]);
  held.resolve();
  await answered;
  expect(chat.open(id).messages).toHaveLength(122);
  const kept = await order.keep(id);
  expect(database.messages.activeBranch(kept.id)).toHaveLength(122);
});

test('what is attached to a question that is still being written goes along', async () => {
  const { order, id, database } = await setUp();
  const document = { kind: 'file' as const, name: 'a.txt', pages: null, notes: [], now: 1 };
  const { temporary } = database;
  temporary.attachments.attach(await keepDocument(temporary, document, 'Text.'), id, 1);
  const kept = await order.keep(id);
  const [attached] = database.attachments.ofDraft(kept.id);
  expect(attached).toMatchObject({ name: 'a.txt', use: 'whole' });
  expect(database.attachments.text(database.attachments.get(attached?.id ?? 0).documentId)).toBe('Text.');
});
