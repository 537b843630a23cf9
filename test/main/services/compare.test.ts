// Bugs these catch: two answers written at once by one engine, a side that is written by the other's model or preset, a
// pair that is lost when one looks away, an answer that is lost when the other is kept, another model that answers
// silently in the place of one that is gone.
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ConversationSetup, Comparison, OpenConversation } from '#contract/chat.ts';
import type { Model } from '#contract/models.ts';
import { answerSettings } from '#contract/presets.ts';
import { settings } from '#contract/settings.ts';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import { createLog } from '../../../src-main/lib/log.ts';
import { Watchable } from '../../../src-main/lib/watchable.ts';
import { openChat } from '../../../src-main/services/chat/open-chat.ts';
import type {
  GenerationRequest,
  InferenceEvent,
} from '../../../src-main/services/inference/generation-request.ts';
import type { InferenceService } from '../../../src-main/services/inference/inference-service.ts';
import { createPlace, openAt, type Place } from '../database/database-fixture.ts';

const BIG = { id: 1, name: 'Big' } as Model;
const SMALL = { id: 2, name: 'Small' } as Model;
const STATS = {
  promptTokens: 3,
  reusedTokens: 0,
  answerTokens: 2,
  timeToFirstTokenMs: 1,
  generationMs: 2,
} as const;

const withModel = (modelId: number | null, systemPrompt: string | null = null): ConversationSetup => ({
  presetId: null,
  settings: answerSettings.parse({ systemPrompt }),
  modelId,
});
const brief = withModel(null, 'Be brief.');
const rich = withModel(null, 'Be rich.');

/** An engine that writes its model and system text, word by word, and waits before the last one while its text is `held`. */
class ScriptedEngine {
  readonly status = new Watchable({ modelName: 'none', backend: 'cpu' });
  readonly asked: string[] = [];
  /** Which system text waits. */
  held: string | null = null;
  busy = 0;
  most = 0;

  async *generate(
    { model, systemPrompt, priority }: GenerationRequest,
    signal: AbortSignal,
  ): AsyncGenerator<InferenceEvent> {
    if (priority === 'background') return;
    const { name } = model()!;
    this.asked.push(`${name}: ${systemPrompt}`);
    this.status.set({ modelName: name, backend: 'cpu' });
    this.most = Math.max(this.most, (this.busy += 1));
    try {
      yield { type: 'text', text: `${name} says` };
      while (this.held === systemPrompt && !signal.aborted)
        await new Promise((resolve) => setTimeout(resolve, 2));
      if (signal.aborted) return;
      yield { type: 'text', text: ` ${systemPrompt}` };
      yield { type: 'done', reason: 'end', ...STATS };
    } finally {
      this.busy -= 1;
    }
  }
}

async function setUp(place: Place = createPlace()) {
  const database: AppDatabase = await openAt(place);
  const engine = new ScriptedEngine();
  const installed = new Map([BIG, SMALL].map((model) => [model.id, model]));
  const talk = openChat({
    database,
    inference: engine as unknown as InferenceService,
    settings: new Watchable(settings.parse({})),
    model: () => BIG,
    findModel: (id) => installed.get(id) ?? null,
    forgetContext: async () => {},
    now: place.now,
    log: createLog(`${place.folder}/log`),
  });
  onTestFinished(() => talk.closeChat());
  const ask = (left: ConversationSetup, right: ConversationSetup, conversationId: number | null = null) =>
    talk.compare.start({ question: { kind: 'new', conversationId, text: 'Well?' }, left, right });
  return { database, engine, installed, ask, ...talk };
}

function pairOf({ comparison }: OpenConversation): Comparison {
  if (!comparison) throw new Error('Nothing is compared');
  return comparison;
}

async function finished({ chat }: Awaited<ReturnType<typeof setUp>>, id: number): Promise<Comparison> {
  await vi.waitFor(() => expect(chat.running.of(id)).toEqual([]));
  return pairOf(chat.open(id));
}

test('both answers are written to one question, one after the other, each as its side says', async () => {
  const app = await setUp();
  app.engine.held = 'Be brief.';
  const begun = await app.ask(brief, rich);
  expect(pairOf(begun).right.answer).toMatchObject({ status: 'generating', text: '' });
  app.engine.held = null;
  const { id } = begun.conversation;
  const { left, right, questionId } = await finished(app, id);
  expect(app.engine.asked).toEqual(['Big: Be brief.', 'Big: Be rich.']);
  expect(app.engine.most).toBe(1);
  expect([left.answer.text, right.answer.text]).toEqual(['Big says Be brief.', 'Big says Be rich.']);
  expect(left.answer.versions).toEqual([left.answer.id, right.answer.id]);
  expect([left.answer.parentId, right.answer.parentId]).toEqual([questionId, questionId]);
  expect(app.chat.open(id).messages.map((message) => message.id)).toEqual([questionId, left.answer.id]);
});

test('different models answer one after the other, both are named, and the kept one goes on', async () => {
  const app = await setUp();
  const { id } = (await app.ask(withModel(null), withModel(SMALL.id))).conversation;
  const { left, right } = await finished(app, id);
  expect([left.setup.modelId, right.setup.modelId]).toEqual([BIG.id, SMALL.id]);
  expect([left.answer.stats?.modelName, right.answer.stats?.modelName]).toEqual(['Big', 'Small']);
  const kept = await app.compare.keep(right.answer.id);
  expect(kept).toMatchObject({ comparison: null, conversation: { modelId: SMALL.id } });
  expect(kept.messages.at(-1)).toMatchObject({
    id: right.answer.id,
    versions: [left.answer.id, right.answer.id],
  });
  for await (const _ of app.chat.send(id, 'And?', new AbortController().signal));
  expect(app.engine.asked.at(-1)).toBe('Small: ');
  app.branches.show(left.answer.id);
  expect(app.chat.open(id)).toMatchObject({ comparison: null, messages: [{}, { text: left.answer.text }] });
});

