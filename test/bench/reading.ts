// Reading: a long conversation opens at once and stays bounded, an answer at 200 tokens a second and hostile answers
// never make the page deaf, and a streamed answer costs little more than a finished one.
import type { Page } from 'playwright-core';
import { HOSTILE } from '../support/hostile-texts.ts';
import { messages, send } from '../support/page.ts';
import { seedConversations, seedDatabase } from '../support/seed-database.ts';
import { PACED_APP, temporaryFolder } from '../support/start-app.ts';
import { streamedCost } from './markdown-cost.ts';
import { tasksDuring } from './page-tasks.ts';
import { readProbe, withPage, type Measured } from './probed-app.ts';
import { explain, judge, median, type Row } from './rows.ts';

const area = 'reading';
const MESSAGES = 5_000;
const RUNS = 3;
const SETTLED_AFTER_MS = 2_500;
/** Pieces a second: of a few characters each, or a 400th of a hostile text. */
const PACE = '200';

export async function measureReading(tell: (row: Row) => void): Promise<void> {
  await measureLongConversation(tell);
  process.env['LAPIDARY_PACED_TOKENS'] = PACE;
  try {
    await measureStreaming(tell);
    await measureHostile(tell);
  } finally {
    delete process.env['LAPIDARY_PACED_TOKENS'];
  }
  const cost = await streamedCost();
  tell(
    explain({
      area,
      name: 'one parse of a finished answer of 20,000 tokens',
      value: cost.wholeMs,
      unit: 'ms',
    }),
  );
  const name = 'Markdown of 20,000 tokens: parsed as it streams / once when finished';
  tell(judge({ area, name, value: cost.streamedMs / cost.wholeMs, unit: '', bar: 3, better: 'lower' }));
}

interface Opening {
  paintMs: number;
  hostIdleMs: number;
  hostBlockedMs: number;
  nodesAtFirst: number;
  nodesAtMost: number;
  heapGrowthMb: number;
}

async function measureLongConversation(tell: (row: Row) => void): Promise<void> {
  const runs: Opening[] = [];
  for (let run = 0; run < RUNS; run++) {
    const dataFolder = temporaryFolder();
    await seedDatabase(dataFolder, { conversations: 2, messagesEach: MESSAGES });
    await withPage(async (measured) => void runs.push(await openAndScroll(measured)), {
      dataFolder,
      entry: PACED_APP,
    });
  }
  const middle = (key: keyof Opening): number => median(runs.map((run) => run[key]));
  const of = `a conversation of ${MESSAGES.toLocaleString('en')} messages`;
  const paint = { name: `${of}: from the click to its end on the screen`, value: middle('paintMs') };
  tell(judge({ area, ...paint, unit: 'ms', bar: 150, better: 'lower' }));
  const host = { name: `${of}: host held up at worst while it is fetched`, value: middle('hostBlockedMs') };
  tell(judge({ area, ...host, unit: 'ms', bar: 8, better: 'lower' }));
  // On a busy machine the host is held up by others: the same figure without anything to do tells.
  tell(
    explain({
      area,
      name: 'host held up at worst while nothing is asked',
      value: middle('hostIdleMs'),
      unit: 'ms',
    }),
  );
  const growth = middle('nodesAtMost') / middle('nodesAtFirst');
  const nodes = { name: `${of}: DOM nodes, most while scrolling up / at first`, value: growth };
  tell(judge({ area, ...nodes, unit: '', bar: 4, better: 'lower' }));
  tell(explain({ area, name: `${of}: heap grown by scrolling`, value: middle('heapGrowthMb'), unit: 'MB' }));
}

async function openAndScroll({ app, page }: Measured): Promise<Opening> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const metric = async (name: string): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find((each) => each.name === name)?.value ?? 0;
  };
  // The other conversation first: what is measured is a conversation, not the first use of its code.
  await page.locator('[data-row]').nth(1).click();
  await messages(page).last().waitFor();
  await page.waitForTimeout(SETTLED_AFTER_MS);
  await readProbe(app);
  await page.waitForTimeout(SETTLED_AFTER_MS);
  const { maxMs: hostIdleMs } = await readProbe(app);
  await readProbe(app);
  const paintMs = await page.evaluate(clickAndTime, undefined);
  await page.waitForTimeout(SETTLED_AFTER_MS);
  const { maxMs: hostBlockedMs } = await readProbe(app);
  await session.send('HeapProfiler.collectGarbage');
  const nodesAtFirst = await metric('Nodes');
  const heapBefore = await metric('JSHeapUsedSize');
  let nodesAtMost = nodesAtFirst;
  for (let step = 0; step < 60; step++) {
    await scrollUp(page, 4_000);
    await session.send('HeapProfiler.collectGarbage');
    nodesAtMost = Math.max(nodesAtMost, await metric('Nodes'));
  }
  const heapGrowthMb = ((await metric('JSHeapUsedSize')) - heapBefore) / 1e6;
  return { paintMs, hostIdleMs, hostBlockedMs, nodesAtFirst, nodesAtMost, heapGrowthMb };
}

