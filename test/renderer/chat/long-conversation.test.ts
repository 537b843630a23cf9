// Catches: a long conversation of which older messages never arrive, arrive twice or in the wrong order, or land in
// what took their place meanwhile; one that shrinks under the eye when it is fetched again; a version far up that is
// chosen and never comes into view.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '#contract/chat.ts';
import { createChat } from '../../../src-renderer/features/chat/chat-context.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost, type FakeHost } from '../../support/fake-api.ts';
import { createScriptedChat, streamed } from '../../support/scripted-chat.ts';

const PAGE = 10;

function setUp() {
  const chat = createScriptedChat(() => streamed(''));
  const texts = Array.from({ length: 35 }, (_, index) => `Message ${index}`);
  const roles = ['user', 'answer'] as const;
  const long = chat.add(
    'Long',
    texts.map((text, index) => ({ role: roles[index % 2]!, text })),
  );
  const short = chat.add('Short', [{ role: 'user', text: 'Short one' }]);
  const all = (id: number): Message[] => chat.conversations.get(id)!.messages;
  const gate = Promise.withResolvers<void>();
  const asked: number[] = [];
  /** Another branch from the message with this index on, as long as the first one. */
  const branchFrom = (at: number): Message[] => {
    const line = all(long).slice(0, at);
    for (const each of all(long).slice(at)) {
      const parentId = line.at(-1)?.id ?? null;
      line.push({ ...each, id: each.id + 1000, parentId, text: `Other ${each.text}` });
    }
    return line;
  };
  const host: FakeHost = createFakeHost({
    ...chat.handlers,
    'chat.open': ({ id, newest }) => ({
      conversation: chat.conversations.get(id)!.conversation,
      messages: newest ? all(id).slice(-PAGE) : all(id),
      more: newest === true && all(id).length > PAGE,
      context: null,
    }),
    'chat.earlier': async ({ id, before }) => {
      await gate.promise;
      asked.push(before);
      const at = all(id).findIndex((message) => message.id === before);
      return { messages: all(id).slice(Math.max(0, at - PAGE), at), more: at > PAGE };
    },
    'branches.show': ({ messageId }) => {
      const found = chat.conversations.get(long)!;
      found.messages = branchFrom(found.messages.findIndex(({ id }) => id === messageId - 1000));
      return {
        conversation: found.conversation,
        messages: found.messages.slice(-PAGE),
        more: true,
        context: null,
      };
    },
  });
  const ui = createChat(createStores(host.api));
  const shown = (): string[] => ui.conversations.current.messages?.map(({ text }) => text) ?? [];
  return { ui, texts, long, short, shown, asked, all, letEarlierCome: gate.resolve };
}

beforeEach(() => {
  window.location.hash = '';
});

describe('a long conversation', () => {
  it('is there by its end first, and wholly soon after', async () => {
    const { ui, texts, long, shown, letEarlierCome } = setUp();
    ui.conversations.open(long);
    await vi.waitFor(() => expect(shown()).toEqual(texts.slice(-PAGE)));
    letEarlierCome();
    await vi.waitFor(() => expect(shown()).toEqual(texts));
  });

  it('mixes nothing into another one that is opened meanwhile', async () => {
    const { ui, long, short, shown, letEarlierCome } = setUp();
    ui.conversations.open(long);
    await vi.waitFor(() => expect(shown().length).toBe(PAGE));
    ui.conversations.open(short);
    letEarlierCome();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(shown()).toEqual(['Short one']);
  });

  it('keeps what is here when it is fetched again', async () => {
    const { ui, texts, long, shown, letEarlierCome } = setUp();
    ui.conversations.open(long);
    letEarlierCome();
    await vi.waitFor(() => expect(shown()).toEqual(texts));
    const session = ui.conversations.current;
    session.show({
      conversation: session.conversation!,
      messages: session.messages!.slice(-PAGE),
      more: true,
      context: null,
    });
    expect(shown()).toEqual(texts);
  });

  it('shows another version far up with all that follows, and fetches only what it has not seen', async () => {
    const { ui, texts, long, shown, asked, all, letEarlierCome } = setUp();
    ui.conversations.open(long);
    letEarlierCome();
    await vi.waitFor(() => expect(shown()).toEqual(texts));
    asked.length = 0;
    const version = all(long)[12]!.id + 1000;
    await ui.branches.show(version, 'next');
    expect(ui.conversations.current.target).toEqual({ id: version, direction: 'next' });
    const other = texts.map((text, index) => (index < 12 ? text : `Other ${text}`));
    await vi.waitFor(() => expect(shown()).toEqual(other));
    // 35 messages: the last ten were told, ten and three more were fetched, twelve were here.
    expect(asked).toHaveLength(2);
  });
});
