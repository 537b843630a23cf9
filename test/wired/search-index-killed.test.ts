// A host that is killed while the search index of an earlier version is made anew. Bugs these catch: an index that
// stays incomplete, an index that begins anew, an app that says nothing about it, a database that does not open.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startKillableHost, type KillableHost } from '../support/killable-host.ts';
import { writeOldDatabase } from '../support/old-database.ts';

const CONVERSATIONS = 1_000;

let folder: string;
let host: KillableHost | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-index-'));
});
afterEach(async () => {
  await host?.kill();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Follows the index until it is filled that far, and returns every share it was told. */
async function followTo(share: number): Promise<number[]> {
  const told: number[] = [];
  for await (const event of host!.client.stream('chat.watchSearchIndex', undefined)) {
    told.push(event.share);
    if (event.share >= share) break;
  }
  return told;
}

async function found(query: string): Promise<(number | null)[]> {
  const hits = await host!.client.call('chat.search', { query });
  return hits.map(({ messageId }) => messageId);
}

test('goes on at the next start, and finds the oldest message in the end', async () => {
  writeOldDatabase(join(folder, 'lapidary.db'), CONVERSATIONS);
  for (const share of [0.1, 0.4]) {
    host = startKillableHost(folder);
    await followTo(share);
    expect(await found(`message ${CONVERSATIONS * 10} about`)).toEqual([CONVERSATIONS * 10]);
    await host.kill();
  }
  host = startKillableHost(folder);
  const [first = 0] = await followTo(1);
  expect(first).toBeGreaterThanOrEqual(0.4);
  expect(await found('message 1 about')).toEqual([1]);
});
