// Conversations go out and in as a person does it. Bugs these catch: a dialog without its report, a list that does not
// show what came, a page for printing that is empty or stays on the screen.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser-spec.ts';
import { chatGptConversation, claudeConversation } from '../support/exported-files.ts';
import { messages } from '../support/page.ts';

describeInBrowser('conversations', (spec) => {
  it('come in with a report of what did not, and go out as a file and onto paper', async () => {
    const page = await spec.open(await spec.start());
    const folder = spec.folder();
    const file = join(folder, 'export.json');
    const cut = JSON.stringify([chatGptConversation, { ...claudeConversation, name: 'Half' }]).slice(0, -30);
    writeFileSync(file, cut);

    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Import conversations…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import conversations' });
    await dialog.getByRole('textbox', { name: 'File, zip or folder' }).fill(file);
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.getByText('1 conversation came in.').waitFor();
    await dialog.getByText('The file ends in the middle of it.').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('button', { name: 'Chat' }).first().click();
    await page.getByRole('button', { name: 'Capitals', exact: true }).click();
    await messages(page).getByText('Paris.').waitFor();

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('take out');
    await page.getByRole('option', { name: 'Export all conversations…' }).click();
    const out = page.getByRole('dialog', { name: 'Export all conversations' });
    await out.getByRole('radio', { name: /^JSON/u }).check();
    await out.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await out.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByText('1 conversation is in').waitFor();
    expect(readdirSync(folder).some((name) => /^Lapidary conversations .*\.json$/u.test(name))).toBe(true);

    await page.evaluate(() => {
      window.print = () => document.body.classList.add('asked-to-print');
    });
    await page.getByRole('button', { name: 'Capitals', exact: true }).hover();
    await page.getByRole('button', { name: 'Actions for Capitals' }).click();
    await page.getByRole('menuitem', { name: 'Export…' }).click();
    const one = page.getByRole('dialog', { name: 'Export this conversation' });
    await one.getByRole('radio', { name: /^Print/u }).check();
    await one.getByRole('button', { name: 'Print…' }).click();
    await page.locator('body.asked-to-print').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('body').innerText()).toMatch(
      /^Capitals\n[\s\S]*You\s+Capital of France\?\s+Answer/u,
    );
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect.poll(() => page.locator('.print-sheet').count()).toBe(0);
    expect(await page.locator('body').innerText()).not.toContain('You\n');
  });
});
