// The promise in one walk: start, ask, see it stream, stop, pull the plug, start again, still there.
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser-spec.ts';
import { finishedAnswer, messages, send } from '../support/page.ts';
import { PACED_APP } from '../support/start-app.ts';

describeInBrowser('a conversation', (spec) => {
  it('is answered by the demo model, and is still there after the process was killed', async () => {
    const app = await spec.start();
    const page = await spec.open(app);
    await send(page, 'What is the capital of France?');
    expect(await finishedAnswer(page)).toContain('The capital of France is Paris.');
    await page.getByText('Capital of France', { exact: true }).first().waitFor();
    await page.context().close();
    await app.kill('SIGKILL');

    const again = await spec.open(await spec.start({ dataFolder: app.dataFolder }));
    await again.locator('[data-row]').first().click();
    await messages(again).last().waitFor();
    expect(await messages(again).allInnerTexts()).toEqual([
      expect.stringContaining('What is the capital of France?'),
      expect.stringContaining('The capital of France is Paris.'),
    ]);
    await send(again, 'What is 7 plus 8?');
    expect(await finishedAnswer(again)).toContain('7 + 8 = 15.');
  });

  it('streams, and keeps what is written when it is stopped', async () => {
    const page = await spec.open(await spec.start({ entry: PACED_APP }));
    await send(page, 'Write something long.');
    const live = page.locator('article[aria-busy="true"]');
    await live.getByText('Some bold words').waitFor();
    const early = (await live.innerText()).length;
    await expect.poll(async () => (await live.innerText()).length).toBeGreaterThan(early);
    await live.getByRole('table').first().waitFor();
    await page.getByRole('button', { name: 'Stop the answer' }).click();
    const kept = await finishedAnswer(page);
    expect(kept).toContain('Some bold words');
    expect(kept).toContain('You stopped this answer.');
    await page.reload();
    await page.locator('[data-row]').first().click();
    await messages(page).last().getByText('You stopped this answer.').waitFor();
    expect(await messages(page).last().innerText()).toContain('Some bold words');
  });

  it('keeps the half-written answer when the process is killed in the middle of it', async () => {
    const app = await spec.start({ entry: PACED_APP });
    const page = await spec.open(app);
    await send(page, 'Write something long.');
    await page.locator('article[aria-busy="true"]').getByRole('table').first().waitFor();
    await page.waitForTimeout(600);
    await app.kill('SIGKILL');
    await page.context().close();
    const again = await spec.open(await spec.start({ dataFolder: app.dataFolder, entry: PACED_APP }));
    await again.locator('[data-row]').first().click();
    await messages(again).last().getByText('This answer was cut off').waitFor();
    await messages(again).last().getByRole('table').first().waitFor();
  });
});
