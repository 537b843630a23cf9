// How soon a person sees which models run here, once the machine is known: from the click on Catalogue to a list of 60
// models with a verdict each, and the share of it that the host takes. The app starts on a detection of an earlier day.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Contract } from '#contract/index.ts';
import type { Client } from '#rpc/client.ts';
import { openDatabase } from '../../src-main/database/open-database.ts';
import { RESOURCES } from '../../src-main/hosts/places.ts';
import { PACED_APP, removeFolder, temporaryFolder } from '../support/start-app.ts';
import { tasksDuring } from './page-tasks.ts';
import { withPage, type Measured } from './probed-app.ts';
import { explain, judge, median, type Row } from './rows.ts';

const ENTRIES = 60;
const RUNS = 5;
const SETTLED_AFTER_MS = 500;

interface Times {
  hostMs: number;
  pageMs: number;
  /** The longest tasks of the page: opening the list, and sorting, filtering and looking closer. */
  openingTaskMs: number;
  usingTaskMs: number;
}

export async function measureCatalogue(tell: (row: Row) => void): Promise<void> {
  const resources = resourcesWithManyModels();
  process.env['LAPIDARY_BENCH_RESOURCES'] = resources;
  const runs: Times[] = [];
  try {
    for (let run = 0; run < RUNS; run++) runs.push(await measureOnce());
  } finally {
    delete process.env['LAPIDARY_BENCH_RESOURCES'];
    removeFolder(resources);
  }
  const area = 'models';
  const value = median(runs.map((run) => run.pageMs));
  const name = `catalogue: from the click to verdicts on all of ${ENTRIES} entries`;
  tell(judge({ area, name, value, unit: 'ms', bar: 300, better: 'lower' }));
  const hostMs = median(runs.map((run) => run.hostMs));
  tell(explain({ area, name: 'of it: the host, asked over its channel', value: hostMs, unit: 'ms' }));
  const tasks = { opening: 'openingTaskMs', 'sorting, filtering, details': 'usingTaskMs' } as const;
  for (const [what, key] of Object.entries(tasks)) {
    const longest = median(runs.map((run) => run[key]));
    const task = `catalogue page: longest task, ${what}`;
    tell(judge({ area, name: task, value: longest, unit: 'ms', bar: 50, better: 'lower' }));
  }
}

async function measureOnce(): Promise<Times> {
  const dataFolder = temporaryFolder();
  await keepDetection(dataFolder);
  const times = { hostMs: 0, pageMs: 0, openingTaskMs: 0, usingTaskMs: 0 };
  const work = async ({ page, client, browser }: Measured): Promise<void> => {
    await client.call('settings.change', { startupModel: 'none' });
    times.hostMs = await untilJudged(client);
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Models' }).click();
    const catalogue = page.getByRole('button', { name: 'Catalogue', exact: true });
    await catalogue.waitFor();
    await page.waitForTimeout(SETTLED_AFTER_MS);
    const start = performance.now();
    await catalogue.click();
    await page.waitForFunction(showsVerdicts, ENTRIES, { polling: 'raf' });
    times.pageMs = performance.now() - start;
    await page.getByRole('button', { name: 'Your models', exact: true }).click();
    await page.waitForTimeout(SETTLED_AFTER_MS);
    const opening = await tasksDuring({ page, browser }, async () => {
      await catalogue.click();
      await page.waitForFunction(showsVerdicts, ENTRIES, { polling: 'raf' });
      await page.waitForTimeout(SETTLED_AFTER_MS);
    });
    times.openingTaskMs = Math.max(...opening);
    times.usingTaskMs = Math.max(...(await tasksDuring({ page, browser }, () => useList(page))));
  };
  await withPage(work, { dataFolder, entry: PACED_APP });
  return times;
}

/** What a person does with the list; waits as they would between two steps. */
async function useList(page: Page): Promise<void> {
  for (const column of ['Size', 'Size', 'Speed', 'Name', 'Runs here']) {
    await page.getByRole('button', { name: column, exact: true }).click();
    await page.waitForTimeout(150);
  }
  for (const filter of ['Fits here', 'Thinks first', 'Fits here', 'Thinks first']) {
    await page.getByRole('button', { name: filter, exact: true }).click();
    await page.waitForTimeout(150);
  }
  await page.getByRole('searchbox').pressSequentially('gemma 3', { delay: 120 });
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  await page.waitForTimeout(SETTLED_AFTER_MS);
}

async function untilJudged(client: Client<Contract>): Promise<number> {
  const start = performance.now();
  for await (const { entries } of client.stream('catalogue.watch', { purpose: 'chat' })) {
    const judged = entries.filter(({ fit }) => fit.verdict !== 'unknown');
    if (judged.length === ENTRIES) return performance.now() - start;
  }
  throw new Error('The catalogue ended');
}

/** Runs in the page. */
function showsVerdicts(count: number): boolean {
  const rows = [...document.querySelectorAll('tbody tr')];
  const numbers = rows.filter((row) => / of [\d.]+\s[GM]B/.test(row.textContent));
  return numbers.length >= count;
}

/** Every shipped file as a model of its own, as often as it takes: more rows than 60 files of a few models have. */
function resourcesWithManyModels(): string {
  const resources = temporaryFolder();
  cpSync(RESOURCES, resources, { recursive: true });
  const path = join(resources, 'catalogue', 'catalogue.json');
  const data = JSON.parse(readFileSync(path, 'utf8')) as { models: { name: string; files: object[] }[] };
  const single = data.models.flatMap((model) => model.files.map((file) => ({ ...model, files: [file] })));
  const talking = single.filter(({ name }) => !name.startsWith('Embedding'));
  const models = Array.from({ length: ENTRIES }, (_, index) => {
    const model = talking[index % talking.length];
    return { ...model, id: `model-${index}`, name: `${model?.name} ${index}` };
  });
  writeFileSync(path, JSON.stringify({ ...data, models }));
  return resources;
}

/** As an earlier start would have left it. */
async function keepDetection(dataFolder: string): Promise<void> {
  const database = await openDatabase({
    file: join(dataFolder, 'lapidary.db'),
    backupsFolder: join(dataFolder, 'backups'),
    now: Date.now,
  });
  const working = { state: 'working', missing: null, problem: null, gpus: [], detectionMs: 100 };
  const detection = {
    version: '0.0.0-bench',
    system: `${process.platform}-${process.arch}`,
    backends: { cpu: { backend: 'cpu', ...working }, metal: { backend: 'metal', ...working } },
    instructionSets: [],
    memoryBandwidth: 20e9,
    detectedAt: Date.now(),
  };
  database.machineReports.put('machine', { report: JSON.stringify(detection), madeAt: Date.now() });
  await database.close();
}