test('a question that stands there is asked again, and what was answered before stays', async () => {
  const app = await setUp();
  for await (const _ of app.chat.send(null, 'First?', new AbortController().signal));
  const [conversation] = app.database.conversations.list({ limit: 1 });
  const { id } = conversation!;
  const [question, before] = app.chat.open(id).messages;
  const asked = { kind: 'asked' as const, messageId: question!.id };
  const begun = await app.compare.start({ question: asked, left: brief, right: rich });
  const { left, right } = await finished(app, begun.conversation.id);
  expect(left.answer.versions).toEqual([before!.id, left.answer.id, right.answer.id]);
  expect((await app.compare.keep(left.answer.id)).messages.at(-1)?.id).toBe(left.answer.id);
});

test('stop ends both and keeps what was written', async () => {
  const app = await setUp();
  app.engine.held = 'Be brief.';
  const { id } = (await app.ask(brief, rich)).conversation;
  await vi.waitFor(() => expect(pairOf(app.chat.open(id)).left.answer.text).toBe('Big says'));
  expect(() => app.chat.checkFree(id)).toThrow('being written');
  await expect(app.ask(brief, rich, id)).rejects.toMatchObject({ code: 'conversation-busy' });
  app.chat.stop(id);
  const { left, right } = await finished(app, id);
  expect(left.answer).toMatchObject({ status: 'stopped', text: 'Big says' });
  expect(right.answer).toMatchObject({ status: 'stopped', text: '' });
});

test('keeping one while the other is being written ends that one, which stays as far as it is', async () => {
  const app = await setUp();
  app.engine.held = 'Be rich.';
  const { id } = (await app.ask(brief, rich)).conversation;
  const { left, right } = pairOf(app.chat.open(id));
  await vi.waitFor(() => expect(app.chat.running.of(id)).toHaveLength(1));
  await expect(app.compare.keep(right.answer.id)).rejects.toMatchObject({ code: 'conversation-busy' });
  const kept = await app.compare.keep(left.answer.id);
  expect(kept.messages.at(-1)).toMatchObject({ id: left.answer.id, status: 'complete' });
  expect(app.database.messages.get(right.answer.id)).toMatchObject({ status: 'stopped' });
  app.chat.checkFree(id);
});

test('after a crash both are interrupted like any answer, and still side by side', async () => {
  const place = createPlace();
  const app = await setUp(place);
  app.engine.held = 'Be brief.';
  const { id } = (await app.ask(brief, rich)).conversation;
  await vi.waitFor(() => expect(app.engine.busy).toBe(1));
  const { left, right } = pairOf((await setUp(place)).chat.open(id));
  expect([left.answer.status, right.answer.status]).toEqual(['interrupted', 'interrupted']);
  expect(right.setup.settings.systemPrompt).toBe('Be rich.');
  app.chat.stop(id);
});

test('the pair is over when one goes on without it, or takes one of the answers away', async () => {
  const app = await setUp();
  const { id } = (await app.ask(brief, rich)).conversation;
  const { left, right } = await finished(app, id);
  app.branches.remove(right.answer.id);
  expect(app.chat.open(id).comparison).toBeNull();
  app.branches.restore(right.answer.id);
  expect(pairOf(app.chat.open(id)).left.answer.id).toBe(left.answer.id);
  for await (const _ of app.chat.send(id, 'And?', new AbortController().signal));
  expect(app.chat.open(id).comparison).toBeNull();
  await expect(app.compare.keep(left.answer.id)).rejects.toMatchObject({ code: 'not-found' });
});

test('a temporary conversation compares without a trace on the disk, and is erased with its pair', async () => {
  const app = await setUp();
  const question = { kind: 'new' as const, conversationId: null, text: 'Well?', temporary: true };
  const { conversation } = await app.compare.start({ question, left: brief, right: rich });
  await finished(app, conversation.id);
  expect(conversation.temporary).toBe(true);
  expect(app.database.conversations.list({ limit: 9 })).toEqual([]);
  await app.chat.delete(conversation.id);
  app.database.temporary.bin.giveUp([conversation.id]);
  expect(app.database.temporary.bin.erase(conversation.id, 100)).toBe(true);
});

test('no other model answers in the place of one that is gone', async () => {
  const app = await setUp();
  const { id } = (await app.ask(withModel(SMALL.id), withModel(SMALL.id))).conversation;
  await app.compare.keep((await finished(app, id)).left.answer.id);
  app.installed.delete(SMALL.id);
  const asked = app.engine.asked.length;
  for await (const _ of app.chat.send(id, 'And?', new AbortController().signal));
  expect(app.chat.open(id).messages.at(-1)).toMatchObject({
    status: 'failed',
    failure: { code: 'conversation-model-gone' },
  });
  app.chat.configure(id, withModel(null));
  for await (const _ of app.chat.send(id, 'And now?', new AbortController().signal));
  expect(app.engine.asked.slice(asked)).toEqual(['Big: ']);
});
