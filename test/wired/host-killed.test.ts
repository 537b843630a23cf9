// The host is killed while the model writes: every committed message is there, the text at most 500 ms behind.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killDuringGeneration } from '../support/kill-campaign.ts';

test.each([5, 300, 900])('killed %i ms after the question was accepted', async (killAfterMs) => {
  const folder = await mkdtemp(join(tmpdir(), 'lapidary-kill-'));
  try {
    expect(await killDuringGeneration(folder, killAfterMs)).toBeGreaterThanOrEqual(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
