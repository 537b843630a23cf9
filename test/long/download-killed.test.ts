// The campaign: a hundred kills at random moments of one download of 300 MB.
import { expect, test } from 'vitest';
import { killDuringDownload } from '../support/download-campaign.ts';

const KILLS = 100;
const SEED = 20_261_125;

test(`the host killed at ${KILLS} random moments of a download`, async () => {
  const { fetched, sent } = await killDuringDownload({ kills: KILLS, sizeBytes: 300_000_000, seed: SEED });
  console.log(
    `Bytes fetched / size of the file over ${KILLS} kills (seed ${SEED}): ${fetched.toFixed(4)}; ` +
      `with what was on its way to a host that was killed: ${sent.toFixed(4)}`,
  );
  expect(fetched).toBeLessThanOrEqual(1.05);
}, 1_200_000);
