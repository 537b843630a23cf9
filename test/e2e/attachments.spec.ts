// Attaching as a person does: dropping files, pasting, sending, coming back. Bugs these catch: a file that is read but not
// sent, a chip that is gone after a reload, a long paste in the field, a file that can't be read and blocks the rest, an
// attachment that the search does not find, a page that a screen reader can't follow.
import { expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { violations } from '../support/axe.ts';
import { describeInBrowser } from '../support/browser-spec.ts';
import { composer, finishedAnswer, messages } from '../support/page.ts';

/** One page with one line, as simple as a PDF can be. */
const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 62>>stream
BT /F1 12 Tf 20 100 Td (The anchorage is nine crowns.) Tj ET  
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
`;

/** As the system drops them: the page gets the files and no paths. */
async function drop(page: Page, files: Record<string, string>): Promise<void> {
  const data = await page.evaluateHandle((contents) => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(contents)) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('main', type, { dataTransfer: data });
  }
}

const chip = (place: Page | Locator, name: string): Locator =>
  place.getByRole('button', { name: new RegExp(`^${name} [0-9]`) });

describeInBrowser('attachments', (spec) => {
  it('dropped files go along with a question and stay with it', async () => {
    const page = await spec.open(await spec.start());
    await drop(page, {
      'notes.txt': 'Ships come in on Tuesday.',
      'rules.pdf': PDF,
      'image.png': '\u0089PNG\r\n\u001a\n',
    });
    await chip(page, 'notes.txt').waitFor();
    await chip(page, 'rules.pdf').waitFor();
    await page.getByRole('list', { name: 'Goes along with your message' }).getByRole('alert').waitFor();
    await composer(page).fill('What is the capital of France?');
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled(), 'one can not be read').toBe(true);
    await page.getByRole('button', { name: 'Remove image.png' }).click();
    expect(await violations(page)).toEqual([]);
    await composer(page).press('Enter');
    await finishedAnswer(page);

    await page.reload();
    const question = messages(page).first();
    await chip(question, 'notes.txt').waitFor();
    await chip(question, 'rules.pdf').click();
    const dialog = page.getByRole('dialog', { name: 'rules.pdf' });
    await dialog.getByText('The anchorage is nine crowns.').waitFor();
    await page.keyboard.press('Escape');
    await expect
      .poll(() => chip(question, 'rules.pdf').evaluate((node) => node === document.activeElement))
      .toBe(true);

    await page.keyboard.press('Control+Shift+f');
    await page.getByRole('textbox', { name: 'Search everything', exact: true }).fill('anchorage');
    await page.getByRole('button', { name: /In rules\.pdf/ }).click();
    await chip(messages(page).first(), 'rules.pdf').waitFor();

    await composer(page).pressSequentially('See @rul');
    await page.getByRole('option', { name: /^rules\.pdf/ }).waitFor();
    await page.keyboard.press('Enter');
    await chip(page.getByRole('list', { name: 'Goes along with your message' }), 'rules.pdf').waitFor();
    expect(await composer(page).inputValue()).toBe('See ');
  });

  it('a long paste is attached, can be put into the message instead, and is still there after a restart', async () => {
    const folder = spec.folder();
    const app = await spec.start({ dataFolder: folder });
    const page = await spec.open(app);
    const paste = (text: string): Promise<void> =>
      composer(page).evaluate((field, pasted) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', pasted);
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, text);
    await paste('A line of a letter.\n'.repeat(50));
    await page.getByRole('button', { name: /^Put Pasted: A line.* into the message instead$/ }).click();
    await expect.poll(() => composer(page).inputValue()).toContain('A line of a letter.\nA line');
    await composer(page).fill('');
    await paste('Another line of a letter.\n'.repeat(50));
    await page.getByRole('button', { name: /^Pasted: Another/ }).waitFor();
    await app.kill();
    const again = await spec.open(await spec.start({ dataFolder: folder }));
    await again.getByRole('button', { name: /^Pasted: Another/ }).waitFor();
    expect(await again.getByRole('button', { name: /^Pasted: A line/ }).count()).toBe(0);
  });

  it('what does not fit is said before it is sent, and given in passages', async () => {
    const page = await spec.open(await spec.start());
    // Counted by the model, not guessed.
    await page.getByRole('banner').getByText('CPU').waitFor();
    const rules = Array.from(
      { length: 400 },
      (_, index) => `Rule ${index}. ${'All ships wait their turn. '.repeat(5)}`,
    );
    await drop(page, { 'rules.txt': rules.join('\n\n') });
    await composer(page).fill('What does rule 250 say?');
    await page.getByRole('button', { name: 'Give the passages that fit the question best' }).click();
    await page.getByText(/passages, [\d,]+ of [\d,]+ tokens/).waitFor();
    await composer(page).press('Enter');
    await finishedAnswer(page);
    await messages(page)
      .first()
      .getByText(/passages, [\d,]+ of [\d,]+ tokens/)
      .waitFor();
    expect(await page.getByText('This message is longer than the model can see').count()).toBe(0);

    await drop(page, { 'others.txt': rules.join('\n\n') });
    await chip(page, 'others.txt').waitFor();
    await composer(page).press('Enter');
    await page.getByText('This message is longer than the model can see').waitFor();
    await messages(page).last().getByRole('button', { name: 'Give only the beginning' }).click();
    await page.getByText(/beginning, [\d,]+ of [\d,]+ tokens/).waitFor();
    await finishedAnswer(page);
    expect(await page.getByText('This message is longer than the model can see').count()).toBe(0);
  });
});
