// From the command to a window one can write in, in browser mode with a browser that is open already; and what the
// host then holds in memory.
import { openDatabase } from '../../src-main/database/open-database.ts';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { composer, launchBrowser, openPage } from '../support/page.ts';
import { seedDatabase } from '../support/seed-database.ts';
import { removeFolder, startApp, temporaryFolder } from '../support/start-app.ts';
import { readProbe, requireBrowser, startProbedApp } from './probed-app.ts';
import { explain, judge, median, type Row } from './rows.ts';

const RUNS = 5;
const SETTLED_AFTER_MS = 5_000;

interface Start {
  processMs: number;
  paintMs: number;
  usableMs: number;
}

export async function measureStart(tell: (row: Row) => void): Promise<void> {
  const dataFolder = temporaryFolder();
  await seedDatabase(dataFolder, { conversations: 200, messagesEach: 50 });
  const browser = await launchBrowser(requireBrowser());
  try {
    await withoutModel(dataFolder);
    await startOnce(browser, dataFolder);
    const starts: Start[] = [];
    for (let run = 0; run < RUNS; run++) starts.push(await startOnce(browser, dataFolder));
    const middle = (key: keyof Start): number => median(starts.map((start) => start[key]));
    const area = 'start';
    const share = (name: string, value: number): void =>
      tell(explain({ area, name: `of it: ${name}`, value, unit: 'ms' }));
    const name = 'start to usable window, without a model';
    tell(judge({ area, name, value: middle('usableMs'), unit: 'ms', bar: 1500, better: 'lower' }));
    share('process, until the address is printed', middle('processMs'));
    share('database with 10,000 messages, opened alone', await databaseMs(dataFolder));
    share('from the address to the first paint', middle('paintMs') - middle('processMs'));
    share('from the first paint to a field one can write in', middle('usableMs') - middle('paintMs'));
    tell(await memory(browser, dataFolder));
  } finally {
    await browser.close();
    removeFolder(dataFolder);
  }
}

/** The figures are those of the app: nothing is loaded at the start. */
async function withoutModel(dataFolder: string): Promise<void> {
  const app = await startApp({ dataFolder });
  await (await app.connect()).call('settings.change', { startupModel: 'none' });
  await app.kill('SIGINT');
}

async function startOnce(browser: Browser, dataFolder: string): Promise<Start> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const start = performance.now();
  const app = await startApp({ dataFolder });
  const processMs = performance.now() - start;
  try {
    const origin = await page.evaluate(() => performance.timeOrigin);
    const offset = performance.timeOrigin + start;
    await page.goto(app.url, { waitUntil: 'commit' });
    await composer(page).waitFor();
    const usableMs = performance.now() - start;
    const painted = await page.evaluate(firstPaint);
    return { processMs, paintMs: Math.max(origin, painted) - offset, usableMs };
  } finally {
    await context.close();
    await app.kill('SIGINT');
  }
}

/** Runs in the page: when something was first to be seen, milliseconds since 1970. */
function firstPaint(): number {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return performance.timeOrigin + (paint?.startTime ?? performance.now());
}

async function databaseMs(dataFolder: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const file = join(dataFolder, 'lapidary.db');
    const database = await openDatabase({ file, backupsFolder: join(dataFolder, 'backups'), now: Date.now });
    times.push(performance.now() - start);
    await database.close();
  }
  return median(times);
}

async function memory(browser: Browser, dataFolder: string): Promise<Row> {
  const app = await startProbedApp(dataFolder);
  try {
    const page = await openPage(browser, app.url);
    await page.locator('[data-row]').first().click();
    await page.waitForTimeout(SETTLED_AFTER_MS);
    const value = (await readProbe(app)).rssBytes / 1e6;
    await page.context().close();
    const name = 'host memory without a model, 10,000 messages';
    return judge({ area: 'start', name, value, unit: 'MB', bar: 150, better: 'lower' });
  } finally {
    await app.kill('SIGINT');
  }
}
