// Every page and dialog of the Models place, in every state that the preview knows, by the rules of axe and in both
// themes: catches a lost name, a faint colour or a broken table in a state that no usual path comes to. And what has the
// focus when the row or button that had it goes away.
import type { Browser, Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { browserOrSkip } from '../support/find-browser.ts';
import { launchBrowser } from '../support/page.ts';
import { placeScenes } from '../support/preview/place-scenes.ts';
import { removeFolder, temporaryFolder } from '../support/start-app.ts';

const executable = browserOrSkip();
const SETTLED_AFTER_MS = 300;
const CONFIG = new URL('../support/preview/vite.config.ts', import.meta.url).pathname;

describe.skipIf(!executable)('the Models place', () => {
  const outDir = temporaryFolder();
  let server: PreviewServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const shared = { configFile: CONFIG, logLevel: 'error', build: { outDir, emptyOutDir: true } } as const;
    await build(shared);
    server = await preview({ ...shared, preview: { host: '127.0.0.1', port: 0 } });
    browser = await launchBrowser(executable ?? '');
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, reducedMotion: 'reduce' });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    removeFolder(outDir);
  });

  it.each(Object.keys(placeScenes))('%s', async (name) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await show(name);
    await page.waitForTimeout(SETTLED_AFTER_MS);
    expect(await violations(page)).toEqual([]);
    // Only the colours are others.
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(SETTLED_AFTER_MS);
    expect(await violations(page, ['color-contrast'])).toEqual([]);
  });

  it('keeps the focus when a download is moved, paused and taken away by keys', async () => {
    await show('downloads');
    await pressKeys(/^Place of Gemma 4 31B/, 'ArrowDown');
    await expect.poll(focused).toMatch(/^Place of Gemma 4 31B in the queue: 3/);
    await pressKeys('Pause Gemma 4 12B', 'Enter');
    await expect.poll(focused).toBe('Go on with Gemma 4 12B');
    await pressKeys('Take Gemma 2B off this list', 'Enter');
    await expect.poll(focused).toBe('Downloads');
  });

  it('comes back to the row of a model after its terms and the account', async () => {
    await show('account');
    await page.getByLabel('Access token').fill('hf_made_up');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Show the download of Gemma 3 4B: Waiting');
  });

  async function show(name: string): Promise<void> {
    await page.goto('about:blank');
    await page.goto(`${server.resolvedUrls?.local[0]}?scene=${name}`);
    await page.waitForFunction((wanted) => document.documentElement.dataset['scene'] === wanted, name);
  }

  async function pressKeys(name: string | RegExp, key: string): Promise<void> {
    await page.getByRole('button', { name }).press(key);
  }

  function focused(): Promise<string | null> {
    return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
  }
});

/** By all rules, or by those named. */
