// The page while an answer streams into a long conversation: how long it is deaf to the person, at worst.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { finishedAnswer, messages, send } from '../support/page.ts';
import { seedDatabase } from '../support/seed-database.ts';
import { PACED_APP, temporaryFolder } from '../support/start-app.ts';
import { withPage, type Measured } from './probed-app.ts';
import { explain, judge, median, type Row } from './rows.ts';

const MESSAGES = 500;
const RUNS = 3;

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  args: { name?: string };
}

export async function measureChat(tell: (row: Row) => void): Promise<void> {
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
  const path = join(tmpdir(), `lapidary-trace-${process.pid}.json`);
  const categories = ['__metadata', 'disabled-by-default-devtools.timeline'];
  await browser.startTracing(page, { path, categories });
  await send(page, 'Write something long.');
  await page.locator('article[aria-busy="true"]').waitFor();
  await finishedAnswer(page, 60_000);
  await browser.stopTracing();
  const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: TraceEvent[] };
  rmSync(path);
  return mainThreadTasks(traceEvents);
}

function mainThreadTasks(events: TraceEvent[]): number[] {
  const isMain = (event: TraceEvent): boolean =>
    event.name === 'thread_name' && event.args.name === 'CrRendererMain';
  const threads = new Set(events.filter(isMain).map(({ pid, tid }) => `${pid}.${tid}`));
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && threads.has(`${pid}.${tid}`),
  );
  if (tasks.length === 0) throw new Error('The trace holds no tasks');
  return tasks.map(({ dur = 0 }) => dur / 1000);
}
