// The same promise in the desktop window, where Electron's runtime is there. What a double can't prove: that the real
// one isolates the page, hands it its port, runs the engine and comes back after a restart.
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { presentRuntime } from '../../src-main/hosts/desktop-runtime.ts';
import { ROOT } from '../../src-main/hosts/places.ts';
import { composer, finishedAnswer, send } from '../support/page.ts';
import { ensureBuilt, removeFolder, temporaryFolder } from '../support/start-app.ts';

const runtime = presentRuntime();
const visible = process.platform !== 'linux' || !!(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
if (!runtime)
  console.warn('Electron’s runtime is not here: the desktop specs are skipped ("npx install-electron").');
else if (!visible)
  console.warn('There is no display here: the desktop specs are skipped ("xvfb-run" makes one).');

describe.skipIf(!runtime || !visible)('the desktop app', () => {
  let app: ElectronApplication | null = null;
  const folders: string[] = [];

  beforeAll(ensureBuilt);
  afterEach(async () => {
    await app?.close();
    app = null;
    folders.splice(0).forEach(removeFolder);
  });

  function newFolder(): string {
    const folder = temporaryFolder();
    folders.push(folder);
    return folder;
  }

  async function open(folder: string): Promise<Page> {
    const { ELECTRON_RUN_AS_NODE: _unwanted, ...environment } = process.env;
    app = await _electron.launch({
      executablePath: runtime ?? '',
      args: [ROOT],
      env: { ...(environment as Record<string, string>), LAPIDARY_DATA_FOLDER: folder },
    });
    const page = await app.firstWindow();
    await composer(page).waitFor();
    return page;
  }

  it('answers, quits, and still has the conversation after a restart', async () => {
    const folder = newFolder();
    const page = await open(folder);
    await send(page, 'What is the capital of France?');
    expect(await finishedAnswer(page)).toContain('The capital of France is Paris.');
    await app?.close();
    const again = await open(folder);
    await again.locator('[data-row]').first().click();
    expect(await finishedAnswer(again)).toContain('The capital of France is Paris.');
  });

  it('gives the page nothing of Node or Electron, and no way out', async () => {
    const page = await open(newFolder());
    expect(page.url()).toBe('app://lapidary/');
    const reached = await page.evaluate(async () => ({
      node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in globalThis),
      network: await fetch('https://example.com/').then(
        () => 'answered',
        () => 'refused',
      ),
      file: await fetch('app://lapidary/..%2f..%2fpackage.json').then(({ status }) => status),
      opened: window.open('https://example.com/') !== null,
      secure: window.isSecureContext,
    }));
    expect(reached).toEqual({ node: [], network: 'refused', file: 404, opened: false, secure: true });
    await page.evaluate(() => window.location.assign('https://example.com/'));
    await page.waitForTimeout(300);
    expect(page.url()).toBe('app://lapidary/');
    expect(app?.windows()).toHaveLength(1);
  });

  it('connects again when the page is loaded anew', async () => {
    const page = await open(newFolder());
    await page.reload();
    await composer(page).waitFor();
    await send(page, 'What is 7 plus 8?');
    expect(await finishedAnswer(page)).toContain('15');
  });
});
