// A host that is killed while it moves the models folder to another disk: nothing is half, and it goes on.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { finishMove, killDuringMove, prepareMove } from '../support/move-campaign.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

test('five kills in one move', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'lapidary-move-killed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const campaign = await prepareMove(folder, join(mountSmallDisk(context, 'size=500m'), 'models'));
  let kills = 0;
  for (const afterMs of [5, 60, 90, 40, 120]) {
    if (await killDuringMove(campaign, afterMs)) break;
    kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  await finishMove(campaign);
});
