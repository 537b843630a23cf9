// Finding something again as a person does: by a word of another branch, by keyboard, after a reload, and in the open
// conversation. Bugs these catch: a hit that opens at the end of the wrong branch, marks that miss, a lost focus.
import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser-spec.ts';
import { composer, editQuestion, finishedAnswer, messages, send } from '../support/page.ts';

const focused = (page: Page, name: string): Promise<boolean> =>
  page.getByRole('textbox', { name, exact: true }).evaluate((field) => field === document.activeElement);
/** The highlighted words, and the chosen one among them. */
const marked = (page: Page): Promise<{ found: string[]; chosen: string[] }> =>
  page.evaluate(() => {
    const texts = (name: string): string[] =>
      [...(CSS.highlights.get(name) ?? [])].map((range) => (range as Range).toString());
    return { found: texts('lapidary-found'), chosen: texts('lapidary-chosen') };
  });

describeInBrowser('search', (spec) => {
  it('finds a message of another branch, opens it there, and again after a reload', async () => {
    const page = await spec.open(await spec.start());
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    await editQuestion(page, 'What is the capital of Italy?');
    await messages(page).getByText('The capital of Italy is Rome.').waitFor();
    await finishedAnswer(page);

    await page.keyboard.press('Control+Shift+f');
    await expect.poll(() => focused(page, 'Search everything')).toBe(true);
    await page.keyboard.type('paris');
    const hit = page.getByRole('button', { name: /The capital of France is Paris\. Answer/ });
    await hit.waitFor();
    await page.getByRole('button', { name: 'Written by' }).click();
    await page.getByRole('menuitemradio', { name: 'You' }).click();
    await page.getByRole('button', { name: 'Search without filters' }).click();
    await hit.waitFor();
    await page.getByRole('textbox', { name: 'Search everything' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await messages(page).getByText('The capital of France is Paris.').waitFor();
    await page.locator('[data-found]').getByText('Paris').waitFor();

    await page.reload();
    await page.locator('[data-found]').getByText('Paris').waitFor();
  });

  it('finds in the open conversation, goes around by Enter and gives the focus back', async () => {
    const page = await spec.open(await spec.start());
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    await composer(page).focus();
    await page.keyboard.press('Control+f');
    await expect.poll(() => focused(page, 'Find in this conversation')).toBe(true);
    await page.keyboard.type('CAPÍTAL of');
    await page.getByText('1 of 2').waitFor();
    await expect
      .poll(() => marked(page))
      .toEqual({ found: ['capital of', 'capital of'], chosen: ['capital of'] });
    await page.keyboard.press('Enter');
    await page.getByText('2 of 2').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 2').waitFor();
    await page.keyboard.press('Shift+Enter');
    await page.getByText('2 of 2').waitFor();
    await page.keyboard.type('x');
    await page.getByText('Not found').waitFor();
    await page.keyboard.press('Escape');
    expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
    expect((await marked(page)).found).toEqual([]);
  });
});
