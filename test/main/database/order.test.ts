// Catches: lists that forget or repeat a conversation, a bin that empties itself too early because a clock went wrong,
// one that never does, a removed branch that takes along what was brought back, and lists that get slow with many.
import { describe, expect, it } from 'vitest';
import type { ConversationView } from '../../../src-main/contract/chat.ts';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import { addExchange, createPlace, openAt } from './database-fixture.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

async function withConversations(count: number): Promise<{ database: AppDatabase; ids: number[] }> {
  const database = await openAt(createPlace());
  const ids = Array.from(
    { length: count },
    (_, at) =>
      database.messages.get(addExchange(database, `Question ${at}`, `Answer ${at}`, START + at))!
        .conversationId,
  );
  return { database, ids };
}

const shown = (database: AppDatabase, view: ConversationView): number[] =>
  database.conversations.list({ limit: 100, view }).map(({ id }) => id);

describe('views', () => {
  it('show every conversation in exactly one of recent, pinned, a folder, the archive', async () => {
    const { database, ids } = await withConversations(6);
    const [one, two, three, four, five, six] = ids as [number, number, number, number, number, number];
    const { order } = database;
    const folder = order.createFolder('Work');
    order.pin([two], true);
    order.move([three, two], folder.id);
    order.archive([four], true);
    database.conversations.moveToBin(five, START);
    expect(shown(database, { kind: 'recent' })).toEqual([six, one]);
    expect(shown(database, { kind: 'pinned' })).toEqual([two]);
    expect(shown(database, { kind: 'folder', folderId: folder.id })).toEqual([three]);
    expect(shown(database, { kind: 'archive' })).toEqual([four]);
    expect(shown(database, { kind: 'all' })).toEqual([six, three, two, one]);
    expect(order.shelves()).toEqual({ folders: [folder], tags: [], archivedCount: 1, binnedCount: 1 });
    database.conversations.touch(four, START + 99);
    expect(shown(database, { kind: 'recent' })[0]).toBe(four);
  });

  it('know tags whatever their capitals, and forget those that nothing has', async () => {
    const { database, ids } = await withConversations(3);
    database.order.tag(ids, ['Garden', 'Übung'], []);
    database.order.tag(ids.slice(0, 1), ['garden'], ['Übung']);
    expect(database.conversations.get(ids[0]!)?.tags).toEqual(['Garden']);
    expect(database.conversations.get(ids[1]!)?.tags).toEqual(['Garden', 'Übung']);
    expect(shown(database, { kind: 'tag', tag: 'Übung' })).toHaveLength(2);
    expect(database.order.shelves().tags).toEqual(['Garden', 'Übung']);
    database.order.archive(ids.slice(1), true);
    expect(database.order.shelves().tags).toEqual(['Garden']);
  });
});

describe('the bin', () => {
  /** Looks once a day, as a running app does; returns on which day the conversation was gone. */
  function goneOnDay(database: AppDatabase, days: number, clock: (day: number) => number): number | null {
    for (let day = 0; day <= days; day += 1) {
      database.bin.look(clock(day));
      if (database.bin.expire(clock(day), 10) > 0) return day;
    }
    return null;
  }

  it('keeps for thirty days and then gives up', async () => {
    const { database, ids } = await withConversations(2);
    database.conversations.moveToBin(ids[0]!, START);
    expect(goneOnDay(database, 60, (day) => START + day * DAY)).toBe(30);
    expect(database.bin.nextGivenUp()).toBe(ids[0]);
    expect(() => database.conversations.restore(ids[0]!)).toThrow('No conversation');
    expect(database.bin.erase(ids[0]!, 1000)).toBe(true);
    expect(database.bin.nextGivenUp()).toBeNull();
    expect(database.messages.get(1)).toBeNull();
    expect(shown(database, { kind: 'all' })).toEqual([ids[1]]);
  });

  it('does not believe a clock that leaps ahead, nor one that goes back', async () => {
    const { database, ids } = await withConversations(3);
    database.conversations.moveToBin(ids[0]!, START);
    // One look ten years ahead, then the clock is right again.
    expect(goneOnDay(database, 60, (day) => START + day * DAY + (day === 3 ? 3650 * DAY : 0))).toBe(30);
    const later = START + 100 * DAY;
    database.conversations.moveToBin(ids[1]!, later);
    // It stays ten years ahead: only days that were seen to pass count, but for one leap of a week.
    expect(
      goneOnDay(database, 60, (day) => later + day * DAY + (day > 0 ? 3650 * DAY : 0)),
    ).toBeGreaterThanOrEqual(23);
    // Deleted while the clock was years ahead: that time never comes, the count decides.
    database.conversations.moveToBin(ids[2]!, later + 3650 * DAY);
    expect(goneOnDay(database, 60, (day) => later + day * DAY)).toBe(30);
  });

  it('begins to count anew when a conversation is brought back and deleted again', async () => {
    const { database, ids } = await withConversations(1);
    database.conversations.moveToBin(ids[0]!, START);
    expect(goneOnDay(database, 29, (day) => START + day * DAY)).toBeNull();
    database.bin.restore(ids);
    database.conversations.moveToBin(ids[0]!, START + 29 * DAY);
    expect(goneOnDay(database, 40, (day) => START + (29 + day) * DAY)).toBe(30);
  });

  it('erases removed branches in steps, and never what was brought back of one', async () => {
    const { database } = await withConversations(1);
    const { messages, branches, bin } = database;
    const second = messages.startExchange({ conversationId: 1, title: '', text: 'Two', now: START });
    const third = messages.startExchange({ conversationId: 1, title: '', text: 'Three', now: START });
    branches.remove(second.question.id, START);
    branches.restore(third.answer.id);
    for (let day = 0; day <= 31; day += 1) bin.look(START + day * DAY);
    while (!bin.eraseBranches(START + 31 * DAY, 0));
    expect(messages.branchUpTo(third.answer.id).map(({ text }) => text)).toContain('Two');
    branches.remove(third.answer.id, START + 32 * DAY);
    for (let day = 32; day <= 70; day += 1) bin.look(START + day * DAY);
    while (!bin.eraseBranches(START + 70 * DAY, 0));
    expect(() => branches.conversationOf(second.question.id)).toThrow('no message');
    expect(branches.tree(1)).toHaveLength(2);
  });
});

describe('temporary conversations', () => {
  it('have ids that say where they are kept, in every repository', async () => {
    const { database } = await withConversations(1);
    const { temporary } = database;
    const { conversation, answer } = temporary.messages.startExchange({
      conversationId: null,
      title: 'T',
      text: 'x',
      now: 1,
    });
    expect(conversation).toMatchObject({ temporary: true });
    expect(database.holding(conversation.id)).toBe(temporary);
    expect(database.holding(answer.id)).toBe(temporary);
    expect(database.holding(1)).toBe(database);
    expect(shown(database, { kind: 'all' })).toEqual([1]);
  });
});
