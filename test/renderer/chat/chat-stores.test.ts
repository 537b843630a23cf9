// Catches: text lost when sending fails, answers that stop when one looks elsewhere, a reload that loses the stream,
// drafts that wander between conversations, deletions without a way back.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { GenerationEvent } from '#contract/chat.ts';
import { answerSettings } from '#contract/presets.ts';
import type { Contract } from '#contract/index.ts';
import { AppError, MESSAGE_LIMIT } from '#contract/errors.ts';
import type { Handlers } from '#rpc/define.ts';
import { createChat, type ChatStores } from '../../../src-renderer/features/chat/chat-context.ts';
import { createStores, type Stores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost, type FakeHost } from '../../support/fake-api.ts';
import { createScriptedChat, streamed, type ScriptedChat, type Script } from '../../support/scripted-chat.ts';

interface Setup {
  chat: ScriptedChat;
  host: FakeHost;
  stores: Stores;
  ui: ChatStores;
}

function setUp(answer: Script['answer'], replace: Partial<Handlers<Contract>> = {}): Setup {
  const chat = createScriptedChat(answer);
  const host = createFakeHost({ ...chat.handlers, ...replace });
  const stores = createStores(host.api);
  return { chat, host, stores, ui: createChat(stores) };
}

async function send({ ui }: Setup, text: string): Promise<void> {
  ui.composer.text = text;
  await ui.composer.send();
}

beforeEach(() => {
  sessionStorage.clear();
  window.location.hash = '';
});

describe('sending', () => {
  it('opens the new conversation, streams, and ends with the whole answer', async () => {
    const setup = setUp(() => streamed('Paris is the capital.', 3, 1));
    await send(setup, 'What is the capital?');
    const session = setup.ui.conversations.current;
    expect(setup.stores.navigation.conversationId).toBe(session.id);
    expect(setup.ui.composer.text).toBe('');
    expect(session.busy).toBe(true);
    await vi.waitFor(() => expect(session.busy).toBe(false));
    expect(session.messages?.map(({ text }) => text)).toEqual([
      'What is the capital?',
      'Paris is the capital.',
    ]);
    expect(session.live).toBeNull();
  });

  it('gives the text back when the host refuses it, with what was written since', async () => {
    const refused = vi.fn().mockRejectedValue(new AppError('disk-full', 'Full'));
    const setup = setUp(() => streamed(''), {
      async *'chat.send'() {
        yield* await refused();
      },
    });
    setup.ui.composer.text = 'Precious words';
    const sending = setup.ui.composer.send();
    setup.ui.composer.text = 'and more';
    await sending;
    expect(setup.ui.composer.text).toBe('Precious words\n\nand more');
    expect(setup.ui.composer.failure?.code).toBe('disk-full');
  });

  it.each(['', '  \n', '\u200b\u200d\ufeff\u2060', '\u00ad\u180e\u3164'])(
    'does not send %j',
    async (text) => {
      const setup = setUp(() => streamed('x'));
      await send(setup, text);
      expect(setup.chat.conversations.size).toBe(0);
    },
  );

  it('keeps a text that is too long, and says by how much', async () => {
    const setup = setUp(() => streamed('x'));
    await send(setup, 'a'.repeat(MESSAGE_LIMIT + 7));
    expect(setup.ui.composer.excess).toBe(7);
    expect(setup.ui.composer.text.length).toBe(MESSAGE_LIMIT + 7);
    expect(setup.chat.conversations.size).toBe(0);
  });
});

describe('drafts', () => {
  it('stay with their conversation and survive a reload', async () => {
    const setup = setUp(() => streamed('x'));
    const id = setup.chat.add('One', [{ role: 'user', text: 'Hello' }]);
    setup.ui.composer.text = 'for a new one';
    setup.ui.conversations.open(id);
    await vi.waitFor(() => expect(setup.ui.conversations.current.id).toBe(id));
    expect(setup.ui.composer.text).toBe('');
    setup.ui.composer.text = 'for the first';
    window.dispatchEvent(new Event('pagehide'));
    const again = createChat(setup.stores);
    expect(again.composer.text).toBe('for a new one');
    again.conversations.open(id);
    await vi.waitFor(() => expect(again.composer.text).toBe('for the first'));
  });
});

