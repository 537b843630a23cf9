// An answer belongs to the host, not to the window: what a window misses it gets when it is back.
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser-spec.ts';
import { messages, send } from '../support/page.ts';
import { PACED_APP } from '../support/start-app.ts';

describeInBrowser('a window', (spec) => {
  it('that is reloaded in the middle of an answer joins it again and shows all of it', async () => {
    const page = await spec.open(await spec.start({ entry: PACED_APP }));
    await send(page, 'Write something long.');
    const live = page.locator('article[aria-busy="true"]');
    await live.getByRole('table').first().waitFor();
    await page.reload();
    await page.locator('[data-row]').first().click();
    await live.waitFor();
    await expect.poll(() => live.innerText()).toMatch(/^(Answer\s+)?A heading/);
    const before = (await live.innerText()).length;
    await expect.poll(async () => (await live.innerText()).length).toBeGreaterThan(before);
    await live.waitFor({ state: 'detached', timeout: 30_000 });
    // 1,200 tokens are a good seven rounds of the same text: one heading each, none missing, none twice.
    const headings = await messages(page).last().getByRole('heading', { name: 'A heading' }).count();
    const tables = await messages(page).last().getByRole('table').count();
    expect(headings).toBeGreaterThan(5);
    expect(headings - tables).toBeLessThanOrEqual(1);
  });

  it('that is opened a second time sees the same conversation grow', async () => {
    const app = await spec.start({ entry: PACED_APP });
    const page = await spec.open(app);
    await send(page, 'Write something long.');
    const second = await page.context().newPage();
    await second.goto(new URL('/', app.url).href);
    await second.locator('[data-row]').first().click();
    await second.locator('article[aria-busy="true"]').getByRole('table').first().waitFor();
  });
});
