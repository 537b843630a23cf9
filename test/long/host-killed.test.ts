// The campaign: fifty kills at random moments, all on one growing database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killDuringGeneration } from '../support/kill-campaign.ts';

const KILLS = 50;
/** The demo model counts to 200 in about this long when it starts cold. */
const SPAN_MS = 1500;

test(`the host killed at ${KILLS} random moments of a generation`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lapidary-kills-'));
  try {
    let withText = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const shownLength = await killDuringGeneration(folder, Math.random() * SPAN_MS);
      if (shownLength > 0) withText += 1;
    }
    // Kills that all come before the first word would prove nothing.
    expect(withText).toBeGreaterThan(KILLS / 5);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);
