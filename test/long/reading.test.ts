// Reading in a real browser. Bugs these catch: an answer that runs code, loads or opens something; a long list that
// mounts ever more or jumps under the eye; footnotes that lead nowhere.
import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser-spec.ts';
import { HOSTILE } from '../support/hostile-texts.ts';
import { finishedAnswer, messages, send } from '../support/page.ts';
import { seedConversations, seedDatabase } from '../support/seed-database.ts';
import { PACED_APP } from '../support/start-app.ts';

const NOTES = 'A word.[^1]\n\n[^1]: What it means.';

describeInBrowser('a hostile answer', (spec) => {
  it('executes nothing and loads nothing, streamed and opened again', async () => {
    const dataFolder = spec.folder();
    const hostile = ['markup', 'terminal codes', 'direction overrides', 'unbalanced fences'];
    const answers = hostile.map((name) => [{ question: `Once ${name}`, answer: HOSTILE[name]?.() ?? '' }]);
    await seedConversations(dataFolder, answers);
    const page = await spec.open(await spec.start({ dataFolder, entry: PACED_APP }));
    const asked = foreignRequests(page);
    for (const name of hostile) {
      await page
        .locator('[data-row]')
        .filter({ hasText: `Once ${name}` })
        .first()
        .click();
      await messages(page).last().waitFor();
      await page.waitForTimeout(400);
      await expectHarmless(page);
    }
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await send(page, 'Stream markup');
    await finishedAnswer(page);
    await expectHarmless(page);
    const links = await page
      .locator('.markdown [data-address]')
      .evaluateAll((nodes) => nodes.map((node) => new URL(node.getAttribute('data-address') ?? '').protocol));
    expect(new Set(links)).toEqual(new Set(['https:']));
    expect(asked).toEqual([]);
    expect(page.context().pages()).toHaveLength(1);
  });
});

describeInBrowser('a conversation of 2,000 messages', (spec) => {
  it('holds few on the page, stays where one reads, and reaches its beginning', async () => {
    const dataFolder = spec.folder();
    await seedDatabase(dataFolder, { conversations: 1, messagesEach: 2_000 });
    const page = await spec.open(await spec.start({ dataFolder, entry: PACED_APP }));
    await page.locator('[data-row]').first().click();
    await messages(page).last().waitFor();
    await expect.poll(() => roomOf(page)).toBeGreaterThan(100_000);
    expect(await page.evaluate(jumpsWhileScrolling)).toEqual([]);
    expect(await messages(page).count()).toBeLessThan(60);

    await page
      .getByRole('region', { name: 'Messages' })
      .evaluate((box) => (box.scrollTop = -box.scrollHeight));
    await messages(page).getByText('Question 1 of conversation 1:').waitFor();
    expect(await messages(page).count()).toBeLessThan(60);
    await page.getByRole('button', { name: 'Jump to the latest' }).click();
    await messages(page).getByText('Question 1000 of conversation 1:').waitFor();
  });
});

describeInBrowser('footnotes', (spec) => {
  it('lead there and back by keyboard', async () => {
    const dataFolder = spec.folder();
    await seedConversations(dataFolder, [[{ question: 'What is it?', answer: NOTES }]]);
    const page = await spec.open(await spec.start({ dataFolder, entry: PACED_APP }));
    await page.locator('[data-row]').first().click();
    await page.getByRole('link', { name: '1', exact: true }).press('Enter');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toContain('What it means.');
    await page.getByRole('link', { name: '1: Back to the text' }).press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('1');
  });
});

function foreignRequests(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (hostname !== '127.0.0.1' && !['data:', 'blob:'].includes(protocol)) asked.push(request.url());
  });
  return asked;
}

async function expectHarmless(page: Page): Promise<void> {
  expect(await page.evaluate(() => (globalThis as { pwned?: unknown }).pwned ?? null)).toBeNull();
  const made = page
    .locator('.markdown')
    .locator('script, img, iframe, object, style, link, form, a[href], [onerror]');
  expect(await made.count()).toBe(0);
}

function roomOf(page: Page): Promise<number> {
  return page.getByRole('region', { name: 'Messages' }).evaluate((box) => box.scrollHeight);
}

/** Runs in the page: pixels by which the message in the middle moved by itself, after each of many steps. */
async function jumpsWhileScrolling(): Promise<number[]> {
  const box = document.querySelector<HTMLElement>('[role="region"][aria-label="Messages"]');
  if (!box) return [-1];
  const frames = async (count: number): Promise<void> => {
    for (let frame = 0; frame < count; frame++) await new Promise(requestAnimationFrame);
  };
  const jumps: number[] = [];
  const { left, top, width, height } = box.getBoundingClientRect();
  for (let step = 0; step < 120; step++) {
    box.scrollBy(0, step < 60 ? -300 : 300);
    await frames(2);
    const middle = document.elementFromPoint(left + width / 2, top + height / 2)?.closest('article');
    const before = middle?.getBoundingClientRect().top ?? 0;
    await frames(4);
    const moved = Math.abs((middle?.getBoundingClientRect().top ?? 0) - before);
    if (moved > 1) jumps.push(moved);
  }
  return jumps;
}
