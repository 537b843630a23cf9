// Two answers side by side as a person uses them: by keyboard, through a reload, stopped, and on a narrow page. Bugs
// these catch: a pair that is gone after a reload, a kept answer that does not go on, columns that don't fit, a control
// without a name.
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { describeInBrowser } from '../support/browser-spec.ts';
import { composer, finishedAnswer, messages, send } from '../support/page.ts';
import { PACED_APP } from '../support/start-app.ts';

const pair = (page: Page): Locator => page.getByRole('region', { name: 'Which answer do you keep?' });
const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Compare two answers' });

/** Asks both sides; the right one under another preset. */
async function compare(page: Page, question: string): Promise<void> {
  await composer(page).fill(question);
  await page.getByRole('button', { name: /^How answers are to be/u }).click();
  await page.getByRole('menuitem', { name: 'Compare two answers…' }).click();
  await dialog(page).getByRole('textbox', { name: 'Question' }).waitFor();
  await dialog(page).getByRole('group', { name: 'Right' }).getByLabel('Preset').selectOption('Precise');
  await dialog(page).getByRole('button', { name: 'Compare', exact: true }).click();
  await pair(page).waitFor();
}

const keep = (page: Page, side: 'left' | 'right'): Locator =>
  pair(page).getByRole('button', { name: `Keep this one: the ${side} answer` });

describeInBrowser('comparing two answers', (spec) => {
  it('shows both, also after a reload, and goes on with the one that is kept', async () => {
    const page = await spec.open(await spec.start());
    await compare(page, 'What is the capital of France?');
    await keep(page, 'left').waitFor();
    await keep(page, 'right').waitFor();
    const right = pair(page).getByRole('article', { name: /^Right/u });
    expect(await right.innerText()).toMatch(/Precise[\s\S]*tokens per second, first word after/u);
    expect(await page.getByText('Keep one of the two answers to go on.').count()).toBe(1);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(300);
      expect(await violations(page)).toEqual([]);
    }

    await page.reload();
    await right.getByRole('button', { name: 'Details' }).press('Enter');
    await right.getByText('Say when you are not sure').waitFor();
    await keep(page, 'right').press('Enter');
    await pair(page).waitFor({ state: 'detached' });
    expect(await messages(page).last().innerText()).toContain('2/2');
    await expect.poll(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'How answers are to be: Precise' }).waitFor();
    await send(page, 'What is the capital of Italy?');
    await finishedAnswer(page);
    expect(await messages(page).count()).toBe(4);
  });

  it('asks a question again from its menu, with a dialog that axe finds nothing in', async () => {
    const page = await spec.open(await spec.start());
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    await messages(page).first().hover();
    await messages(page).first().getByRole('button', { name: 'More for your message' }).click();
    await page.getByRole('menuitem', { name: 'Compare two answers…' }).click();
    await dialog(page).getByText('What is the capital of France?').waitFor();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.waitForTimeout(300);
    expect(await violations(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Compare', exact: true }).click();
    await keep(page, 'right').waitFor();
    await keep(page, 'left').click();
    await messages(page).last().getByText('2/3').waitFor();
  });

  it('stops both with Escape, and stands one below the other where it is narrow', async () => {
    const page = await spec.open(await spec.start({ entry: PACED_APP }));
    await page.setViewportSize({ width: 640, height: 700 });
    await compare(page, 'Tell me all of it.');
    const left = pair(page).getByRole('article', { name: /^Left/u });
    const right = pair(page).getByRole('article', { name: /^Right/u });
    await left.getByText('first', { exact: true }).first().waitFor();
    await right.getByText('Comes next, when the left answer is done.').waitFor();
    const [one, other] = [await left.boundingBox(), await right.boundingBox()];
    expect(other!.y).toBeGreaterThanOrEqual(one!.y + one!.height);
    expect(other!.x + other!.width).toBeLessThanOrEqual(640);
    await page.keyboard.press('Escape');
    await keep(page, 'left').waitFor();
    expect(await pair(page).getByText('You stopped this answer.').count()).toBe(2);
    expect(await left.innerText()).toContain('A heading');
  });
});
