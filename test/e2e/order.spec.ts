// Order in the list as a person makes it: select by mouse and keyboard, file, tag, archive, delete for good, and a
// conversation that is never stored. Bugs these catch: a selection that acts on other rows, a lost way back, a lost
// focus, controls without names, a draft of a temporary conversation in the browser's storage.
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { describeInBrowser } from '../support/browser-spec.ts';
import { composer, finishedAnswer, send } from '../support/page.ts';
import type { RunningApp } from '../support/start-app.ts';

const QUESTIONS = ['Good morning!', 'Count to 5.', 'What is the capital of Italy?', 'Hello!'];

const pane = (page: Page): Locator => page.getByRole('navigation', { name: 'Conversations' });
const rows = (page: Page): Locator => pane(page).locator('[data-row]');
const row = (page: Page, title: string): Locator =>
  pane(page).getByRole('button', { name: title, exact: true });
const press = (page: Page, name: string): Promise<void> =>
  pane(page).getByRole('button', { name, exact: true }).click();

async function choose(page: Page, title: string, action: string): Promise<void> {
  await row(page, title).click({ button: 'right' });
  await page.getByRole('menuitem', { name: action }).click();
}

/** Conversations with the questions as their titles, the first one on top. */
async function seed(app: RunningApp): Promise<void> {
  const client = await app.connect();
  for (const text of QUESTIONS.toReversed()) {
    for await (const event of client.stream('chat.send', { conversationId: null, text }))
      if (event.type === 'done')
        await client.call('chat.rename', { id: event.answer.conversationId, title: text });
  }
}

describeInBrowser('order', (spec) => {
  it('is made with mouse and keyboard, each step with a way back', async () => {
    const app = await spec.start();
    await seed(app);
    const page = await spec.open(app);
    await row(page, 'Hello!').waitFor();
    expect(await pane(page).getByRole('button', { name: 'Bin' }).count()).toBe(0);

    await choose(page, 'Hello!', 'Pin');
    await pane(page).getByRole('heading', { name: 'Pinned' }).waitFor();
    await expect.poll(() => rows(page).first().innerText()).toBe('Hello!');

    await choose(page, 'Count to 5.', 'Move to folder');
    await page.getByRole('textbox', { name: 'New folder' }).fill('Numbers');
    await page.keyboard.press('Enter');
    await press(page, 'Numbers');
    await expect
      .poll(() => rows(page).allInnerTexts())
      .toEqual(['Hello!', 'Count to 5.', 'Good morning!', 'What is the capital of Italy?']);

    await row(page, 'Good morning!').dragTo(pane(page).getByRole('heading', { name: 'Numbers' }));
    await expect
      .poll(() => rows(page).allInnerTexts())
      .toEqual(['Hello!', 'Good morning!', 'Count to 5.', 'What is the capital of Italy?']);
    await row(page, 'Good morning!').dragTo(row(page, 'What is the capital of Italy?'));
    await expect.poll(async () => (await rows(page).allInnerTexts())[1]).toBe('Count to 5.');

    await row(page, 'Count to 5.').focus();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await pane(page).getByText('3 selected').waitFor();
    expect(
      await row(page, 'What is the capital of Italy?').evaluate((node) => node === document.activeElement),
    ).toBe(true);
    expect(await violations(page)).toEqual([]);
    await press(page, 'Tags…');
    await page.getByRole('textbox', { name: 'New tag' }).fill('Trip');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'Trip', checked: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await press(page, 'Trip');
    await expect.poll(() => rows(page).count()).toBe(3);
    await press(page, 'Trip');

    await row(page, 'Good morning!').click({ modifiers: ['ControlOrMeta'] });
    await row(page, 'Hello!').click({ modifiers: ['ControlOrMeta'] });
    await pane(page).getByRole('toolbar').getByRole('button', { name: 'Archive' }).click();
    await expect.poll(() => rows(page).count()).toBe(2);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(() => rows(page).count()).toBe(4);
  });

  it('ends in a bin that gives back, or deletes for ever', async () => {
    const app = await spec.start();
    await seed(app);
    const page = await spec.open(app);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await row(page, 'Hello!').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await pane(page).getByText('4 selected').waitFor();
    await page.keyboard.press('Delete');
    await expect.poll(() => rows(page).count()).toBe(0);
    await press(page, 'Bin');
    await expect.poll(() => rows(page).count()).toBe(4);
    await expect.poll(() => rows(page).first().innerText()).toContain('30 days left');
    expect(await violations(page)).toEqual([]);
    await rows(page).filter({ hasText: 'Good morning!' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Restore' }).click();
    await expect.poll(() => rows(page).count()).toBe(3);
    await press(page, 'Empty the bin');
    await page.getByRole('dialog').getByRole('button', { name: 'Empty the bin' }).click();
    await pane(page).getByText('The bin is empty').waitFor();
    await press(page, 'Bin');
    await expect.poll(() => rows(page).allInnerTexts()).toEqual(['Good morning!']);
  });

  it('knows conversations that are never stored, until one is kept', async () => {
    const app = await spec.start();
    const page = await spec.open(app);
    await composer(page).fill('What is the capital of France?');
    await page.getByRole('switch', { name: 'Temporary conversation' }).click();
    await page.getByText('this conversation is never stored').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.waitForTimeout(400);
    expect(
      await page.evaluate(() =>
        JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)]),
      ),
    ).not.toContain('capital');
    await composer(page).press('Enter');
    await finishedAnswer(page);
    await pane(page).getByRole('heading', { name: 'Temporary' }).waitFor();
    await page.getByRole('button', { name: 'Keep this conversation' }).click();
    await page.getByText('The conversation is stored from now on.').waitFor();
    await pane(page).getByRole('heading', { name: 'Today' }).waitFor();
    expect(await pane(page).getByRole('heading', { name: 'Temporary' }).count()).toBe(0);
    await send(page, 'Hello!');
    expect(await page.getByText('this conversation is never stored').count()).toBe(0);
  });
});
