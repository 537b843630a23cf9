// A person looks after model files in a real window on the real app: adds, finds, exports, moves and removes them.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, type BrowserSpec } from '../support/browser-spec.ts';
import { TINY_MODEL } from '../support/gguf-files.ts';

const NAME = 'Tiny Gemma Test Chat';

describeInBrowser('your models', (spec) => {
  it('are added, exported, moved to another folder and deleted', async () => {
    const { page, dataFolder, home } = await open(spec);
    const own = join(home, 'own.gguf');
    copyFileSync(TINY_MODEL, own);
    await press(page, 'Add a model');
    await page.getByLabel('Path of the file').fill(own);
    await press(page, 'Check the file');
    await page.getByLabel('Copy it into the models folder').check();
    await press(page, 'Add');
    await row(page).waitFor();
    expect(readdirSync(join(dataFolder, 'models'))).toContain('own.gguf');

    const stick = join(home, 'stick');
    mkdirSync(stick);
    await act(page, 'Export…');
    await page.getByLabel('Folder or USB disk').fill(stick);
    await press(page, 'Export');
    await page.getByText(`${NAME} was exported to`).waitFor();
    expect(readdirSync(stick).toSorted()).toEqual(['own.gguf', 'own.gguf.lapidary.json']);

    // A folder with other things in it gets one of ours inside.
    await press(page, 'Move the models folder');
    await page.getByLabel('New place').fill(stick);
    await press(page, 'Move');
    await page.getByText('The models are in').waitFor();
    const moved = join(stick, 'Lapidary models');
    expect(readFileSync(join(moved, 'own.gguf')).equals(readFileSync(TINY_MODEL))).toBe(true);
    expect(existsSync(join(dataFolder, 'models', 'own.gguf'))).toBe(false);
    await page.getByText(moved, { exact: true }).waitFor();

    await act(page, 'Remove…');
    await press(page, 'Remove and delete the file');
    await row(page).waitFor({ state: 'detached' });
    expect(readdirSync(moved)).toEqual([]);
    expect(existsSync(own)).toBe(true);
  });

  it('of another app are found and used where they lie', async () => {
    const { page, home } = await open(spec);
    const folder = join(home, '.lmstudio/models/maker/tiny-GGUF');
    mkdirSync(folder, { recursive: true });
    copyFileSync(TINY_MODEL, join(folder, 'tiny-Q8_0.gguf'));
    await press(page, 'Already have models?');
    await page.getByRole('heading', { name: 'LM Studio' }).waitFor();
    await press(page, 'Add tiny-Q8_0');
    await page.getByText('In your list').waitFor();
    await page.keyboard.press('Escape');
    await row(page).getByText('Used where it lies').waitFor();
    await row(page)
      .getByRole('button', { name: `Load ${NAME}` })
      .click();
    await row(page).getByText('Loaded').waitFor();
  });

  it('can’t be dropped where a browser hides their places, which is said', async () => {
    const { page } = await open(spec);
    const files = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['GGUF'], 'model.gguf'));
      return data;
    });
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: files });
    await page.getByText('Drop to add').waitFor();
    await page.dispatchEvent('main', 'drop', { dataTransfer: files });
    await page.getByText('does not tell Lapidary where a dropped file lies').waitFor();
    await page.getByText('Drop to add').waitFor({ state: 'detached' });
  });
});

async function open(spec: BrowserSpec): Promise<{ page: Page; dataFolder: string; home: string }> {
  const home = spec.folder();
  const app = await spec.start({ environment: { HOME: home, USERPROFILE: home, XDG_CACHE_HOME: home } });
  const page = await spec.open(app);
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Models' }).click();
  await page.getByText('Models folder').waitFor();
  return { page, dataFolder: app.dataFolder, home };
}

function row(page: Page): Locator {
  return page.getByRole('listitem').filter({ hasText: NAME });
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click();
}

async function act(page: Page, action: string): Promise<void> {
  await press(page, `More actions for ${NAME}`);
  await page.getByRole('menuitem', { name: action }).click();
}
