// The frame of every spec in a real browser: one Chromium per file, and everything that a test starts ends with it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { browserOrSkip } from './find-browser.ts';
import { launchBrowser, openPage } from './page.ts';
import { ensureBuilt, removeFolder, startApp, temporaryFolder, type RunningApp } from './start-app.ts';

export interface BrowserSpec {
  readonly browser: Browser;
  /** A fresh folder that is removed after the test. */
  folder(): string;
  /** The app on `dataFolder`, or on a fresh one; ends with the test. */
  start(options?: Parameters<typeof startApp>[0]): Promise<RunningApp>;
  /** A page of its own profile at the app's one-time address. */
  open(app: RunningApp): Promise<Page>;
}

/** Skips all of it, with one line, where no browser is installed. */
export function describeInBrowser(name: string, specs: (spec: BrowserSpec) => void): void {
  const executable = browserOrSkip();
  let browser: Browser | null = null;
  const started: RunningApp[] = [];
  const folders: string[] = [];
  const spec: BrowserSpec = {
    get browser() {
      if (!browser) throw new Error('The browser runs during tests only');
      return browser;
    },
    folder() {
      const folder = temporaryFolder();
      folders.push(folder);
      return folder;
    },
    async start(options = {}) {
      const app = await startApp({ dataFolder: spec.folder(), ...options });
      started.push(app);
      return app;
    },
    open: (app) => openPage(spec.browser, app.url),
  };
  describe.skipIf(!executable)(name, () => {
    beforeAll(async () => {
      await ensureBuilt();
      browser = await launchBrowser(executable ?? '');
    });
    afterEach(async () => {
      for (const context of browser?.contexts() ?? []) await context.close();
      for (const app of started.splice(0)) await app.kill();
      folders.splice(0).forEach(removeFolder);
    });
    afterAll(() => browser?.close());
    specs(spec);
  });
}
