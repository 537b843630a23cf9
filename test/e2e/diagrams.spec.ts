// Diagrams in answers, drawn when someone asks. Bugs these catch: one that is drawn unasked, that runs or loads what the
// model wrote, that the page's policy keeps from being drawn, and code that is gone because it was no diagram.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { describeInBrowser } from '../support/browser-spec.ts';
import { finishedAnswer, messages, send } from '../support/page.ts';

/** The answer in a person's own words, which may be any Markdown. */
async function answerWith(page: Page, markdown: string): Promise<void> {
  const answer = messages(page).last();
  await answer.hover();
  await answer.getByRole('button', { name: 'Edit' }).click();
  await answer.locator('textarea').fill(markdown);
  await page.getByRole('button', { name: 'Keep as a version' }).click();
}

const fenced = (source: string): string => `\`\`\`mermaid\n${source}\n\`\`\``;

describeInBrowser('diagrams', (spec) => {
  it('are drawn when asked for, as images that load and run nothing', async () => {
    const page = await spec.open(await spec.start());
    const origin = new URL(page.url()).origin;
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !/^(blob|data):/.test(url)) elsewhere.push(url);
    });
    page.on('dialog', () => elsewhere.push('a dialog'));
    await send(page, 'Hello!');
    await finishedAnswer(page);
    const hostile = '<img src="https://example.com/a.png" onerror="alert(1)">';
    await answerWith(
      page,
      fenced(`flowchart TD\n  A[Start] --> B["${hostile}"]\n  click A href "https://example.com"`),
    );
    const draw = page.getByRole('button', { name: 'Draw the diagram' });
    await draw.waitFor();
    expect(await page.getByRole('img', { name: 'Diagram' }).count()).toBe(0);
    await draw.press('Enter');
    const image = page.getByRole('img', { name: 'Diagram' });
    await image.waitFor();
    expect(await image.evaluate((each) => (each as HTMLImageElement).naturalWidth)).toBeGreaterThan(50);
    expect(await messages(page).last().locator('svg a').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await draw.press('Enter');
    await page.getByText('flowchart TD').waitFor();
    expect(elsewhere).toEqual([]);
  });

  it('that are none stay code, and say so', async () => {
    const page = await spec.open(await spec.start());
    await send(page, 'Hello!');
    await finishedAnswer(page);
    await answerWith(page, fenced('nothing that can be drawn'));
    await page.getByRole('button', { name: 'Draw the diagram' }).click();
    await page.getByText('This can’t be drawn').waitFor();
    await page.getByText('nothing that can be drawn').waitFor();
  });
});
