// Notes that stand for the older part of a conversation. Bugs these catch: a note used on a branch that forks before
// what it stands for, all of a conversation summarised again for every question, a question without an answer because
// the note failed, words of the person lost or changed, and a part that no note has read.
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { GenerationEvent } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { Note } from '#contract/notes.ts';
import { answerSettings } from '#contract/presets.ts';
import { settings } from '#contract/settings.ts';
import { createLog } from '../../../src-main/lib/log.ts';
import { Watchable } from '../../../src-main/lib/watchable.ts';
import { nextPiece, type Section } from '../../../src-main/services/chat/note-sections.ts';
import { noteForModel } from '../../../src-main/services/chat/note-text.ts';
import { openChat } from '../../../src-main/services/chat/open-chat.ts';
import type {
  GenerationRequest,
  InferenceEvent,
} from '../../../src-main/services/inference/generation-request.ts';
import type { InferenceService } from '../../../src-main/services/inference/inference-service.ts';
import { createPlace, openAt } from '../database/database-fixture.ts';

const ROOM = 400;
const never = new AbortController().signal;
const DONE = { promptTokens: 1, reusedTokens: 0, answerTokens: 1, timeToFirstTokenMs: 1, generationMs: 1 };

/** An engine in which a character is a token: sees the last turns that fit into ROOM, answers, and writes notes. */
class ScriptedEngine {
  readonly status = new Watchable({ modelName: 'Test', backend: 'cpu', contextSize: ROOM });
  /** Requests for answers, as they were seen. */
  readonly seen: { note: string | undefined; turns: string[] }[] = [];
  /** What notes were asked for. */
  readonly noteQuestions: string[] = [];
  note: (question: string) => string | AppError = (question) => `note ${question.length}`;
  /** Notes wait for it. */
  gate: Promise<void> = Promise.resolve();

  async *generate(request: GenerationRequest, signal: AbortSignal): AsyncGenerator<InferenceEvent> {
    const { turns, whole, note = '', onBehalfOf, priority } = request;
    if (priority === 'background') return;
    if (onBehalfOf !== undefined) {
      yield* this.#writeNote(turns[0]?.text ?? '', signal);
      return;
    }
    const size = (from: number): number =>
      turns.slice(from).reduce((sum, { text }) => sum + text.length, note.length);
    let first = 0;
    if (size(0) > ROOM) while (first < turns.length - 1 && size(first) > ROOM * 0.6) first += 2;
    yield { type: 'context', firstVisibleTurn: first, usedTokens: size(first), sizeTokens: ROOM };
    if (whole && first > 0) return;
    this.seen.push({ note: request.note, turns: turns.slice(first).map(({ text }) => text) });
    yield { type: 'text', text: 'a'.repeat(50) };
    yield { type: 'done', reason: 'end', ...DONE };
  }

