// Catches: selections that take other rows than those one sees, an undo that forgets where something was, a row that
// appears twice or nowhere, folders that fetch before anyone looks, days that the bin counts wrong.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation } from '#contract/chat.ts';
import type { Contract } from '#contract/index.ts';
import type { Shelves } from '#contract/order.ts';
import type { Handlers } from '#rpc/define.ts';
import { createChat, type ChatStores } from '../../../src-renderer/features/chat/chat-context.ts';
import { daysLeft } from '../../../src-renderer/features/chat/order/days-left.ts';
import { SelectionStore } from '../../../src-renderer/features/chat/order/selection-store.svelte.ts';
import { createStores, type Stores } from '../../../src-renderer/stores/stores.ts';
import { Watchable } from '../../../src-main/lib/watchable.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { createScriptedChat, streamed, type ScriptedChat } from '../../support/scripted-chat.ts';

const WORK = { id: 7, name: 'Work' };
const SHELVES: Shelves = { folders: [WORK], tags: ['Trip'], archivedCount: 0, binnedCount: 0 };

interface Setup {
  chat: ScriptedChat;
  stores: Stores;
  ui: ChatStores;
  calls: unknown[][];
  shelves: Watchable<Shelves>;
}

/** Every call of `order.*` is noted and does nothing. */
async function setUp(count: number, change: (id: number, at: number) => Partial<Conversation> = () => ({})) {
  const chat = createScriptedChat(() => streamed('x'));
  for (let at = 0; at < count; at += 1) {
    const id = chat.add(`C ${at}`, [], 1_000_000 - at);
    const found = chat.conversations.get(id)!;
    found.conversation = { ...found.conversation, ...change(id, at) };
  }
  const calls: unknown[][] = [];
  const note = (name: string) => (input: unknown) => void calls.push([name, input]);
  const shelves = new Watchable(SHELVES);
  const host = createFakeHost({
    ...chat.handlers,
    'order.watch': (_, signal) => shelves.watch(signal),
    'order.move': note('move'),
    'order.archive': note('archive'),
    'order.delete': note('delete'),
    'order.restore': note('restore'),
    'order.createFolder': ({ name }) => ({ id: 9, name }),
  } satisfies Partial<Handlers<Contract>>);
  const stores = createStores(host.api);
  const setup: Setup = { chat, stores, ui: createChat(stores), calls, shelves };
  await setup.ui.list.reload();
  await vi.waitFor(() => expect(setup.ui.list.shelves.folders).toHaveLength(1));
  return setup;
}

const undo = ({ stores }: Setup): void => stores.toasts.list.at(-1)?.action?.run();

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  window.location.hash = '';
});

describe('a selection', () => {
  const rows = [5, 3, 9, 1, 7];

  it('extends from where it began, in the order of the rows, both ways', () => {
    const selection = new SelectionStore();
    selection.startAt(9);
    selection.extendTo(7, rows);
    expect([...selection.ids]).toEqual([9, 1, 7]);
    selection.extendTo(5, rows);
    expect([...selection.ids]).toEqual([5, 3, 9]);
    selection.toggle(3);
    expect([...selection.ids]).toEqual([5, 9]);
    expect(selection.around(9)).toEqual([5, 9]);
    expect(selection.around(1)).toEqual([1]);
    selection.forget(5);
    expect([...selection.ids]).toEqual([9]);
  });

  it('begins anew when what it began at is gone', () => {
    const selection = new SelectionStore();
    selection.only(42);
    selection.extendTo(3, rows);
    expect([...selection.ids]).toEqual([3]);
  });
});

