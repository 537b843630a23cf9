// The campaign: fifty kills at random moments of moves between two disks, there and back as long as it takes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { finishMove, killDuringMove, prepareMove } from '../support/move-campaign.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const KILLS = 50;
/** A whole move takes about this long; the first kills come before its first file. */
const SPAN_MS = 400;

test(`the host killed at ${KILLS} random moments of moves of the models folder`, async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'lapidary-move-kills-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  let campaign = await prepareMove(folder, join(mountSmallDisk(context, 'size=500m'), 'models'));
  let moves = 0;
  for (let kills = 0; kills < KILLS;) {
    const ended = await killDuringMove(campaign, Math.random() * SPAN_MS);
    if (!ended) kills += 1;
    if (!ended && kills % 3 !== 0) continue;
    await finishMove(campaign);
    moves += 1;
    campaign = { ...campaign, source: campaign.target, target: campaign.source };
  }
  expect(moves).toBeGreaterThan(KILLS / 4);
}, 600_000);