async function scrollUp(page: Page, by: number): Promise<void> {
  await page.getByRole('region', { name: 'Messages' }).evaluate((box, up) => box.scrollBy(0, -up), by);
  await page.waitForTimeout(60);
}

/** Runs in the page: from the click until the frame after the last answer of the newest conversation is there. */
function clickAndTime(): Promise<number> {
  const start = performance.now();
  document.querySelector<HTMLElement>('[data-row]')?.click();
  return new Promise((resolve) => {
    const look = (): void => {
      const last = [...document.querySelectorAll('article')].at(-1);
      const shown = last?.querySelector('.markdown')?.textContent.includes('engine');
      const box = document.querySelector('[role="region"][aria-label="Messages"]');
      if (shown && box?.textContent.includes('of conversation 2'))
        requestAnimationFrame(() => resolve(performance.now() - start));
      else requestAnimationFrame(look);
    };
    look();
  });
}

async function measureStreaming(tell: (row: Row) => void): Promise<void> {
  const longest: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const dataFolder = temporaryFolder();
    await seedDatabase(dataFolder, { conversations: 1, messagesEach: MESSAGES });
    const work = async ({ page, browser }: Measured): Promise<void> => {
      await page.locator('[data-row]').first().click();
      await messages(page).last().waitFor();
      await page.waitForTimeout(SETTLED_AFTER_MS);
      const tasks = await tasksDuring({ page, browser }, () => askAndWait(page, 'Write something long.'));
      longest.push(Math.max(...tasks));
    };
    await withPage(work, { dataFolder, entry: PACED_APP });
  }
  const name = `page: longest task, streaming ${PACE} tokens/s into ${MESSAGES.toLocaleString('en')} messages`;
  tell(judge({ area, name, value: median(longest), unit: 'ms', bar: 50, better: 'lower' }));
}

async function measureHostile(tell: (row: Row) => void): Promise<void> {
  const dataFolder = temporaryFolder();
  const names = Object.keys(HOSTILE);
  await seedConversations(
    dataFolder,
    names.map((name) => [{ question: `Once ${name}`, answer: HOSTILE[name]?.() ?? '' }]),
  );
  const work = async ({ page, browser }: Measured): Promise<void> => {
    for (const name of names) {
      const opened = await tasksDuring({ page, browser }, async () => {
        await page
          .locator('[data-row]')
          .filter({ hasText: `Once ${name}` })
          .first()
          .click();
        await page.waitForTimeout(SETTLED_AFTER_MS);
      });
      await messages(page).last().waitFor();
      await page.getByRole('button', { name: 'New conversation' }).first().click();
      const streamed = await tasksDuring({ page, browser }, () => askAndWait(page, `Stream ${name}`));
      for (const [how, tasks] of Object.entries({ opened, streamed })) {
        const row = { name: `page: longest task, ${name}, ${how}`, value: Math.max(...tasks) };
        tell(judge({ area, ...row, unit: 'ms', bar: 50, better: 'lower' }));
      }
    }
  };
  await withPage(work, { dataFolder, entry: PACED_APP });
}

/** Looks into the page seldom and by little: a search for roles in a large one is a long task itself. */
async function askAndWait(page: Page, question: string): Promise<void> {
  await send(page, question);
  // Not waitForFunction, which needs an eval that the page's policy refuses.
  const becomes = async (writing: boolean, everyMs: number): Promise<void> => {
    const isWriting = (): boolean => document.querySelector('article[aria-busy="true"]') !== null;
    while ((await page.evaluate(isWriting)) !== writing) await page.waitForTimeout(everyMs);
  };
  await becomes(true, 50);
  await becomes(false, 500);
  await page.waitForTimeout(1_000);
}
