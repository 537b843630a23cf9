// A day without a mouse: everything that the canary does, and every place, by keys alone.
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser-spec.ts';
import { composer, finishedAnswer, messages } from '../support/page.ts';

describeInBrowser('the keyboard alone', (spec) => {
  it('writes, sends, renames, deletes and takes back', async () => {
    const page = await spec.open(await spec.start());
    await expect.poll(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('What is the capital of');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('x');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type(' France?');
    await page.keyboard.press('Enter');
    expect(await finishedAnswer(page)).toContain('Paris');
    await tabTo(page, page.locator('[data-row]').first());
    await page.keyboard.press('F2');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('About France');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'About France', exact: true }).waitFor();
    await tabTo(page, page.locator('[data-row]').first());
    await page.keyboard.press('Delete');
    const undo = page.getByRole('button', { name: 'Undo' });
    await undo.waitFor();
    await tabTo(page, undo);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'About France', exact: true }).waitFor();
  });

  it('reaches every place by the palette, and comes back to where it was', async () => {
    const page = await spec.open(await spec.start());
    for (const place of ['Models', 'Settings']) {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('combobox').waitFor();
      await page.keyboard.type(`Go to ${place}`);
      await page
        .getByRole('option', { name: new RegExp(place) })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: place, level: 1 }).waitFor();
    }
    await page.keyboard.press('ControlOrMeta+Shift+o');
    await composer(page).waitFor();
    expect(await messages(page).count()).toBe(0);
  });

  it('never loses sight of the focus', async () => {
    const page = await spec.open(await spec.start());
    const unseen: string[] = [];
    for (let step = 0; step < 25; step++) {
      await page.keyboard.press('Tab');
      const problem = await page.evaluate(describeFocusProblem);
      if (problem) unseen.push(problem);
    }
    expect(unseen).toEqual([]);
  });
});

/** Presses Tab until the focus is on what `wanted` finds. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let step = 0; step < 60; step++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab never came to it');
}

/** Runs in the page: what has the focus without size, or without anything drawn on it or closely around it. */
function describeFocusProblem(): string | null {
  const element = document.activeElement as HTMLElement | null;
  if (!element || element === document.body) return null;
  const { width, height, left, top } = element.getBoundingClientRect();
  const around: Element[] = [];
  // A frame with a button in it is closely around the field that it has beside.
  for (let each: Element | null = element; each; each = each.parentElement) {
    const box = each.getBoundingClientRect();
    if (box.width > width + 160 || box.height > height + 24 || left - box.left > 64 || top - box.top > 24)
      break;
    around.push(each);
  }
  const styles = around.flatMap((each) =>
    [undefined, '::before', '::after'].map((part) => getComputedStyle(each, part)),
  );
  const isDrawn = ({ outlineStyle, boxShadow, content }: CSSStyleDeclaration): boolean =>
    outlineStyle !== 'none' || boxShadow !== 'none' || content.startsWith('"');
  const drawn = styles.some(isDrawn);
  return width > 0 && height > 0 && drawn
    ? null
    : `${element.tagName} ${element.className} ${element.textContent}`;
}
