// A person gets a model from elsewhere: the machine is judged, an address looked up, a download paused and gone on
// with, the model loaded; a model that needs an account and has terms comes past both, and without them not at all.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, type BrowserSpec } from '../support/browser-spec.ts';
import { writePaddedModel } from '../support/gguf-files.ts';
import type { HubServer } from '../support/hub-server/hub-control.ts';
import { startHubServer } from '../support/hub-server/hub-server.ts';

const SLOW = 1_000_000;

describeInBrowser('models', (spec) => {
  let hub: HubServer;
  beforeAll(async () => {
    hub = await startHubServer();
  });
  afterAll(() => hub.close());

  it('judges the machine, looks an address up, downloads past a pause, loads what came', async () => {
    const path = writePaddedModel(`${spec.folder()}/gems.gguf`, 8_000_000);
    const file = 'gems-Q8_0.gguf';
    await hub.addRepository({ name: 'ada/gems', files: [{ path: file, content: { kind: 'disk', path } }] });
    await hub.setFaults('ada/gems', file, { paceBytesPerSecond: SLOW });
    const page = await openCatalogue(spec, hub);
    await page
      .getByText(/of .* memory/)
      .first()
      .waitFor();

    await lookUp(page, 'ada/gems');
    await press(page.getByRole('dialog'), /gems-Q8_0/);
    await page.getByText('Room to compute in').waitFor();
    await press(page.getByRole('dialog'), 'Download');
    await press(page, 'Show');
    await press(page, 'Pause gems-Q8_0');
    await page.getByText('Paused', { exact: true }).waitFor();
    const sent = await hub.bytesSent('ada/gems', file);
    await hub.setFaults('ada/gems', file, { paceBytesPerSecond: null });
    await press(page, 'Go on with gems-Q8_0');
    await press(page.getByRole('region', { name: 'Downloads' }), 'Load gems-Q8_0');
    await page.getByText('Loaded', { exact: true }).waitFor();
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(8_000_000);
  });

  it('asks for the account and the terms before the first byte', async () => {
    const path = writePaddedModel(`${spec.folder()}/gold.gguf`, 3_000_000);
    const files = [{ path: 'gold-Q8_0.gguf', content: { kind: 'disk', path } as const }];
    const terms = { licence: 'gemma', gated: 'auto' } as const;
    await hub.addRepository({ name: 'ada/gold', files, ...terms, accepted: ['hf_good'] });
    await hub.setTokens({ hf_good: 'ada' });
    const page = await openCatalogue(spec, hub);
    const dialog = page.getByRole('dialog');

    await lookUp(page, `${hub.endpoint}/ada/gold`);
    await press(dialog, /gold-Q8_0/);
    await press(dialog, 'Save an access token');
    await page.getByLabel('Access token').fill('hf_wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Hugging Face does not know this access token').waitFor();
    await page.getByLabel('Access token').fill('hf_good');
    await page.keyboard.press('Enter');
    await page.getByText('Room to compute in').waitFor();
    await press(dialog, 'Download');
    const accept = page.getByRole('button', { name: 'Accept and download' });
    expect(await accept.isDisabled()).toBe(true);
    await page.getByRole('checkbox').check();
    await accept.click();
    await page.getByText('gold-Q8_0 is on this computer now.').waitFor();
  });
});

/** The catalogue of an app whose models come from `hub`. */
async function openCatalogue(spec: BrowserSpec, hub: HubServer): Promise<Page> {
  const app = await spec.start();
  await (await app.connect()).call('settings.change', { hubMirror: hub.endpoint, startupModel: 'none' });
  const page = await spec.open(app);
  await press(page.getByRole('navigation', { name: 'Places' }), 'Models');
  await press(page, 'Catalogue');
  return page;
}

async function lookUp(page: Page, address: string): Promise<void> {
  await press(page, 'Another model…');
  await page.keyboard.type(address);
  await page.keyboard.press('Enter');
}

function press(within: Page | Locator, name: string | RegExp): Promise<void> {
  return within.getByRole('button', { name, exact: true }).click();
}
