// Two processes on one database would overwrite each other's work; the second start has to find the first.
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser-spec.ts';
import { finishedAnswer, messages, openPage, send } from '../support/page.ts';

describeInBrowser('a second start', (spec) => {
  it('opens the app that is running already, with a new address', async () => {
    const app = await spec.start();
    const page = await spec.open(app);
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    const second = await spec.start({ dataFolder: app.dataFolder });
    expect(second.logs()).toContain('Lapidary is already running');
    expect(new URL(second.url).port).toBe(new URL(app.url).port);
    expect(second.url).not.toBe(app.url);
    const other = await openPage(spec.browser, second.url);
    await other.locator('[data-row]').first().click();
    await messages(other).last().getByText('The capital of France is Paris.').waitFor();
  });

  it('works again after the first was killed', async () => {
    const app = await spec.start();
    await app.kill('SIGKILL');
    await spec.open(await spec.start({ dataFolder: app.dataFolder }));
  });
});
