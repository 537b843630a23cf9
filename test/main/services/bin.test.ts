// Catches: a bin whose days pass without anything going, saved contexts that stay behind, an erasing that a quit ends
// half-way for ever, and one that takes the host away from its windows.
import { onTestFinished, expect, it } from 'vitest';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import { createLog } from '../../../src-main/lib/log.ts';
import { BinService } from '../../../src-main/services/chat/bin-service.ts';
import { addExchange, createPlace, openAt } from '../database/database-fixture.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

interface Setup {
  database: AppDatabase;
  bin: BinService;
  forgotten: number[];
  /** Moves the clock day by day, looking once on each. */
  live: (days: number) => Promise<void>;
}

async function setUp(): Promise<Setup> {
  const place = createPlace();
  const database = await openAt(place);
  const forgotten: number[] = [];
  let time = START;
  const bin = new BinService({
    database,
    now: () => time,
    log: createLog(`${place.folder}/log`),
    forgetContext: async (id) => void forgotten.push(id),
  });
  onTestFinished(() => bin.close());
  const live = async (days: number): Promise<void> => {
    for (let day = 0; day < days; day += 1) {
      time += DAY;
      await bin.look();
    }
  };
  await bin.look();
  return { database, bin, forgotten, live };
}

it('erases conversations and removed branches when their days are over, with their saved contexts', async () => {
  const { database, bin, forgotten, live } = await setUp();
  const answers = ['One', 'Two', 'Three'].map((text) => addExchange(database, text, `${text}!`, START));
  const [one, two, three] = answers.map((id) => database.branches.conversationOf(id)) as [
    number,
    number,
    number,
  ];
  database.conversations.moveToBin(one, START);
  database.branches.remove(answers[1]!, START);
  await bin.look();
  await live(29);
  expect(database.bin.list({ limit: 9 })).toHaveLength(1);
  await live(1);
  expect(database.bin.list({ limit: 9 })).toEqual([]);
  expect(forgotten).toEqual([one]);
  expect(() => database.branches.conversationOf(answers[0]!)).toThrow('no message');
  expect(() => database.branches.conversationOf(answers[1]!)).toThrow('no message');
  expect(database.branches.tree(two)).toHaveLength(1);
  expect(database.branches.tree(three)).toHaveLength(2);
});

it('lets the host answer between the steps, and goes on after a quit', async () => {
  const { database, bin } = await setUp();
  const answer = addExchange(database, 'Long', 'Long!', START);
  const id = database.branches.conversationOf(answer);
  database.transaction(() => {
    for (let at = 0; at < 3000; at += 1)
      database.messages.startExchange({
        conversationId: id,
        title: '',
        text: `Question ${at}`.repeat(20),
        now: START,
      });
  });
  database.conversations.moveToBin(id, START);
  await bin.giveUp([id]);
  let turns = 0;
  while (database.bin.nextGivenUp() !== null && turns < 5) {
    turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(turns).toBe(5);
  bin.close();
  await bin.look();
  expect(database.bin.nextGivenUp()).toBe(id);
  expect(database.bin.list({ limit: 9 })).toEqual([]);

  const after = new BinService({
    database,
    now: () => START,
    log: createLog('/dev/null'),
    forgetContext: async () => {},
  });
  await after.look();
  after.close();
  expect(database.bin.nextGivenUp()).toBeNull();
  expect(() => database.branches.conversationOf(answer)).toThrow('no message');
});
