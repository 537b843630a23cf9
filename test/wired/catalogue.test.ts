// The catalogue through the whole app: real detection, real library, real queue, no window.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Catalogue, Purpose } from '#contract/catalogue.ts';
import { startWiredApp, type WiredApp } from '../support/wired-app.ts';

let wired: WiredApp;

beforeAll(async () => {
  wired = await startWiredApp();
  await wired.client.call('settings.change', { startupModel: 'none' });
});

afterAll(() => wired.destroy());

/** The first catalogue that is as `check` wants it. */
async function catalogueWhen(
  check: (catalogue: Catalogue) => boolean,
  purpose: Purpose = 'chat',
): Promise<Catalogue> {
  const limit = AbortSignal.timeout(20_000);
  for await (const catalogue of wired.client.stream('catalogue.watch', { purpose }, limit)) {
    if (check(catalogue)) return catalogue;
  }
  throw new Error('No such catalogue came');
}

const isJudged = ({ entries }: Catalogue): boolean => entries.every(({ fit }) => fit.verdict !== 'unknown');

it('judges every file and recommends one, for each purpose', async () => {
  for (const purpose of ['chat', 'reading', 'writing', 'retrieval'] as const) {
    const { entries, recommended } = await catalogueWhen(isJudged, purpose);
    expect(entries.length).toBeGreaterThan(40);
    const chosen = entries.find(({ id }) => id === recommended?.id);
    expect(chosen?.purposes).toContain(purpose);
    expect(['gpu', 'partly-gpu', 'cpu']).toContain(chosen?.fit.verdict);
  }
});
