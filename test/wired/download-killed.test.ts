// A host that is killed again and again while it downloads: it goes on where it was, and the model is right.
import { expect, test } from 'vitest';
import { killDuringDownload } from '../support/download-campaign.ts';

test('five kills in one download', async () => {
  const { fetched } = await killDuringDownload({ kills: 5, sizeBytes: 30_000_000, seed: 3 });
  // Few bytes for many kills: the bar of 1.05 is that of the long campaign.
  expect(fetched).toBeLessThan(1.15);
});
