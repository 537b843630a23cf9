// Catches: a long conversation of which older messages never arrive, arrive twice or in the wrong order, or land in
// what took their place meanwhile; one that shrinks under the eye when it is fetched again.
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
      const at = all(id).findIndex((message) => message.id === before);
      return { messages: all(id).slice(Math.max(0, at - PAGE), at), more: at > PAGE };
    },
  });
  const ui = createChat(createStores(host.api));
  const shown = (): string[] => ui.conversations.current.messages?.map(({ text }) => text) ?? [];
  return { ui, texts, long, short, shown, letEarlierCome: gate.resolve };
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
});