describe('the pane', () => {
  it('shows every conversation in exactly one place, and follows changes', async () => {
    const setup = await setUp(
      6,
      (_, at) =>
        [
          { pinned: true, folderId: 7 },
          { folderId: 7 },
          { archived: true },
          { temporary: true },
          { folderId: 99 },
          {},
        ][at]!,
    );
    await setup.ui.list.look({ kind: 'folder', folderId: 7 });
    const titles = (list: readonly Conversation[]): string[] => list.map(({ title }) => title);
    const { groups } = setup.ui.list;
    expect(titles(groups.pinned)).toEqual(['C 0']);
    expect(titles(groups.folders[0]!.conversations)).toEqual(['C 1']);
    expect(titles(groups.temporary)).toEqual(['C 3']);
    expect(groups.byAge.flatMap(({ conversations }) => titles(conversations))).toEqual(['C 5']);
    await setup.ui.list.rename(setup.ui.list.groups.pinned[0]!.id, 'Renamed');
    expect(titles(setup.ui.list.groups.pinned)).toEqual(['Renamed']);
  });

  it('fetches a folder when someone looks, and the rest page by page', async () => {
    const setup = await setUp(250, (_, at) => (at < 120 ? { folderId: 7 } : {}));
    const folder = { kind: 'folder' as const, folderId: 7 };
    expect(setup.ui.list.groups.folders[0]?.conversations).toHaveLength(0);
    await setup.ui.list.look(folder);
    expect(setup.ui.list.groups.folders[0]?.conversations).toHaveLength(100);
    await setup.ui.list.more(folder);
    expect(setup.ui.list.groups.folders[0]?.conversations).toHaveLength(120);
    expect(setup.ui.list.isComplete(folder)).toBe(true);
    expect(setup.ui.list.complete).toBe(false);
    await setup.ui.list.more();
    expect(setup.ui.list.complete).toBe(true);
    expect(setup.ui.list.list).toHaveLength(250);
  });

  it('leaves the filter by a tag when nothing has it any more', async () => {
    const setup = await setUp(3, (_, at) => (at === 1 ? { tags: ['Trip'] } : {}));
    setup.ui.list.showTag('Trip');
    await setup.ui.list.look({ kind: 'tag', tag: 'Trip' });
    expect(setup.ui.list.groups.byAge.flatMap((group) => group.conversations)).toHaveLength(1);
    setup.shelves.set({ ...SHELVES, tags: [] });
    await vi.waitFor(() => expect(setup.ui.list.tag).toBeNull());
    expect(setup.ui.list.groups.byAge.flatMap((group) => group.conversations)).toHaveLength(3);
  });
});

describe('what is done with many', () => {
  it('goes back to where each of them was', async () => {
    const setup = await setUp(3, (_, at) => (at === 0 ? { folderId: 7 } : {}));
    await setup.ui.list.look({ kind: 'folder', folderId: 7 });
    const ids = setup.ui.list.list!.map(({ id }) => id);
    setup.ui.selection.all(ids);
    await setup.ui.order.move(ids, { id: 8, name: 'Other' });
    expect(setup.ui.selection.ids.size).toBe(0);
    expect(setup.calls).toEqual([['move', { ids, folderId: 8 }]]);
    undo(setup);
    await vi.waitFor(() => expect(setup.calls).toHaveLength(3));
    expect(setup.calls.slice(1)).toEqual([
      ['move', { ids: [ids[0]], folderId: 7 }],
      ['move', { ids: ids.slice(1), folderId: null }],
    ]);
  });

  it('is taken back after deleting, and leaves a conversation that is gone', async () => {
    const setup = await setUp(2);
    const ids = setup.ui.list.list!.map(({ id }) => id);
    setup.stores.navigation.openConversation(ids[0]!);
    await setup.ui.order.delete(ids);
    expect(setup.stores.navigation.conversationId).toBeNull();
    undo(setup);
    await vi.waitFor(() => expect(setup.calls.at(-1)).toEqual(['restore', { ids }]));
  });

  it('keeps the selection when it could not be done, and says so', async () => {
    const setup = await setUp(2);
    const ids = setup.ui.list.list!.map(({ id }) => id);
    setup.ui.selection.all(ids);
    await setup.ui.order.pin(ids, true);
    expect(setup.ui.selection.ids.size).toBe(2);
    expect(setup.stores.toasts.list.at(-1)?.tone).toBe('error');
  });
});

it('a temporary conversation keeps its draft out of the storage, also what was written before the switch', async () => {
  const setup = await setUp(0);
  setup.ui.composer.text = 'secret words';
  window.dispatchEvent(new Event('pagehide'));
  expect(sessionStorage.getItem('lapidary.drafts')).toContain('secret');
  setup.ui.composer.setTemporary(true);
  expect(setup.ui.composer.text).toBe('secret words');
  window.dispatchEvent(new Event('pagehide'));
  expect(sessionStorage.getItem('lapidary.drafts') ?? '').not.toContain('secret');
  setup.ui.composer.setTemporary(false);
  expect(setup.ui.composer.text).toBe('secret words');
});

it('a temporary conversation that is kept takes along what is being written in it', async () => {
  const setup = await setUp(2);
  const [from, to] = setup.ui.list.list!.map(({ id }) => id) as [number, number];
  const open = async (id: number): Promise<void> => {
    setup.ui.conversations.open(id);
    await vi.waitFor(() => expect(setup.ui.conversations.current.id).toBe(id));
  };
  await open(from);
  setup.ui.composer.text = 'half a question';
  setup.ui.composer.moveDraft(from, to);
  expect(setup.ui.composer.text).toBe('');
  await open(to);
  expect(setup.ui.composer.text).toBe('half a question');
});

it('counts the days that are left in whole ones, never above thirty or below none', () => {
  const day = 86_400_000;
  expect(daysLeft(0, 0)).toBe(30);
  expect(daysLeft(0, day * 29.5)).toBe(1);
  expect(daysLeft(0, day * 31)).toBe(0);
  expect(daysLeft(day * 100, 0)).toBe(30);
});
