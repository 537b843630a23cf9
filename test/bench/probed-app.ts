// The built app with a probe in its host process and a page in Chromium, for figures of the whole path.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Contract } from '#contract/index.ts';
import type { Client } from '#rpc/client.ts';
import { findBrowser } from '../support/find-browser.ts';
import { launchBrowser, openPage } from '../support/page.ts';
import { removeFolder, startApp, temporaryFolder, type RunningApp } from '../support/start-app.ts';

const PROBE = new URL('probe.mjs', import.meta.url).href;

export interface Probe {
  p999Ms: number;
  maxMs: number;
  rssBytes: number;
}

/** Begins to measure the host, or ends it and tells what it went through. POSIX only: it is asked for by a signal. */
export async function readProbe(app: RunningApp): Promise<Probe> {
  const file = join(app.dataFolder, 'probe.json');
  rmSync(file, { force: true });
  process.kill(app.pid, 'SIGUSR2');
  for (let waited = 0; waited < 5_000; waited += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Probe;
    } catch {
      // Not written yet, or only half.
    }
  }
  throw new Error('The probe did not answer');
}

export function startProbedApp(dataFolder: string, entry?: string): Promise<RunningApp> {
  return startApp({
    dataFolder,
    nodeArguments: ['--import', PROBE],
    environment: { LAPIDARY_BENCH_PROBE: join(dataFolder, 'probe.json') },
    ...(entry && { entry }),
  });
}

export interface Measured {
  app: RunningApp;
  page: Page;
  client: Client<Contract>;
  browser: Browser;
}

/** Starts all of it on `dataFolder`, or on a fresh one, runs `work`, and takes everything down again. */
export async function withPage(
  work: (measured: Measured) => Promise<void>,
  { dataFolder = temporaryFolder(), entry }: { dataFolder?: string; entry?: string } = {},
): Promise<void> {
  const browser = await launchBrowser(requireBrowser());
  const app = await startProbedApp(dataFolder, entry);
  try {
    const page = await openPage(browser, app.url);
    await work({ app, page, browser, client: await app.connect() });
  } finally {
    await browser.close();
    await app.kill();
    removeFolder(dataFolder);
  }
}

export function requireBrowser(): string {
  const browser = findBrowser();
  if (!browser) throw new Error('This area needs Chrome, Edge or Chromium; LAPIDARY_BROWSER can name one.');
  return browser;
}
