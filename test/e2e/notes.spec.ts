// A conversation that outgrows what its model can see, with a note for what leaves the view, in a real browser. Bugs
// these catch: a choice that does nothing, a note that cannot be reached or changed by keyboard, words that a reload
// loses, a card that does not fit or has no name, a focus that is lost with the button that had it.
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { describeInBrowser } from '../support/browser-spec.ts';
import { finishedAnswer, messages, send } from '../support/page.ts';

const card = (page: Page): Locator =>
  page.getByRole('region', { name: 'What the model knows of the messages above' });
const gone = (page: Page): Locator =>
  page.getByRole('region', { name: 'The model knows nothing of the messages above: you removed its note' });

async function openMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /^How answers are to be/u }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Asks until not all fits any more. */
async function outgrow(page: Page, sign: Locator): Promise<void> {
  for (let question = 1; question <= 7 && (await sign.count()) === 0; question++) {
    await send(page, 'Count to 60.');
    await expect.poll(() => messages(page).count()).toBeGreaterThanOrEqual(Math.min(question * 2, 6));
    await finishedAnswer(page);
  }
  await sign.waitFor();
}

describeInBrowser('what the model no longer sees', (spec) => {
  it('has a note where one chose that: read, changed, sent along, removed and brought back', async () => {
    const app = await spec.start();
    await (await app.connect()).call('settings.change', { contextSize: 512 });
    const page = await spec.open(app);
    await openMenu(page, 'Adjust for this conversation…');
    await page.getByRole('radio', { name: 'A note stands for the oldest messages' }).check();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    await outgrow(page, card(page));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await violations(page)).toEqual([]);
    }

    await card(page).getByRole('button', { name: 'Edit the note' }).press('Enter');
    const field = card(page).getByRole('textbox', { name: 'The note' });
    await field.fill('They count sheep.');
    expect(await violations(page)).toEqual([]);
    await field.press('ControlOrMeta+Enter');
    await card(page).getByText('They count sheep.').waitFor();
    await expect.poll(() => focusedName(page)).toBe('Edit the note');
    await page.reload();
    await card(page).getByText('They count sheep.').waitFor();
    expect(await card(page).innerText()).toContain('Edited by you');
    await send(page, 'What is the capital of Italy?');
    expect(await finishedAnswer(page)).toContain('Rome');
    await openMenu(page, 'What the model sees…');
    const view = page.getByRole('dialog', { name: 'What the model sees' });
    await view.getByText('They count sheep.').waitFor();
    expect(await view.innerText()).toContain('The note of older messages stands in front of the first one.');
    await page.keyboard.press('Escape');

    await card(page).getByRole('button', { name: 'Remove the note' }).press('Enter');
    await gone(page).waitFor();
    await expect.poll(() => focusedName(page)).toBe('Bring the note back');
    await page.keyboard.press('Enter');
    await card(page).getByText('They count sheep.').waitFor();
    await expect.poll(() => focusedName(page)).toBe('Edit the note');
    await card(page).getByRole('button', { name: 'Make again: the note' }).press('Enter');
    await page.getByText('The note was made again.').waitFor();
    expect(await card(page).innerText()).not.toContain('They count sheep.');

    await page.setViewportSize({ width: 640, height: 480 });
    const box = (await card(page).boundingBox())!;
    expect(box.x + box.width).toBeLessThanOrEqual(640);
  });

  it('has a line where one chose nothing, with the way to the choice', async () => {
    const app = await spec.start();
    await (await app.connect()).call('settings.change', { contextSize: 512 });
    const page = await spec.open(app);
    const line = page.getByText('no longer sees what is above');
    await outgrow(page, line);
    expect(await card(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Change what becomes of older messages' }).press('Enter');
    await page.getByRole('radio', { name: 'The oldest messages leave its view' }).waitFor();
  });
});

function focusedName(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    return focused?.getAttribute('aria-label') ?? focused?.textContent?.trim();
  });
}
