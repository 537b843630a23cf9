// Bugs these catch: a note that is shown on a branch it does not belong to, or where the conversation wants none; words
// of the person that are gone when they are refused, or that making it again or removing takes away for good; an answer
// that waits for a note and cannot go on without; a choice that another preset or comparing takes back.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { GenerationEvent, Message } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import { answerSettings } from '#contract/presets.ts';
import type { Handlers } from '#rpc/define.ts';
import { createChat } from '../../../src-renderer/features/chat/chat-context.ts';
import { phaseWords } from '../../../src-renderer/features/chat/chat-words.ts';
import { MessageWindow } from '../../../src-renderer/features/chat/message-window.ts';
import { placeOf } from '../../../src-renderer/features/chat/overflow/note-place.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { createScriptedChat, streamed } from '../../support/scripted-chat.ts';
import { createScriptedNotes, type ScriptedNotes } from '../../support/scripted-notes.ts';

const noted = answerSettings.parse({ overflow: 'note' });

async function setUp(
  replace: Partial<Handlers<Contract>> = {},
  notes: ScriptedNotes = createScriptedNotes(),
) {
  const chat = createScriptedChat(() => streamed('Yes.', 1, 1));
  const id = chat.add(
    'Long',
    Array.from({ length: 6 }, (_, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('answer' as const),
      text: `Message ${index}`,
    })),
  );
  const { messages, conversation } = chat.conversations.get(id)!;
  chat.conversations.get(id)!.conversation = { ...conversation, settings: noted };
  const made = notes.add(id, messages[3]!.id, 'They count.');
  const host = createFakeHost({ ...chat.handlers, ...notes.handlers, ...replace });
  const stores = createStores(host.api);
  const ui = createChat(stores);
  stores.navigation.openConversation(id);
  ui.conversations.open(id);
  const leave = ui.notes.follow(id);
  await vi.waitFor(() => expect(ui.notes.place?.note.id).toBe(made.id));
  return { chat, notes, stores, ui, id, messages, made, leave };
}

beforeEach(() => {
  sessionStorage.clear();
  window.location.hash = '';
});

describe('the place of a note', () => {
  const line = [11, 12, 13, 14].map((id) => ({ id, parentId: id === 11 ? null : id - 1 }));
  const note = (coversId: number) => ({ ...made, id: coversId, coversId });
  const made = { id: 1, conversationId: 1, text: '', edited: false, removed: false, createdAt: 0 };

  it('is behind the last message that one stands for, on this branch only', () => {
    expect(placeOf([note(11), note(12), note(99)], line)).toEqual({ note: note(12), beforeId: 13 });
    expect(placeOf([note(99)], line)).toBeNull();
    expect(placeOf([], line)).toBeNull();
  });

  it('is known where only the end of a conversation has come, and at its very end', () => {
    expect(placeOf([note(11), note(12)], line.slice(2))).toEqual({ note: note(12), beforeId: 13 });
    expect(placeOf([note(11)], line.slice(2))).toBeNull();
    expect(placeOf([note(14)], line)).toEqual({ note: note(14), beforeId: null });
  });

  it('takes its room in a long list with the message below it', () => {
    const list = Array.from({ length: 60 }, (_, id) => ({ id, role: 'user' as const, text: '' }));
    const heights = new MessageWindow();
    for (const { id } of list) heights.measure(id, 100);
    heights.insert(30, 250);
    expect(heights.room(list, { skipped: 0, count: 30 })).toEqual({ above: 3_000, below: 0 });
    expect(heights.room(list, { skipped: 30, count: 30 })).toEqual({ above: 0, below: 3_250 });
  });
});