describe('an answer being written', () => {
  it('goes on while another conversation is open', async () => {
    const setup = setUp(() => streamed('A long answer. '.repeat(20), 10, 2));
    const other = setup.chat.add('Other', [{ role: 'user', text: 'Hi' }]);
    await send(setup, 'Write');
    const writing = setup.ui.conversations.current;
    setup.ui.conversations.open(other);
    await vi.waitFor(() => expect(setup.ui.conversations.current.id).toBe(other));
    expect(setup.chat.stopped).toEqual([]);
    setup.ui.conversations.open(writing.id);
    expect(setup.ui.conversations.current).toBe(writing);
    await vi.waitFor(() => expect(writing.busy).toBe(false), { timeout: 5_000 });
    expect(writing.messages?.at(-1)?.text).toBe('A long answer. '.repeat(20));
  });

  it('stops once, and keeps what was written', async () => {
    const setup = setUp(() => streamed('word '.repeat(2_000), 5, 2));
    await send(setup, 'Write');
    const session = setup.ui.conversations.current;
    await vi.waitFor(() => expect(session.live?.text.text.length).toBeGreaterThan(10));
    void setup.ui.conversations.stop();
    void setup.ui.conversations.stop();
    await vi.waitFor(() => expect(session.busy).toBe(false));
    expect(setup.chat.stopped).toHaveLength(1);
    expect(session.messages?.at(-1)?.status).toBe('stopped');
    expect(session.messages?.at(-1)?.text).toMatch(/^word /);
  });

  it('is joined again after the connection was lost', async () => {
    const question = {
      id: 1,
      conversationId: 9,
      parentId: null,
      role: 'user' as const,
      text: 'Q',
      thought: '',
      status: 'complete' as const,
      failure: null,
      stats: null,
      edited: false,
      versions: [],
      createdAt: 0,
    };
    const half = {
      ...question,
      id: 2,
      role: 'answer' as const,
      text: 'First half',
      status: 'generating' as const,
    };
    const conversation = {
      id: 9,
      title: 'Q',
      titleSource: 'first-words' as const,
      pinned: false,
      archived: false,
      folderId: null,
      tags: [],
      temporary: false,
      createdAt: 0,
      updatedAt: 0,
      presetId: null,
      modelId: null,
      settings: answerSettings.parse({}),
      generating: true,
    };
    const setup = setUp(() => streamed(''), {
      async *'chat.send'(_, signal): AsyncGenerator<GenerationEvent> {
        yield { type: 'accepted', conversation, question, answer: { ...half, text: '' } };
        yield { type: 'text', text: 'First' };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      'chat.open': () => ({ conversation, messages: [question, half], context: null }),
      async *'chat.attach'(): AsyncGenerator<GenerationEvent> {
        yield { type: 'snapshot', answer: half };
        yield { type: 'text', text: ', second half' };
        yield { type: 'done', answer: { ...half, text: 'First half, second half', status: 'complete' } };
      },
    });
    await send(setup, 'Q');
    const session = setup.ui.conversations.current;
    await vi.waitFor(() => expect(session.live?.text.text).toBe('First'));
    setup.host.disconnect();
    await vi.waitFor(() => expect(session.messages?.at(-1)?.text).toBe('First half, second half'), {
      timeout: 5_000,
    });
    expect(session.busy).toBe(false);
    expect(session.failure).toBeNull();
  });

  it('replaces the answer that is tried again', async () => {
    let turn = 0;
    const setup = setUp(() => streamed(`Answer ${++turn}`, 4, 0));
    await send(setup, 'Q');
    const session = setup.ui.conversations.current;
    await vi.waitFor(() => expect(session.busy).toBe(false));
    await setup.ui.conversations.retry(session.messages!.at(-1)!.id);
    await vi.waitFor(() => expect(session.busy).toBe(false));
    expect(session.messages?.map(({ text }) => text)).toEqual(['Q', 'Answer 2']);
  });
});

describe('the list', () => {
  it('takes a deletion back', async () => {
    const setup = setUp(() => streamed('x'));
    const id = setup.chat.add('Grant letter', [{ role: 'user', text: 'Hi' }]);
    await setup.ui.list.reload();
    await setup.ui.list.delete(setup.ui.list.list![0]!);
    expect(setup.ui.list.list).toEqual([]);
    setup.stores.toasts.list.at(-1)?.action?.run();
    await vi.waitFor(() => expect(setup.ui.list.list?.map((each) => each.id)).toEqual([id]));
  });

  it('fetches older ones without doubling any', async () => {
    const setup = setUp(() => streamed('x'));
    for (let i = 0; i < 250; i++) setup.chat.add(`C ${i}`, [], 1_000_000 - i * 10);
    await setup.ui.list.reload();
    await setup.ui.list.more();
    await setup.ui.list.more();
    expect(setup.ui.list.list).toHaveLength(250);
    expect(new Set(setup.ui.list.list!.map(({ id }) => id)).size).toBe(250);
    expect(setup.ui.list.complete).toBe(true);
  });

  it('changes nothing for an empty title', async () => {
    const setup = setUp(() => streamed('x'));
    const id = setup.chat.add('Kept', []);
    await setup.ui.list.reload();
    await setup.ui.list.rename(id, '   ');
    expect(setup.ui.list.list?.[0]?.title).toBe('Kept');
    await setup.ui.list.rename(id, 'New name');
    expect(setup.ui.list.list?.[0]?.title).toBe('New name');
  });
});
