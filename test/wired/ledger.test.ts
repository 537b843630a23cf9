// The ledger over the life of the app: what was on its way when the app was closed is in it too.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src-main/database/open-database.ts';
import { bigModel, downloadUntil, startDownloadTest } from '../support/downloads.ts';

const MB = 1_000_000;

// Catches gigabytes of a download that nobody ever sees in the ledger because the app was closed meanwhile.
test('a download that is closed in the middle has its bytes in the ledger', async () => {
  const wired = await startDownloadTest(bigModel(40 * MB));
  await downloadUntil(wired, 10 * MB);
  await wired.app.close();
  const { folder } = wired.app;
  const database = await openDatabase({
    file: join(folder, 'lapidary.db'),
    backupsFolder: join(folder, 'backups'),
    now: Date.now,
    log: { info: () => {}, error: () => 'id', flush: async () => {} },
    onDamage: () => {},
  });
  const sums = database.network.sumByHost();
  const list = database.network.list(100);
  await database.close();
  expect(list.some(({ reason, method }) => reason === 'download' && method === 'GET')).toBe(true);
  expect(sums.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0)).toBeGreaterThan(10 * MB);
});
