// Every page in both themes by the rules of axe (WCAG 2.2 AA and good practice): catches a lost name, a faint colour, a
// broken landmark before someone who depends on them does.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { describeInBrowser } from '../support/browser-spec.ts';
import { composer, finishedAnswer, send } from '../support/page.ts';

const PAGES: Record<string, (page: Page) => Promise<void>> = {
  'an empty chat': (page) => composer(page).waitFor(),
  async 'a conversation'(page) {
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
  },
  async 'the palette'(page) {
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').waitFor();
  },
  async 'what was found'(page) {
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('capital');
    await page.getByText('1 of 2').waitFor();
    await page.keyboard.press('Control+Shift+f');
    await page.keyboard.type('capital');
    await page.getByText('2 messages in 1 conversation').waitFor();
  },
  models: (page) => goTo(page, 'Models'),
  async 'the catalogue'(page) {
    await goTo(page, 'Models');
    await page.getByRole('button', { name: 'Catalogue', exact: true }).click();
    await page.getByRole('table').waitFor();
  },
  settings: (page) => goTo(page, 'Settings'),
};

describeInBrowser('axe finds nothing', (spec) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it.each(Object.keys(PAGES))(`on %s, ${colorScheme}`, async (name) => {
      const page = await spec.open(await spec.start());
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await PAGES[name]?.(page);
      await page.waitForTimeout(300);
      expect(await violations(page)).toEqual([]);
    });
  }
});

async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();
  await page.getByRole('heading', { name: place, level: 1 }).waitFor();
}