describe('a note', () => {
  it('is not shown where the conversation wants none, and is again where it does', async () => {
    const { ui } = await setUp();
    await ui.setup.chooseOverflow('slide');
    expect(ui.setup.current.settings.overflow).toBeNull();
    expect(ui.notes.place).toBeNull();
    await ui.setup.chooseOverflow('note');
    expect(ui.notes.place?.note.text).toBe('They count.');
  });

  it('leaves with its conversation', async () => {
    const { ui, leave } = await setUp();
    ui.notes.edit(ui.notes.place!.note);
    leave();
    expect([ui.notes.place, ui.notes.editing]).toEqual([null, null]);
  });

  it('keeps the words of the person when they are refused', async () => {
    let refuse = true;
    const scripted = createScriptedNotes();
    const { ui } = await setUp(
      {
        'notes.edit': (input, signal) => {
          if (refuse) throw new AppError('disk-full', 'Full');
          return scripted.handlers['notes.edit'](input, signal);
        },
      },
      scripted,
    );
    ui.notes.edit(ui.notes.place!.note);
    ui.notes.editing!.text = ' In my words. ';
    await ui.notes.saveEdit();
    expect(ui.notes.editing?.text).toBe(' In my words. ');
    expect(ui.notes.failureOf(ui.notes.place!.note)?.code).toBe('disk-full');
    refuse = false;
    await ui.notes.saveEdit();
    expect(ui.notes.editing).toBeNull();
    await vi.waitFor(() => {
      expect(ui.notes.place?.note).toMatchObject({ text: 'In my words.', edited: true });
    });
    expect(ui.notes.failureOf(ui.notes.place!.note)).toBeNull();
  });

  it('that was removed comes back as it was', async () => {
    const { ui, stores, made } = await setUp();
    await ui.notes.remove(made);
    expect(ui.notes.place?.note.removed).toBe(true);
    stores.toasts.list.at(-1)?.action?.run();
    await vi.waitFor(() => expect(ui.notes.place?.note).toEqual(made));
  });

  it('that is made again tells how far it is, and the one there was can come back', async () => {
    const gate = Promise.withResolvers<void>();
    const scripted = createScriptedNotes(async function* () {
      yield { progress: 0.25 };
      await gate.promise;
      return 'Made again.';
    });
    const { ui, stores, made } = await setUp({}, scripted);
    const remaking = ui.notes.remake(made);
    await vi.waitFor(() => expect(ui.notes.makingOf(made)).toBe(0.25));
    gate.resolve();
    await remaking;
    expect(ui.notes.makingOf(made)).toBeUndefined();
    await vi.waitFor(() => expect(ui.notes.place?.note.text).toBe('Made again.'));
    stores.toasts.list.at(-1)?.action?.run();
    await vi.waitFor(() => expect(ui.notes.place?.note).toEqual(made));
  });

  it('stays when making it again fails, which is said, or is cancelled, which is not', async () => {
    const scripted = createScriptedNotes(async function* (signal) {
      yield { progress: 0 };
      if (!signal.aborted) throw new AppError('note-failed', 'Nothing');
      return '';
    });
    const { ui, stores, made } = await setUp({}, scripted);
    await ui.notes.remake(made);
    expect(ui.notes.failureOf(made)?.code).toBe('note-failed');
    expect(ui.notes.place?.note).toEqual(made);
    const again = ui.notes.remake(made);
    ui.notes.cancelRemake();
    await again;
    expect([ui.notes.failureOf(made), ui.notes.makingOf(made)]).toEqual([null, undefined]);
    expect(stores.toasts.list).toEqual([]);
  });
});

it('an answer that waits for a note says so, can go on without, and is not said to wait while it stops', async () => {
  const gate = Promise.withResolvers<void>();
  const { ui, notes, id } = await setUp({
    async *'chat.send'({ text }): AsyncGenerator<GenerationEvent> {
      const question: Message = { ...blank, conversationId: id, text };
      const answer: Message = { ...blank, id: 901, conversationId: id, role: 'answer', parentId: 900 };
      const { conversation } = await host(id);
      yield { type: 'accepted', conversation, question, answer };
      yield { type: 'noting', progress: 0.25 };
      await gate.promise;
      yield { type: 'noting', progress: 0.5 };
    },
  });
  const host = (of: number) =>
    Promise.resolve({ conversation: { ...ui.conversations.current.conversation!, id: of } });
  ui.composer.text = 'And now?';
  void ui.composer.send();
  const session = ui.conversations.current;
  await vi.waitFor(() => expect(session.phase).toEqual({ kind: 'noting', progress: 0.25 }));
  expect(phaseWords(session.phase!, null)).toBe('Making a note of the oldest messages first');
  await ui.notes.skip();
  expect(notes.skipped).toEqual([id]);
  await ui.conversations.stop();
  const phases: unknown[] = [];
  gate.resolve();
  await vi.waitFor(() => {
    phases.push(session.phase?.kind);
    expect(session.phase).toBeNull();
  });
  expect(phases).not.toContain('noting');
});

const blank: Message = {
  id: 900,
  conversationId: 0,
  parentId: null,
  role: 'user',
  text: '',
  thought: '',
  status: 'complete',
  failure: null,
  stats: null,
  edited: false,
  versions: [],
  createdAt: 0,
};

it('stays chosen when another preset is, and goes with what is given back to the preset', async () => {
  const { ui } = await setUp();
  await ui.setup.set('temperature', 1.5);
  await ui.setup.choose(1001);
  expect(ui.setup.current).toMatchObject({ presetId: 1001, settings: noted });
  await ui.setup.reset();
  expect([ui.setup.overflow, ui.setup.adjusted]).toEqual(['slide', false]);
});

describe('waiting for a turn', () => {
  it.each([
    [1, 'Next in line: the model finishes another answer first…'],
    [2, '2nd in line for the model…'],
    [3, '3rd in line for the model…'],
    [4, '4th in line for the model…'],
    [11, '11th in line for the model…'],
    [22, '22nd in line for the model…'],
  ])('says the place: %i', (place, words) => {
    expect(phaseWords({ kind: 'waiting', for: 'turn', place }, null)).toBe(words);
  });

  it('the host hears which conversation is looked at, for as long as it is', async () => {
    const looked: number[] = [];
    const { ui, id } = await setUp({
      // oxlint-disable-next-line require-yield -- like the host, it tells nothing
      async *'chat.look'({ id: seen }, signal) {
        looked.push(seen);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        looked.push(-seen);
      },
    });
    const leave = ui.conversations.look(id);
    await vi.waitFor(() => expect(looked).toEqual([id]));
    leave();
    await vi.waitFor(() => expect(looked).toEqual([id, -id]));
  });
});
