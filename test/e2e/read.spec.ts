// Reading as a person does it: a text pasted, files chosen, a chapter reached, one taken away and back. Bugs these
// catch: a document that is gone after a restart, a place that is not where it is said to be, a page that shows all of a
// book at once, a control without a name.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { describeInBrowser } from '../support/browser-spec.ts';

const SENTENCES = 'The stone is hard and green. It lies in the old harbour, where Anna found it. ';
const BOOK = Array.from(
  { length: 60 },
  (_, index) => `# Chapter ${index + 1}\n\n${SENTENCES.repeat(6)}\n\n${SENTENCES.repeat(6)}`,
).join('\n\n');

const goToRead = (page: Page): Promise<void> =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Read' }).click();
const text = (page: Page): Locator => page.getByRole('region', { name: 'Text of the document' });
const inList = (page: Page, title: string): Locator =>
  page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: new RegExp(`^${title}`) });

describeInBrowser('reading', (spec) => {
  it('takes a pasted text in, shows it, and keeps it through a restart', async () => {
    const dataFolder = spec.folder();
    const app = await spec.start({ dataFolder });
    const page = await spec.open(app);
    await goToRead(page);
    await page.getByRole('button', { name: 'Paste text…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Paste a text' });
    await dialog
      .getByRole('textbox', { name: 'Text' })
      .fill('# On stones\n\nThey are hard.\n\nThey are old.');
    await dialog.getByRole('button', { name: 'Add to the library' }).click();
    await text(page).getByText('They are old.').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await violations(page)).toEqual([]);
    }
    await app.kill();
    const again = await spec.open(await spec.start({ dataFolder }));
    await goToRead(again);
    await inList(again, 'On stones').click();
    await text(again).getByText('They are old.').waitFor();
  });

  it('reads a chosen file, goes to its last chapter, and never holds the whole of it on the page', async () => {
    const file = join(spec.folder(), 'gems.md');
    writeFileSync(file, BOOK);
    const page = await spec.open(await spec.start());
    await goToRead(page);
    await page.locator('input[type=file]').first().setInputFiles(file);
    await text(page).getByRole('heading', { name: 'Chapter 1', exact: true }).waitFor();
    expect(await text(page).locator('[data-start]').count()).toBeLessThan(150);
    await page.getByRole('button', { name: 'Contents' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const last = text(page).getByRole('heading', { name: 'Chapter 60' });
    await last.waitFor();
    await expect
      .poll(() => last.evaluate((heading) => heading.getBoundingClientRect().top))
      .toBeLessThan(700);
    expect(await page.evaluate(() => CSS.highlights.get('lapidary-passage')?.size)).toBe(1);
  });

  it('takes a document away and brings it back', async () => {
    const page = await spec.open(await spec.start());
    await goToRead(page);
    await page.getByRole('button', { name: 'Paste text…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Paste a text' });
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Opals');
    await dialog.getByRole('textbox', { name: 'Text' }).fill('They shine.');
    await dialog.getByRole('button', { name: 'Add to the library' }).click();
    await text(page).getByText('They shine.').waitFor();
    await inList(page, 'Opals').focus();
    await page.keyboard.press('Delete');
    await inList(page, 'Opals').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await text(page).getByText('They shine.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('fits a narrow page: text or summary, and a cited place brings the text', async () => {
    const page = await spec.open(await spec.start());
    await page.setViewportSize({ width: 640, height: 720 });
    await goToRead(page);
    await page.getByRole('button', { name: 'Paste text…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Paste a text' });
    await dialog.getByRole('textbox', { name: 'Text' }).fill('They shine.');
    await dialog.getByRole('button', { name: 'Add to the library' }).click();
    await text(page).getByText('They shine.').waitFor();
    await page.getByRole('button', { name: 'Summary' }).click();
    await page.getByRole('button', { name: 'Summarise' }).waitFor();
    expect(await text(page).isVisible()).toBe(false);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
});
