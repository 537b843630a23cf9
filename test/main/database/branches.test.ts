// Bugs these catch: a removed branch that is still found or counted, one that comes back by halves, a tree whose shown
// branch ends in nothing, an edit that overwrites, versions of one question counted for another's.
import { describe, expect, it } from 'vitest';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import { addExchange, createPlace, openAt } from './database-fixture.ts';

const end = { thought: '', status: 'complete' as const, failure: null, stats: null };
const notFound = expect.objectContaining({ code: 'not-found' });

/** q1 -> a1 -> q2 -> a2, then q2' -> a2' beside q2. Returns the ids of all six in that order. */
async function grown(): Promise<{ database: AppDatabase; ids: number[] }> {
  const database = await openAt(createPlace());
  const { messages } = database;
  const a1 = addExchange(database, 'first question', 'first answer');
  const second = messages.startExchange({ conversationId: 1, title: '', text: 'second question', now: 2 });
  messages.finish(second.answer.id, { ...end, text: 'second answer' });
  const edited = messages.startVersion(second.question.id, 'edited question', 3);
  messages.finish(edited.answer.id, { ...end, text: 'edited answer' });
  const ids = [1, a1, second.question.id, second.answer.id, edited.question.id, edited.answer.id];
  return { database, ids };
}

const shown = (database: AppDatabase): string[] => database.messages.activeBranch(1).map(({ text }) => text);

describe('versions', () => {
  it('of a question stand beside it, and only its own are counted', async () => {
    const { database, ids } = await grown();
    const [, , q2 = 0, , edited = 0] = ids;
    const branch = database.messages.activeBranch(1);
    expect(shown(database)).toEqual(['first question', 'first answer', 'edited question', 'edited answer']);
    expect(branch.map(({ versions }) => versions.length)).toEqual([1, 1, 2, 1]);
    expect(branch[2]?.versions).toEqual([q2, edited]);
    expect(database.messages.get(q2)).toMatchObject({ text: 'second question', versions: [q2, edited] });
  });

  it('of the very first question are known too, in their own conversation only', async () => {
    const { database } = await grown();
    addExchange(database, 'another conversation', 'its answer');
    const again = database.messages.startVersion(1, 'first, edited', 9);
    expect(again.question).toMatchObject({ parentId: null, versions: [1, again.question.id] });
    expect(database.messages.activeBranch(2)[0]?.versions).toHaveLength(1);
  });

  it('of an answer: edited by the person, or begun as another one', async () => {
    const { database, ids } = await grown();
    const edited = database.messages.addEditedAnswer(ids[5] ?? 0, 'my words', 4);
    expect(edited).toMatchObject({ edited: true, status: 'complete', stats: null, text: 'my words' });
    const more = database.messages.startContinuation(edited.id, 5);
    expect(more.answer).toMatchObject({ text: 'my words', status: 'generating', edited: false });
    expect(more.answer.versions).toEqual([ids[5], edited.id, more.answer.id]);
    expect(() => database.messages.addEditedAnswer(1, 'a question', 6)).toThrow(notFound);
    expect(() => database.messages.startVersion(ids[1] ?? 0, 'an answer', 6)).toThrow(notFound);
  });
});

describe('showing', () => {
  it('follows a branch to where it was last written', async () => {
    const { database, ids } = await grown();
    const [, a1 = 0, q2 = 0] = ids;
    database.branches.show(q2);
    expect(shown(database).at(-1)).toBe('second answer');
    database.branches.show(a1);
    expect(shown(database).at(-1)).toBe('edited answer');
    expect(() => database.branches.show(99)).toThrow(notFound);
  });
});

describe('removing', () => {
  it('shows the version beside it, then what came before, and at last nothing', async () => {
    const { database, ids } = await grown();
    const [q1 = 0, , q2 = 0, , edited = 0] = ids;
    database.branches.remove(edited, 10);
    expect(shown(database)).toEqual(['first question', 'first answer', 'second question', 'second answer']);
    expect(database.messages.activeBranch(1)[2]?.versions).toEqual([q2]);
    database.branches.remove(q2, 11);
    expect(shown(database)).toEqual(['first question', 'first answer']);
    database.branches.remove(q1, 12);
    expect(shown(database)).toEqual([]);
    expect(database.branches.tree(1)).toEqual([]);
    const next = database.messages.startExchange({ conversationId: 1, title: '', text: 'anew', now: 13 });
    expect(next.question).toMatchObject({ parentId: null, versions: [next.question.id] });
  });

  it('leaves another branch on the screen as it is', async () => {
    const { database, ids } = await grown();
    database.branches.remove(ids[2] ?? 0, 10);
    expect(shown(database).at(-1)).toBe('edited answer');
  });

  it('is taken back whole, but without what was removed before', async () => {
    const { database, ids } = await grown();
    const [q1 = 0, , q2 = 0, , edited = 0] = ids;
    database.branches.remove(edited, 10);
    database.branches.remove(q1, 11);
    database.branches.restore(q1);
    expect(shown(database)).toEqual(['first question', 'first answer', 'second question', 'second answer']);
    expect(database.branches.tree(1).map(({ id }) => id)).not.toContain(edited);
    database.branches.restore(edited);
    expect(shown(database).at(-1)).toBe('edited answer');
    expect(database.messages.get(q2)?.versions).toEqual([q2, edited]);
  });

  it('hides from the search, and comes back to it', async () => {
    const { database, ids } = await grown();
    const found = async (): Promise<number> => (await database.search.search('edited answer', 9)).length;
    expect(await found()).toBe(1);
    database.branches.remove(ids[4] ?? 0, 10);
    expect(await found()).toBe(0);
    database.branches.restore(ids[4] ?? 0);
    expect(await found()).toBe(1);
  });
});

it('a tree shows every message once, cut short', async () => {
  const { database, ids } = await grown();
  const long = database.messages.startVersion(1, 'long '.repeat(1000), 9);
  const tree = database.branches.tree(1);
  expect(tree.map(({ id }) => id)).toEqual([...ids, long.question.id, long.answer.id]);
  expect(tree.find(({ id }) => id === long.question.id)?.excerpt).toHaveLength(120);
});
