// The page while an answer streams into a long conversation: how long it is deaf to the person, at worst; and what is
// read again when a person switches branch.
import { finishedAnswer, messages, send } from '../support/page.ts';
import { seedDatabase } from '../support/seed-database.ts';
import { PACED_APP, temporaryFolder } from '../support/start-app.ts';
import { measureBranches } from './chat-branches.ts';
import { tasksDuring } from './page-tasks.ts';
import { withPage, type Measured } from './probed-app.ts';
import { explain, judge, median, type Row } from './rows.ts';

const MESSAGES = 500;
const RUNS = 3;

export async function measureChat(tell: (row: Row) => void): Promise<void> {
  await measureBranches(tell);
  await measureStreaming(tell);
}

async function measureStreaming(tell: (row: Row) => void): Promise<void> {
  const longest: number[] = [];
  const busy: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const dataFolder = temporaryFolder();
    await seedDatabase(dataFolder, { conversations: 1, messagesEach: MESSAGES });
    const work = async (measured: Measured): Promise<void> => {
      const tasks = await streamedTasks(measured);
      longest.push(Math.max(...tasks));
      busy.push(tasks.reduce((sum, task) => sum + task, 0));
    };
    await withPage(work, { dataFolder, entry: PACED_APP });
  }
  const area = 'chat';
  tell(
    explain({
      area,
      name: 'page: main thread busy per second of streaming',
      value: median(busy) / 12,
      unit: 'ms',
    }),
  );
  const name = `page: longest task, streaming 100 tokens/s into ${MESSAGES} messages`;
  tell(judge({ area, name, value: median(longest), unit: 'ms', bar: 50, better: 'lower' }));
}

/** Milliseconds of every task of the page's main thread from sending to the end of the answer. */
async function streamedTasks({ page, browser }: Measured): Promise<number[]> {
  await page.locator('[data-row]').first().click();
  await messages(page).last().waitFor();
  await page.waitForTimeout(1_000);
  return tasksDuring({ page, browser }, async () => {
    await send(page, 'Write something long.');
    await page.locator('article[aria-busy="true"]').waitFor();
    await finishedAnswer(page, 60_000);
  });
}
