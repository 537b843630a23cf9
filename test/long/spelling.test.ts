// Spelling marks as a person meets them. Bugs these catch: suggestions that can't be reached or applied by keyboard, one
// that Ctrl+Z can't take back, a mark beside its word (scrolled, or in text that runs from the right), a dictionary that
// keeps a word for ever, marks that axe complains about, a checker that asks anybody outside.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { describeInBrowser } from '../support/browser-spec.ts';
import { composer, finishedAnswer, messages, send } from '../support/page.ts';

const TEXT = 'I has a appel';

/** Waits until exactly these words are marked; a part of the text may have been checked before. */
async function waitForMarks(page: Page, words: string[]): Promise<void> {
  const marks = page.locator('[data-mark]');
  await expect.poll(() => marks.allTextContents(), { timeout: 30_000 }).toEqual(words);
}

const option = (page: Page, name: string) => page.getByRole('option', { name, exact: true });

function openPlace(page: Page, name: string): Promise<void> {
  return page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name }).click();
}

/** What is chosen after a click in the middle of a marked word. */
async function clickOn(page: Page, word: string): Promise<string> {
  const box = await page.locator('[data-mark]').filter({ hasText: word }).boundingBox();
  if (!box) throw new Error(`${word} is not drawn`);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  return composer(page).evaluate((node) => {
    const { value, selectionStart } = node as HTMLTextAreaElement;
    const before = /\S*$/.exec(value.slice(0, selectionStart))?.[0] ?? '';
    return before + (/^\S*/.exec(value.slice(selectionStart))?.[0] ?? '');
  });
}

describeInBrowser('spelling marks', (spec) => {
  it('are found, mended and taken back by keyboard; own words come and go; nobody outside is asked', async () => {
    const app = await spec.start();
    const page = await spec.open(app);
    const foreign: string[] = [];
    const complaints: string[] = [];
    const { origin } = new URL(app.url);
    const note = (url: string): void => {
      if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) foreign.push(url);
    };
    page.context().on('request', (request) => note(request.url()));
    page.on('websocket', (socket) => note(socket.url().replace(/^ws/, 'http')));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.reload();
    await composer(page).waitFor();
    expect(page.workers(), 'nobody has written yet').toEqual([]);

    await composer(page).pressSequentially(TEXT);
    await waitForMarks(page, ['has', 'a', 'appel']);
    expect(page.workers()).toHaveLength(1);
    await composer(page).press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+.');
    await option(page, 'have').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), `${colorScheme}, with suggestions`).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'detached' });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), `${colorScheme}, with marks`).toEqual([]);
    }

    await page.keyboard.press('Control+.');
    await option(page, 'have').waitFor();
    while ((await option(page, 'have').getAttribute('aria-selected')) !== 'true')
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await composer(page).inputValue()).toBe('I have a appel');
    expect(await messages(page).count(), 'Enter was for the suggestion').toBe(0);
    await page.keyboard.press('Control+z');
    expect(await composer(page).inputValue()).toBe(TEXT);
    await waitForMarks(page, ['has', 'a', 'appel']);

    await composer(page).press('End');
    await page.keyboard.press('Control+.');
    await option(page, 'Add to dictionary').waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await waitForMarks(page, ['has', 'a']);

    await openPlace(page, 'Settings');
    await page.getByRole('button', { name: 'Remove “appel” from your own words' }).click();
    await page.getByText('None yet.').waitFor();
    expect(await violations(page)).toEqual([]);
    await openPlace(page, 'Chat');
    await composer(page).press('End');
    await page.keyboard.type('.');
    await waitForMarks(page, ['has', 'a', 'appel']);
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  it('lie on their words in scrolled text, in narrow windows and where text runs from the right', async () => {
    const page = await spec.open(await spec.start());
    const filler = 'This is a line that is long enough to be broken into several of them in a small window. ';
    await composer(page).fill(`${filler.repeat(3)}\n\n`.repeat(15));
    await composer(page).pressSequentially('We eat an appel after the work.');
    await waitForMarks(page, ['appel']);
    expect(await clickOn(page, 'appel')).toBe('appel');
    await page.setViewportSize({ width: 480, height: 700 });
    await page.waitForTimeout(200);
    expect(await clickOn(page, 'appel')).toBe('appel');

    await composer(page).fill('שלום לכולם, זה רק משפט אחד\n');
    await composer(page).pressSequentially('We eat an appel after the work.');
    await waitForMarks(page, ['appel']);
    expect(await clickOn(page, 'appel')).toBe('appel');
  });

  it('are there in a message being edited, and nowhere when they are off', async () => {
    const page = await spec.open(await spec.start());
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    await messages(page).first().getByRole('button', { name: 'Edit' }).click();
    const editor = page.getByRole('textbox', { name: 'Your message', exact: true });
    await editor.fill('');
    await editor.pressSequentially(TEXT);
    await waitForMarks(page, ['has', 'a', 'appel']);
    await page.keyboard.press('Control+.');
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('Escape');
    expect(await editor.inputValue(), 'Escape was for the suggestions').toBe(TEXT);
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'detached' });

    await openPlace(page, 'Settings');
    await page.getByRole('combobox', { name: 'Spelling marks' }).selectOption('off');
    await openPlace(page, 'Chat');
    await composer(page).pressSequentially(TEXT);
    await page.waitForTimeout(1_500);
    expect(await page.locator('[data-mark]').count()).toBe(0);
    expect(await composer(page).evaluate((field) => (field as HTMLTextAreaElement).spellcheck)).toBe(false);
  });
});
