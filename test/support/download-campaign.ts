// Kills a host at random moments of one download, checks each time that nothing which was there is lost and nothing
// half has the name of a model, and lets the last one finish.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { Model } from '#contract/models.ts';
import { journalPath, readJournal } from '../../src-main/services/downloads/transfer/journal.ts';
import { add, bigModel, MODEL_FILE, REPOSITORY, sourceOf } from './downloads.ts';
import type { HubServer } from './hub-server/hub-control.ts';
import { startHubServer } from './hub-server/hub-server.ts';
import { startKillableHost } from './killable-host.ts';
import { until } from './wired-app.ts';

/** Slow enough that kills can be spread over all of it. */
const PACE_BYTES_PER_SECOND = 10_000_000;
/** After the moment that was drawn, so that a kill does not always follow a write of the server. */
const MOST_LATER_MS = 40;
/** For a host that does not go on. */
const MOST_WAITING_MS = 60_000;
/** From the signal until no thread of the host runs any more. */
const STANDS_STILL_MS = 5;
/** The checksum is compared, the file gets its name and is entered, about so long after the last byte. */
const ENDING_MS = 400;

export interface DownloadCampaign {
  kills: number;
  sizeBytes: number;
  seed: number;
}

export interface CampaignResult {
  /** Bytes that the hosts have read from the network / size of the file. */
  fetched: number;
  /** The same with those that the system held for a host when it was killed; all that the server got rid of. */
  sent: number;
}

export async function killDuringDownload({
  kills,
  sizeBytes,
  seed,
}: DownloadCampaign): Promise<CampaignResult> {
  const random = randomNumbers(seed);
  const hub = await startHubServer();
  onTestFinished(() => hub.close());
  await hub.addRepository({ name: REPOSITORY, ...bigModel(sizeBytes) });
  await hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: PACE_BYTES_PER_SECOND });
  const folder = await mkdtemp(join(tmpdir(), 'lapidary-killed-download-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await begin(folder, hub);

  const moments = Array.from({ length: kills }, () => Math.floor(random() * sizeBytes)).toSorted(
    (a, b) => a - b,
  );
  let keptBytes = 0;
  let unreadBytes = 0;
  for (const moment of moments) {
    const host = startKillableHost(folder);
    await until(async () => (await hub.bytesSent(REPOSITORY, MODEL_FILE)) >= moment, MOST_WAITING_MS);
    await wait(random() * MOST_LATER_MS);
    host.freeze();
    await wait(STANDS_STILL_MS);
    // What is sent from here on is read by nobody either.
    const readBytes = (await hub.bytesSent(REPOSITORY, MODEL_FILE)) - unreadOf(hub);
    await host.kill();
    await turn();
    unreadBytes += (await hub.bytesSent(REPOSITORY, MODEL_FILE)) - readBytes;
    keptBytes = await expectKept(folder, keptBytes);
  }
  await killAtTheEnd(folder, hub, random);
  await finish(folder, hub);
  const sentBytes = await hub.bytesSent(REPOSITORY, MODEL_FILE);
  return { fetched: (sentBytes - unreadBytes) / sizeBytes, sent: sentBytes / sizeBytes };
}

/** What has come to this machine's side of the connections and was read by nobody. Linux tells; elsewhere it counts as read. */
function unreadOf({ filesEndpoint }: HubServer): number {
  if (process.platform !== 'linux') return 0;
  const port = Number(new URL(filesEndpoint).port).toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1);
  return lines.reduce((sum, line) => {
    const [, , remote = '', , queues = ''] = line.trim().split(/\s+/);
    return remote.endsWith(`:${port}`) ? sum + parseInt(queues.split(':')[1] ?? '0', 16) : sum;
  }, 0);
}

/** Adds the download to the queue of a host that is killed at once. */
async function begin(folder: string, hub: HubServer): Promise<void> {
  const host = startKillableHost(folder);
  await host.client.call('settings.change', { hubMirror: hub.endpoint, startupModel: 'none' });
  await add(host.client, await sourceOf(hub));
  await host.kill();
}

/** Returns how many bytes the journal says are there: never fewer than before. */
async function expectKept(folder: string, bytesBefore: number): Promise<number> {
  const part = join(folder, 'models', `${MODEL_FILE}.part`);
  expect(existsSync(join(folder, 'models', MODEL_FILE))).toBe(false);
  const journal = await readJournal(journalPath(part));
  if (!journal) return bytesBefore;
  const bytes = journal.records.reduce((sum, { doneBytes }) => sum + doneBytes, 0);
  expect(bytes).toBeGreaterThanOrEqual(bytesBefore);
  return bytes;
}

/** One more kill, while the whole file is compared, named or entered. */
async function killAtTheEnd(folder: string, hub: HubServer, random: () => number): Promise<void> {
  const part = join(folder, 'models', `${MODEL_FILE}.part`);
  const { sizeBytes } = await hub.facts(REPOSITORY, MODEL_FILE);
  const host = startKillableHost(folder);
  const isWhole = async (): Promise<boolean> => {
    const { records } = (await readJournal(journalPath(part))) ?? {};
    return !records || records.reduce((sum, { doneBytes }) => sum + doneBytes, 0) === sizeBytes;
  };
  await until(isWhole, MOST_WAITING_MS);
  await wait(random() * ENDING_MS);
  await host.kill();
}

async function finish(folder: string, hub: HubServer): Promise<void> {
  const host = startKillableHost(folder);
  try {
    for await (const { list } of host.client.stream('downloads.watch', undefined)) {
      expect(list).toHaveLength(1);
      expect(list[0]).toMatchObject({ failure: null });
      if (list[0]?.state === 'done') break;
    }
    const models = (await host.client.stream('models.watch', undefined).next()).value as Model[];
    const model = models.find(({ demo }) => !demo);
    const path = join(folder, 'models', MODEL_FILE);
    expect(model).toMatchObject({ path, fileState: 'present' });
    const { sha256 } = await hub.facts(REPOSITORY, MODEL_FILE);
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(sha256);
    expect(existsSync(`${path}.part`)).toBe(false);
  } finally {
    await host.kill();
  }
}

/** The same row of numbers from 0 to 1 for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
