// The catalogue through the whole app: real detection, real library, real downloads from a hub on this machine. One of
// its files is the tiny model, under the terms of Gemma 1.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Catalogue, CatalogueEntry, Purpose } from '#contract/catalogue.ts';
import type { Download } from '#contract/downloads.ts';
import { FAST, MODEL_FILE, REPOSITORY } from '../support/downloads.ts';
import { TINY_MODEL } from '../support/gguf-files.ts';
import type { HubServer } from '../support/hub-server/hub-control.ts';
import { startHubServer } from '../support/hub-server/hub-server.ts';
import { RESOURCES, startWiredApp, type WiredApp } from '../support/wired-app.ts';

const OURS = 'gemma-2b-it-q8_0';

let hub: HubServer;
let resources: string;
let wired: WiredApp;

beforeAll(async () => {
  hub = await startHubServer();
  const content = { kind: 'disk' as const, path: TINY_MODEL };
  await hub.addRepository({ name: REPOSITORY, files: [{ path: MODEL_FILE, content }] });
  const { sha256, sizeBytes } = await hub.facts(REPOSITORY, MODEL_FILE);
  resources = await mkdtemp(join(tmpdir(), 'lapidary-resources-'));
  await cp(RESOURCES, resources, { recursive: true });
  const path = join(resources, 'catalogue', 'catalogue.json');
  const data = JSON.parse(await readFile(path, 'utf8')) as { models: { id: string; files: object[] }[] };
  const [row] = data.models.find(({ id }) => id === 'gemma-2b-it')?.files.slice(1) ?? [];
  Object.assign(row ?? {}, { repository: REPOSITORY, path: MODEL_FILE, sha256, sizeBytes });
  await writeFile(path, JSON.stringify(data));
  wired = await startWiredApp({ resources, downloadsTuning: FAST });
  await wired.client.call('settings.change', { hubMirror: hub.endpoint, startupModel: 'none' });
});

afterAll(async () => {
  await wired.destroy();
  await hub.close();
  await rm(resources, { recursive: true });
});

/** The first catalogue that is as `check` wants it. */
async function catalogueWhen(
  check: (catalogue: Catalogue) => boolean,
  purpose: Purpose = 'chat',
): Promise<Catalogue> {
  const limit = AbortSignal.timeout(20_000);
  for await (const catalogue of wired.client.stream('catalogue.watch', { purpose }, limit)) {
    if (check(catalogue)) return catalogue;
  }
  throw new Error('No such catalogue came');
}

function ours({ entries }: Catalogue): CatalogueEntry {
  const entry = entries.find(({ id }) => id === OURS);
  if (!entry) throw new Error('The entry is gone');
  return entry;
}

const isJudged = ({ entries }: Catalogue): boolean => entries.every(({ fit }) => fit.verdict !== 'unknown');

it('judges every file and recommends one, for each purpose', async () => {
  for (const purpose of ['chat', 'reading', 'writing', 'retrieval'] as const) {
    const { entries, recommended } = await catalogueWhen(isJudged, purpose);
    expect(entries.length).toBeGreaterThan(40);
    for (const { fit } of entries) expect(fit.need.totalBytes).toBeGreaterThan(fit.need.weightsBytes);
    const chosen = entries.find(({ id }) => id === recommended?.id);
    expect(chosen?.purposes).toContain(purpose);
    expect(['gpu', 'partly-gpu', 'cpu']).toContain(chosen?.fit.verdict);
  }
});

it('gives an address a verdict before anything is downloaded', async () => {
  const { source } = ours(await catalogueWhen(isJudged));
  const { fit } = await wired.client.call('hub.inspect', { source });
  expect(['gpu', 'cpu']).toContain(fit.verdict);
  expect(fit.need.totalBytes).toBeLessThan(fit.need.freeBytes + (fit.freeGpuBytes ?? 0));
});

it('judges anew when the person wants another context', async () => {
  const [before] = (await catalogueWhen(isJudged)).entries;
  await wired.client.call('settings.change', { contextSize: 65_536 });
  const { entries } = await catalogueWhen(({ contextSize }) => contextSize === 65_536);
  expect(entries[0]?.fit.need.contextBytes).toBeGreaterThan(before?.fit.need.contextBytes ?? Infinity);
  await wired.client.call('settings.change', { contextSize: null });
});

it('starts no download under terms that nobody accepted, then knows the model that came of it', async () => {
  const entry = ours(await catalogueWhen(isJudged));
  const add = (acceptedLicence: string | null): Promise<Download> =>
    wired.client.call('downloads.add', {
      name: entry.name,
      source: entry.source,
      catalogueId: entry.id,
      acceptedLicence,
    });
  await hub.forgetRequests();
  await expect(add(null)).rejects.toMatchObject({
    code: 'licence-not-accepted',
    details: { name: 'Gemma 2B' },
  });
  expect(await hub.requests()).toEqual([]);
  await add(entry.licence);
  // The model is there a moment before its download says that it is done.
  const done = await catalogueWhen((catalogue) => {
    const { modelId, downloadId } = ours(catalogue);
    return modelId !== null && downloadId === null;
  });
  const [model] = done.entries.filter(({ modelId }) => modelId !== null);
  expect(model?.id).toBe(OURS);
});
