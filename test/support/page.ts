// A real Chromium and the words by which a person finds their way in it.
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

/** Some systems let no ordinary process make the sandbox; the pages that tests open are only our own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--no-first-run',
];

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Opens the one-time address in a browser profile of its own and waits until one can write. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(url);
  await composer(page).waitFor();
  return page;
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

export function messages(page: Page): Locator {
  return page.getByRole('region', { name: 'Messages' }).getByRole('article');
}

/** Types and sends; returns when the conversation shows the question, not the answer. */
export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
  await messages(page).filter({ hasText: text }).last().waitFor();
}

/** Writes the first question anew, and sends it as another version of it. */
export async function editQuestion(page: Page, text: string): Promise<void> {
  const question = messages(page).first();
  await question.hover();
  await question.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.keyboard.press('Control+Enter');
}

/** Waits until the last message is an answer that is no longer being written; returns its text. */
export async function finishedAnswer(page: Page, limitMs = 30_000): Promise<string> {
  await page.waitForFunction(isAnswered, undefined, { timeout: limitMs });
  return messages(page).last().innerText();
}

/** Runs in the page. */
function isAnswered(): boolean {
  const last = [...document.querySelectorAll('[role="region"] article')].at(-1);
  return last?.getAttribute('aria-busy') === 'false' && last.querySelector('h2')?.textContent === 'Answer';
}
