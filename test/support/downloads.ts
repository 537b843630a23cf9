// A fake Hugging Face and the whole app, for tests of downloads.
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished } from 'vitest';
import type { Contract } from '#contract/index.ts';
import type { Download, DownloadQueue, DownloadSource } from '#contract/downloads.ts';
import type { Model } from '#contract/models.ts';
import type { Client } from '#rpc/client.ts';
import type { AppOptions } from '../../src-main/services/create-app.ts';
import { TINY_MODEL, writePaddedModel } from './gguf-files.ts';
import type { FileContent, HubServer, RepositorySetup } from './hub-server/hub-control.ts';
import { startHubServer } from './hub-server/hub-server.ts';
import { startWiredApp, until, type WiredApp } from './wired-app.ts';

export const REPOSITORY = 'ada/gems';
export const MODEL_FILE = 'tiny.gguf';
/** Of a model that takes a while. */
export const MODEL_BYTES = 40_000_000;
export const BLOCK_BYTES = 8 * 1024 * 1024;

/** What sockets may hold, sent and never received, when a busy machine stops a download in the middle. */
export const ON_ITS_WAY = 10_000_000;

/** Everything that waits in seconds waits in milliseconds here. */
export const FAST: NonNullable<AppOptions['downloadsTuning']> = {
  stallMs: 1000,
  spareBytes: 1_000_000,
  firstRetryMs: 10,
  lookMs: 30,
  firstDelayMs: 100,
  folderLookMs: 100,
};

export interface DownloadTest {
  hub: HubServer;
  app: WiredApp;
  client: Client<Contract>;
  /** Closes the app and starts it again on the same data. */
  restart(): Promise<void>;
}

/** A repository with one model of this size. */
export function bigModel(sizeBytes: number, seed = 1): Pick<RepositorySetup, 'files'> {
  return { files: [{ path: MODEL_FILE, content: bigContent(sizeBytes, seed) }] };
}

export function bigContent(sizeBytes: number, seed = 1): FileContent {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-hub-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { kind: 'disk', path: writePaddedModel(join(folder, `${seed}.gguf`), sizeBytes, seed) };
}

export async function startDownloadTest(
  setup: Partial<RepositorySetup> = {},
  downloadsTuning: AppOptions['downloadsTuning'] = {},
  now: () => number = Date.now,
): Promise<DownloadTest> {
  const hub = await startHubServer();
  onTestFinished(() => hub.close());
  const files = [{ path: MODEL_FILE, content: { kind: 'disk' as const, path: TINY_MODEL } }];
  await hub.addRepository({ name: REPOSITORY, files, ...setup });
  const tuning = { ...FAST, ...downloadsTuning };
  const test = { hub } as DownloadTest;
  const start = async (folder?: string): Promise<void> => {
    test.app = await startWiredApp({ ...(folder && { folder }), downloadsTuning: tuning, now });
    test.client = test.app.client;
  };
  await start();
  onTestFinished(() => test.app.destroy());
  await test.client.call('settings.change', { hubMirror: hub.endpoint, startupModel: 'none' });
  test.restart = async () => {
    await test.app.close();
    await start(test.app.folder);
  };
  return test;
}

/** A source as the catalogue would have it: with size and checksum. */
export async function sourceOf(hub: HubServer, paths = [MODEL_FILE], pinned = true): Promise<DownloadSource> {
  const files = paths.map(async (path) => {
    const { sizeBytes, sha256 } = await hub.facts(REPOSITORY, path);
    return { path, sizeBytes: pinned ? sizeBytes : null, sha256: pinned ? sha256 : null };
  });
  return { repository: REPOSITORY, revision: 'main', files: await Promise.all(files) };
}

export function add(client: Client<Contract>, source: DownloadSource, name = 'Gem'): Promise<Download> {
  return client.call('downloads.add', { name, source, catalogueId: null, acceptedLicence: null });
}

export async function queueOf(client: Client<Contract>): Promise<DownloadQueue> {
  for await (const queue of client.stream('downloads.watch', undefined)) return queue;
  throw new Error('No queue');
}

/** Waits for a download to be as `check` wants it. */
export function downloadWhen(
  { client }: Pick<DownloadTest, 'client'>,
  id: number,
  check: (download: Download) => boolean,
  limitMs = 20_000,
): Promise<Download> {
  let last: Download | undefined;
  return until(async () => {
    last = (await queueOf(client)).list.find((download) => download.id === id);
    return last && check(last) ? last : null;
  }, limitMs).catch(() => {
    throw new Error(`Never came to what was waited for; it is ${JSON.stringify(last)}`);
  });
}

/** Starts a paced download and waits until more than `bytes` are there. Returns its id. */
export async function downloadUntil(wired: DownloadTest, bytes: number, pinned = true): Promise<number> {
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: 30_000_000 });
  const { id } = await add(wired.client, await sourceOf(wired.hub, [MODEL_FILE], pinned));
  await downloadWhen(wired, id, ({ doneBytes }) => doneBytes > bytes);
  return id;
}

/** The same, then paused; the server is as fast as it can be from then on. */
export async function pauseAfter(wired: DownloadTest, bytes: number, pinned = true): Promise<number> {
  const id = await downloadUntil(wired, bytes, pinned);
  await wired.client.call('downloads.pause', { id });
  await wired.hub.setFaults(REPOSITORY, MODEL_FILE, { paceBytesPerSecond: null });
  return id;
}

/** Half of a model of MODEL_BYTES is there, and more comes. Returns its id. */
export function halfWay(wired: DownloadTest, pinned = true): Promise<number> {
  return downloadUntil(wired, MODEL_BYTES / 2, pinned);
}

export function pauseHalfWay(wired: DownloadTest, pinned = true): Promise<number> {
  return pauseAfter(wired, MODEL_BYTES / 2, pinned);
}

/** What the server has sent of the model so far. */
export function sentBytes({ hub }: DownloadTest): Promise<number> {
  return hub.bytesSent(REPOSITORY, MODEL_FILE);
}

/** Waits for the end and checks it: a model in the library, with the right bytes, and nothing else left in the folder. */
export async function expectDone(test: DownloadTest, id: number, path = MODEL_FILE): Promise<Model> {
  const ended = await downloadWhen(test, id, ({ state }) => state === 'done' || state === 'failed', 60_000);
  expect(ended).toMatchObject({ state: 'done', failure: null });
  const { sha256 } = await test.hub.facts(REPOSITORY, path);
  const models = (await test.client.stream('models.watch', undefined).next()).value as Model[];
  const model = models.find((candidate) => candidate.id === ended.modelId);
  if (!model) throw new Error('No model');
  expect(model).toMatchObject({ sha256, fileState: 'present', placement: 'copied' });
  expect(await sha256OfFile(model.path)).toBe(sha256);
  return model;
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Names in the models folder, in order. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).toSorted();
}
