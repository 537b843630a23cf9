// Passages of a long text while other things go on. Bugs these catch: windows that are not answered while passages are
// chosen, a question that is edited and goes out without those for its new words, a model that was given others than
// those that are kept.
import { expect, it, onTestFinished } from 'vitest';
import type { Message } from '#contract/chat.ts';
import type { Model } from '#contract/models.ts';
import { settings } from '#contract/settings.ts';
import { createLog } from '../../../../src-main/lib/log.ts';
import { Watchable } from '../../../../src-main/lib/watchable.ts';
import { AttachedTexts } from '../../../../src-main/services/attachments/attached-texts.ts';
import { keepDocument } from '../../../../src-main/services/attachments/keep-document.ts';
import { openChat } from '../../../../src-main/services/chat/open-chat.ts';
import type { InferenceEvent } from '../../../../src-main/services/inference/generation-request.ts';
import type { InferenceService } from '../../../../src-main/services/inference/inference-service.ts';
import { createPlace, openAt } from '../../database/database-fixture.ts';

const never = new AbortController().signal;
const MODEL = { id: 1, name: 'Gemma' } as Model;
const LONG = Array.from(
  { length: 800 },
  (_, index) => `Rule ${index}: ${'All ships wait their turn. '.repeat(12)}`,
).join('\n\n');

async function setUp() {
  const place = createPlace();
  const database = await openAt(place);
  const status = new Watchable({ modelName: 'Gemma', backend: 'cpu' });
  async function* generate(): AsyncGenerator<InferenceEvent> {
    yield { type: 'text', text: 'Yes.' };
  }
  const inference = { status, generate, prepare: async () => {} } as unknown as InferenceService;
  const { chat, requests, closeChat } = openChat({
    database,
    inference,
    settings: new Watchable(settings.parse({})),
    model: () => MODEL,
    findModel: () => MODEL,
    forgetContext: async () => {},
    now: place.now,
    log: createLog(`${place.folder}/log`),
  });
  onTestFinished(closeChat);
  const { attachments } = database;
  const document = { kind: 'file' as const, name: 'long.txt', pages: null, notes: [], now: 1 };
  const { id } = attachments.attach(await keepDocument(database, document, LONG), null, 1);
  const chosen = { tokens: 9, givenTokens: 3, until: null };
  attachments.choose(id, { use: 'excerpts', limitCharacters: 3_000, ...chosen });
  const ask = async (events: ReturnType<typeof chat.send>): Promise<Message> => {
    let question: Message | null = null;
    for await (const event of events) if (event.type === 'accepted') ({ question } = event);
    if (!question) throw new Error('Not accepted');
    return question;
  };
  const send = (text: string) => ask(chat.send(null, text, never, { attachmentIds: [id] }));
  const edit = (questionId: number, text: string) => ask(chat.edit(questionId, text, never));
  return { attachments, id, requests, send, edit, texts: new AttachedTexts(database) };
}

it('for another wording of a question are chosen in steps, and go along with it', async () => {
  const { attachments, texts, send, edit } = await setUp();
  const question = await send('Rule 7?');
  let others = 0;
  let choosing = true;
  const work = (): void => {
    others += 1;
    if (choosing) setImmediate(work);
  };
  setImmediate(work);
  const [chosen] = await texts.chooseAgain(question.id, 'Rule 70?');
  choosing = false;
  expect(others, 'work that is done meanwhile').toBeGreaterThan(1);
  const edited = await edit(question.id, 'Rule 70?');
  const [copy] = attachments.ofMessage(edited.id);
  expect(copy?.passages).toEqual(chosen);
  expect(copy?.passages).not.toEqual(attachments.ofMessage(question.id)[0]?.passages);
});

it('stay those of the question that was sent, also when some were just being chosen for an earlier wording', async () => {
  const { attachments, id, requests, send, texts } = await setUp();
  await texts.settle([id], 'Rule 70?');
  const { passages } = attachments.get(id);
  const sending = send('Rule 70?');
  await requests.prepare({ conversationId: null, text: 'Rule 7?', attachmentIds: [id] }, never);
  await sending;
  expect(attachments.get(id).passages).toEqual(passages);
});