  async *#writeNote(question: string, signal: AbortSignal): AsyncGenerator<InferenceEvent> {
    if (question.length > 1500) {
      throw new AppError('prompt-too-long', 'Too long', {
        details: { promptTokens: question.length, contextTokens: 1500 },
      });
    }
    this.noteQuestions.push(question);
    await Promise.race([this.gate, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
    if (signal.aborted) return;
    const note = this.note(question);
    if (note instanceof AppError) throw note;
    yield { type: 'text', text: note };
    yield { type: 'done', reason: 'end', ...DONE };
  }
}

async function setUp(overflow: 'note' | 'slide' = 'note') {
  const place = createPlace();
  const database = await openAt(place);
  const engine = new ScriptedEngine();
  const model = (): Model => ({ id: 1, name: 'Test' }) as Model;
  const talk = openChat({
    database,
    inference: engine as unknown as InferenceService,
    settings: new Watchable(settings.parse({})),
    model,
    findModel: model,
    forgetContext: async () => {},
    now: place.now,
    log: createLog(`${place.folder}/log`),
  });
  onTestFinished(() => talk.closeChat());
  const setup = { presetId: null, modelId: null, settings: answerSettings.parse({ overflow }) };
  const first = await collect(talk.chat.send(null, question(0), never, { setup }));
  const id = first.answer.conversationId;
  const ask = (number: number) => collect(talk.chat.send(id, question(number), never));
  const notesOf = (): Note[] => database.notes.list(id);
  return { ...talk, database, engine, id, ask, notesOf };
}

const question = (number: number): string => `${number}:${'q'.repeat(48)}`;

async function collect(events: AsyncIterable<GenerationEvent>) {
  const all: GenerationEvent[] = [];
  for await (const event of events) all.push(event);
  const done = all.at(-1);
  if (done?.type !== 'done') throw new Error(`Ended with ${done?.type}`);
  return {
    events: all,
    answer: done.answer,
    context: all.findLast((event) => event.type === 'context')?.context,
  };
}

test('where all fits nothing is summarised; where turns leave, a note stands for them and moves in large steps', async () => {
  const { engine, ask, notesOf } = await setUp();
  for (let number = 1; number < 4; number++) await ask(number);
  expect(engine.noteQuestions).toEqual([]);
  for (let number = 4; number < 12; number++) await ask(number);
  expect(engine.seen).toHaveLength(12);
  // Each question joins the others, and only when no more fit are some of them read again.
  expect(engine.noteQuestions.length).toBeGreaterThan(1);
  expect(engine.noteQuestions.length).toBeLessThan(6);
  const asked = engine.noteQuestions.join('\n');
  for (let number = 0; number < 8; number++) expect(asked.split(`${number}:qqq`)).toHaveLength(2);
  const last = notesOf().at(-1)!;
  expect(engine.seen.at(-1)).toMatchObject({ note: noteForModel(last.text) });
  expect(engine.noteQuestions.at(-1)).toContain(notesOf().at(-2)!.text);
});

test('the note stays the same text from question to question, and what it stands for is not sent', async () => {
  const { engine, ask, notesOf } = await setUp();
  const asked = [];
  for (let number = 1; number < 6; number++) asked.push(await ask(number));
  const [before, after] = engine.seen.slice(-2);
  expect(before?.note).toBeDefined();
  expect(after?.note).toBe(before?.note);
  expect(after?.turns[0]).toBe(before?.turns[0]);
  expect(asked.at(-1)?.context).toMatchObject({ visibleFromId: expect.any(Number) as number });
  expect(asked.at(-1)?.context?.withoutNote).toBeUndefined();
  expect(notesOf()).toHaveLength(1);
});

test('slides without a word about notes where a conversation wants none', async () => {
  const { engine, ask, notesOf } = await setUp('slide');
  for (let number = 1; number < 8; number++) await ask(number);
  expect([engine.noteQuestions, notesOf()]).toEqual([[], []]);
  expect(engine.seen.at(-1)?.note).toBeUndefined();
});

test('a branch that forks before what the note stands for does without it, one that forks after uses it', async () => {
  const { engine, ask, notesOf, chat, id } = await setUp();
  for (let number = 1; number < 6; number++) await ask(number);
  const [note] = notesOf();
  const { messages } = chat.open(id);
  const covered = messages.findIndex((message) => message.id === note?.coversId);
  await collect(chat.edit(messages[covered + 1]!.id, 'after', never));
  expect(engine.seen.at(-1)).toEqual({ note: noteForModel(note!.text), turns: ['after'] });
  await collect(chat.edit(messages[0]!.id, 'before', never));
  expect(engine.seen.at(-1)).toEqual({ note: undefined, turns: ['before'] });
});

test.each([
  ['fails', (): AppError => new AppError('engine-stopped', 'Gone')],
  ['is empty', (): string => ' \n'],
])('a note that %s: the question is answered without one, and that is said', async (_, note) => {
  const { engine, ask, notesOf } = await setUp();
  engine.note = note;
  for (let number = 1; number < 4; number++) await ask(number);
  const { answer, context } = await ask(4);
  expect(answer).toMatchObject({ status: 'complete', text: 'a'.repeat(50) });
  expect(context).toMatchObject({ withoutNote: 'failed', visibleFromId: expect.any(Number) as number });
  expect(notesOf()).toEqual([]);
  engine.note = () => 'better now';
  expect((await ask(5)).context?.withoutNote).toBeUndefined();
  expect(notesOf()).toMatchObject([{ text: 'better now' }]);
});

test('skipping goes on without the note; stopping stops the answer; both keep the note there was', async () => {
  const { engine, ask, notesOf, writer, chat, id } = await setUp();
  for (let number = 1; number < 5; number++) await ask(number);
  const before = notesOf();
  engine.gate = new Promise(() => {});
  const beforeNote = async (end: () => void) => {
    const asked = (async () => {
      for (let number = 5; ; number++) {
        const events: GenerationEvent[] = [];
        for await (const event of chat.send(id, question(number), never)) {
          events.push(event);
          if (event.type === 'noting') end();
        }
        if (events.some(({ type }) => type === 'noting')) return events;
      }
    })();
    return asked;
  };
  const skipped = await beforeNote(() => writer.skipNote(id));
  expect(skipped.findLast((event) => event.type === 'context')?.context.withoutNote).toBe('skipped');
  expect(skipped.at(-1)).toMatchObject({ answer: { status: 'complete' } });
  const stopped = await beforeNote(() => chat.stop(id));
  expect(stopped.at(-1)).toMatchObject({ answer: { status: 'stopped', text: '' } });
  expect(notesOf()).toEqual(before);
});

test('the person changes a note, takes it away, brings it back, and has it made again', async () => {
  const { engine, ask, notes, notesOf } = await setUp();
  for (let number = 1; number < 5; number++) await ask(number);
  const [first] = notesOf();
  notes.edit(first!.id, 'in my words');
  await ask(5);
  expect(engine.seen.at(-1)?.note).toBe(noteForModel('in my words'));
  notes.remove(first!.id);
  await ask(6);
  expect(engine.seen.at(-1)?.note).toBeUndefined();
  notes.restore(first!.id);
  for await (const _ of notes.remake(first!.id, never));
  expect(notesOf()).toMatchObject([{ coversId: first!.coversId, edited: false, removed: false }]);
  expect(engine.noteQuestions.at(-1)).toBe(engine.noteQuestions[0]);
  expect(notes.restore(first!.id)).toMatchObject({ text: 'in my words', edited: true, removed: false });
  expect(notesOf()).toHaveLength(1);
});

const texts = fc.array(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 12 });

test('pieces hold all of the text, in order, each within the limit', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 100 }), (all, limit) => {
      let sections: Section[] = all.map((text, index) => ({ text, lastId: index + 1 }));
      const read: string[] = [];
      while (sections.length > 0) {
        const piece = nextPiece(sections, limit);
        expect(piece.text.length).toBeLessThanOrEqual(limit);
        expect(piece.text.length).toBeGreaterThan(0);
        read.push(piece.text);
        sections = piece.rest;
      }
      expect(read.join('').replace(/\n\n/gu, '')).toBe(all.join('').replace(/\n\n/gu, ''));
    }),
  );
});
