// Catches: results of an earlier text over those of a later one, filters that are sent but not meant, a hit that opens
// the wrong place, an address that forgets the message.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Contract } from '#contract/index.ts';
import type { SearchHit } from '#contract/search.ts';
import type { Handlers } from '#rpc/define.ts';
import { Watchable } from '../../../src-main/lib/watchable.ts';
import { SearchStore } from '../../../src-renderer/features/chat/search/search-store.svelte.ts';
import { createChat } from '../../../src-renderer/features/chat/chat-context.ts';
import { createStores, type Stores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { conversations } from '../../support/fake-data.ts';
import { createScriptedChat, streamed } from '../../support/scripted-chat.ts';

type Ask = Handlers<Contract>['chat.search'];

const hit = (conversationAt: number, messageId: number | null, excerpt = ''): SearchHit => ({
  conversation: conversations[conversationAt]!,
  messageId,
  role: messageId === null ? null : 'answer',
  modelName: messageId === null ? null : 'Gemma of long ago',
  at: 1,
  excerpt,
});

function setUp(ask: Ask): { search: SearchStore; stores: Stores } {
  const stores = createStores(createFakeHost({ 'chat.search': ask }).api);
  return { search: new SearchStore(stores), stores };
}

beforeEach(() => {
  window.location.hash = '';
});

describe('the search over everything', () => {
  it('puts what was found together by conversation, in the order of the best of each', async () => {
    const { search } = setUp(() => [hit(1, null, 'the title'), hit(0, 5), hit(1, 9), hit(0, 7)]);
    search.query = 'opal';
    await vi.waitFor(() => expect(search.found).toHaveLength(2));
    expect(search.found?.map(({ title, hits }) => [title, hits.map(({ messageId }) => messageId)])).toEqual([
      ['the title', [9]],
      [null, [5, 7]],
    ]);
    expect(search.messageCount).toBe(3);
    expect(search.modelNames).toContain('Gemma of long ago');
  });

  it('says that older messages are still being indexed, and asks again when all of them are', async () => {
    const share = new Watchable(0.25);
    const asked = vi.fn<Ask>(() => (share.value === 1 ? [hit(0, 1), hit(1, 2)] : [hit(1, 2)]));
    const host = createFakeHost({
      'chat.search': asked,
      async *'chat.watchSearchIndex'(_, signal) {
        for await (const each of share.watch(signal)) yield { share: each };
      },
    });
    const search = new SearchStore(createStores(host.api));
    search.query = 'opal';
    await vi.waitFor(() => expect([search.indexedShare, search.found?.length]).toEqual([0.25, 1]));
    share.set(0.5);
    await vi.waitFor(() => expect(search.indexedShare).toBe(0.5));
    share.set(1);
    await vi.waitFor(() => expect([search.indexedShare, search.found?.length]).toEqual([1, 2]));
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('shows only what belongs to the last text', async () => {
    const answers: (() => void)[] = [];
    const { search } = setUp(
      ({ query }) =>
        new Promise((resolve) => answers.push(() => resolve(query === 'second' ? [hit(0, 2)] : [hit(1, 1)]))),
    );
    search.query = 'first';
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    search.query = 'second';
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.();
    await vi.waitFor(() => expect(search.found).toHaveLength(1));
    answers[0]?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(search.found?.[0]?.hits[0]?.messageId).toBe(2);
    search.query = '  ';
    expect(search.found).toBeNull();
  });

  it('narrows by what was chosen, and widens to everything', async () => {
    const ask = vi.fn<Ask>(() => []);
    const { search } = setUp(ask);
    search.query = 'opal';
    search.narrow({ role: 'user', span: 'week', modelName: 'Gemma', presetId: 3 });
    await vi.waitFor(() => expect(ask).toHaveBeenCalled());
    const { from, ...filters } = ask.mock.lastCall?.[0].filters ?? {};
    expect(filters).toEqual({ role: 'user', modelName: 'Gemma', presetId: 3 });
    expect(Date.now() - Number(from)).toBeGreaterThan(6.9 * 86_400_000);
    expect(search.narrowed).toBe(true);
    search.widen();
    await vi.waitFor(() => expect(ask.mock.lastCall?.[0].filters).toEqual({}));
    expect(search.narrowed).toBe(false);
  });

  it('says why it failed, and asks again', async () => {
    const ask = vi.fn<Ask>(() => Promise.reject(new Error('broken')));
    const { search } = setUp(ask);
    search.query = 'opal';
    await vi.waitFor(() => expect(search.failure?.code).toBe('internal'));
    ask.mockImplementation(() => [hit(0, 1)]);
    search.retry();
    await vi.waitFor(() => expect(search.found).toHaveLength(1));
    expect(search.failure).toBeNull();
  });
});

describe('a message that was found', () => {
  it('is in the address, so that a reload and Back find it again', () => {
    const { search, stores } = setUp(() => []);
    const before = stores.navigation.focusRequest;
    search.openHit(12, 34);
    expect(window.location.hash).toBe('#/chat/12/34');
    expect(stores.navigation.messageRequest).toBe(34);
    expect(stores.navigation.focusRequest).toBe(before);
    expect(createStores(createFakeHost().api).navigation.messageRequest).toBe(34);
    stores.navigation.openConversation(12);
    expect(window.location.hash).toBe('#/chat/12');
    expect(stores.navigation.messageRequest).toBeNull();
    search.openHit(12, 34);
    search.openHit(12, 35);
    expect(stores.navigation.messageRequest).toBe(35);
  });

  it.each(['#/chat/12/-3', '#/chat/12/x', '#/chat/x/34', '#/models/12/34', '#/chat//34'])(
    'is none in the address %s',
    (hash) => {
      window.location.hash = hash;
      expect(createStores(createFakeHost().api).navigation.messageRequest).toBeNull();
    },
  );

  it('is brought into view where it is shown, and its branch is shown where it is not', async () => {
    const chat = createScriptedChat(() => streamed('x', 1, 1));
    const id = chat.add('t', [
      { role: 'user', text: 'q' },
      { role: 'answer', text: 'a' },
    ]);
    const show = vi.fn(() => {
      throw new Error('Not asked for in this test');
    });
    const stores = createStores(createFakeHost({ ...chat.handlers, 'branches.show': show }).api);
    const { branches, conversations: all } = createChat(stores);
    all.open(id);
    await vi.waitFor(() => expect(all.current.messages).toHaveLength(2));
    const shown = all.current.messages![1]!.id;
    expect(await branches.reach(shown)).toBe(true);
    expect(all.current.target).toEqual({ id: shown });
    expect(show).not.toHaveBeenCalled();
    expect(await branches.reach(99_999)).toBe(false);
    expect(show).toHaveBeenCalledOnce();
  });
});
