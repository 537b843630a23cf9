// Branches as a person uses them: edit a question, go back to the first version, see all branches, remove one and take
// it back. Bugs these catch: a lost focus, a version that jumps out of sight, an edit that overwrites.
import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser-spec.ts';
import { editQuestion, finishedAnswer, messages, send } from '../support/page.ts';

const texts = async (page: Page): Promise<string> => (await messages(page).allInnerTexts()).join('\n');

describeInBrowser('branches', (spec) => {
  it('begin with an edit, are gone through by keyboard, and come back after being removed', async () => {
    const page = await spec.open(await spec.start());
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);

    await editQuestion(page, 'What is the capital of Italy?');
    await messages(page).getByText('The capital of Italy is Rome.').waitFor();
    await finishedAnswer(page);

    const versions = messages(page).first().getByRole('group', { name: 'Versions of this message' });
    await versions.getByRole('button', { name: 'Previous version' }).focus();
    await page.keyboard.press('Enter');
    await messages(page).getByText('The capital of France is Paris.').waitFor();
    const next = versions.getByRole('button', { name: 'Next version' });
    await expect.poll(() => next.evaluate((button) => button === document.activeElement)).toBe(true);

    await versions.getByRole('button', { name: 'Version 1/2. Show all branches' }).click();
    const dialog = page.getByRole('dialog', { name: 'Branches of this conversation' });
    await dialog.getByRole('button').filter({ hasText: 'capital of Italy' }).click();
    await messages(page).getByText('The capital of Italy is Rome.').waitFor();

    await messages(page).first().getByRole('button', { name: 'More for your message' }).click();
    await page.getByRole('menuitem', { name: 'Remove from here on' }).click();
    await messages(page).getByText('The capital of France is Paris.').waitFor();
    expect(await texts(page)).not.toContain('1/2');
    await page.getByRole('button', { name: 'Undo' }).click();
    await messages(page).getByText('The capital of Italy is Rome.').waitFor();
    expect(await texts(page)).toContain('2/2');
  });

  it("keep the person's own words for an answer, and fork into a new conversation", async () => {
    const page = await spec.open(await spec.start());
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    const answer = messages(page).last();
    await answer.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'The answer' }).fill('It is **Lyon**.');
    await page.getByRole('button', { name: 'Keep as a version' }).click();
    await messages(page).getByText('Edited by you').waitFor();
    await messages(page).last().getByRole('button', { name: 'More for this answer' }).click();
    await page.getByRole('menuitem', { name: 'Go on in a new conversation' }).click();
    await page.getByText('You are in a new conversation now.').waitFor();
    expect(await page.getByRole('navigation', { name: 'Conversations' }).locator('[data-row]').count()).toBe(
      2,
    );
    expect(await texts(page)).toContain('It is Lyon.');
  });
});
