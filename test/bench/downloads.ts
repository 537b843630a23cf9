// How fast a model comes from a server on this machine through the whole queue (its threads, journal, checksum, the
// disk's word that it keeps it, the name, the library) compared with curl, which only writes; and how long the host is
// held up meanwhile. The server runs in a process of its own and serves both the same way.
import { execFile, spawnSync } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Contract } from '#contract/index.ts';
import type { Client } from '#rpc/client.ts';
import { writePaddedModel } from '../support/gguf-files.ts';
import type { HubServer } from '../support/hub-server/hub-control.ts';
import { startHubProcess } from '../support/hub-server/hub-process.ts';
import { removeFolder, temporaryFolder, type RunningApp } from '../support/start-app.ts';
import { readProbe, startProbedApp } from './probed-app.ts';
import { explain, judge, median, type Row } from './rows.ts';

const SIZE_BYTES = 300_000_000;
/** The first of each is not counted: it starts threads and opens connections. */
const RUNS = 8;
/** Two gigabits per second: without a limit the server takes a processor's whole time away from what it is measured against. */
const PACE_BYTES_PER_SECOND = 250_000_000;
const PACED_RUNS = 3;
const IDLE_MS = 3000;
const REPOSITORY = 'bench/gems';
const AREA = 'downloads';

interface Run {
  plainMs: number;
  /** The plain copy, until the disk keeps it too. */
  keptMs: number;
  queueMs: number;
}

export async function measureDownloads(tell: (row: Row) => void): Promise<void> {
  const folder = temporaryFolder();
  const hub = await startHubProcess();
  const app = await startProbedApp(join(folder, 'data'));
  try {
    await setUp(hub, folder);
    const client = await app.connect();
    await client.call('settings.change', { hubMirror: hub.endpoint, startupModel: 'none' });
    const runs: Run[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await runOnce({ hub, client, folder }, run));
    tellThroughput(runs.slice(1), tell);
    await measureHost({ hub, client, folder }, app, tell);
    await measurePaced({ hub, client, folder }, tell);
  } finally {
    await app.kill('SIGINT');
    await hub.close();
    removeFolder(folder);
  }
}

async function measureHost(setting: Setting, app: RunningApp, tell: (row: Row) => void): Promise<void> {
  await readProbe(app);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const idle = await readProbe(app);
  await readProbe(app);
  await download(setting, RUNS);
  const busy = await readProbe(app);
  const name = 'host event-loop delay while downloading and hashing, p99.9';
  tell(judge({ area: AREA, name, value: busy.p999Ms, unit: 'ms', bar: 8, better: 'lower' }));
  tell(explain({ area: AREA, name: 'the same while nothing happens', value: idle.p999Ms, unit: 'ms' }));
}

async function measurePaced(setting: Setting, tell: (row: Row) => void): Promise<void> {
  const runs: Run[] = [];
  for (let run = RUNS + 1; run <= RUNS + PACED_RUNS; run++) {
    await setting.hub.setFaults(REPOSITORY, `${run}.gguf`, { paceBytesPerSecond: PACE_BYTES_PER_SECOND });
    runs.push(await runOnce(setting, run));
  }
  const value = median(runs.map((run) => run.plainMs / run.queueMs));
  tell(
    explain({
      area: AREA,
      name: '300 MB through the queue / the plain copy, over a line of 2 Gbit/s',
      value,
      unit: '',
    }),
  );
}

interface Setting {
  hub: HubServer;
  client: Client<Contract>;
  folder: string;
}

/** One file under a name for each run: what is a model already is not downloaded again. */
async function setUp(hub: HubServer, folder: string): Promise<void> {
  const path = writePaddedModel(join(folder, 'served.gguf'), SIZE_BYTES);
  const content = { kind: 'disk', path } as const;
  const files = Array.from({ length: RUNS + PACED_RUNS + 1 }, (_, run) => ({ path: `${run}.gguf`, content }));
  await hub.addRepository({ name: REPOSITORY, files });
  await Promise.all(files.map((file) => hub.facts(REPOSITORY, file.path)));
}

async function runOnce(setting: Setting, run: number): Promise<Run> {
  const file = join(setting.folder, 'plain.gguf');
  const url = `${setting.hub.endpoint}/${REPOSITORY}/resolve/main/${run}.gguf`;
  const start = performance.now();
  await (hasCurl() ? promisify(execFile)('curl', ['-sfL', '-o', file, url]) : readInto(url, file));
  const plainMs = performance.now() - start;
  await promisify(execFile)('sync', [file]);
  const keptMs = performance.now() - start;
  rmSync(file);
  return { plainMs, keptMs, queueMs: await download(setting, run) };
}

/** Milliseconds from adding it to the queue until it is a model; the model is removed again. */
async function download({ hub, client }: Setting, run: number): Promise<number> {
  const path = `${run}.gguf`;
  const { sizeBytes } = await hub.facts(REPOSITORY, path);
  const source = { repository: REPOSITORY, revision: 'main', files: [{ path, sizeBytes, sha256: null }] };
  const start = performance.now();
  const asked = { name: path, source, catalogueId: null, acceptedLicence: null };
  const { id } = await client.call('downloads.add', asked);
  for await (const { list } of client.stream('downloads.watch', undefined)) {
    const found = list.find((each) => each.id === id);
    if (found?.state === 'failed') throw new Error(`The download failed: ${found.failure?.code}`);
    if (found?.state !== 'done' || found.modelId === null) continue;
    const durationMs = performance.now() - start;
    await client.call('models.remove', { id: found.modelId, file: 'delete' });
    await client.call('downloads.cancel', { id });
    return durationMs;
  }
  throw new Error('The queue ended');
}

function tellThroughput(runs: readonly Run[], tell: (row: Row) => void): void {
  const plain = hasCurl() ? 'curl' : 'a bare read into a file (no curl here)';
  const rate = (durationMs: number): number => SIZE_BYTES / 1e6 / (durationMs / 1000);
  const name = `300 MB through the queue / ${plain}, median of ${runs.length} pairs`;
  const value = median(runs.map((run) => run.plainMs / run.queueMs));
  tell(judge({ area: AREA, name, value, unit: '', bar: 0.8, better: 'higher' }));
  const kept = median(runs.map((run) => run.keptMs / run.queueMs));
  tell(
    explain({ area: AREA, name: `the same where ${plain} waits for the disk too`, value: kept, unit: '' }),
  );
  const rates = { queue: (run: Run) => run.queueMs, [plain]: (run: Run) => run.plainMs };
  for (const [who, durationOf] of Object.entries(rates)) {
    const megabytes = rate(median(runs.map(durationOf)));
    tell(explain({ area: AREA, name: `of it: ${who}`, value: megabytes, unit: 'MB/s' }));
  }
}

let curl: boolean | undefined;

function hasCurl(): boolean {
  curl ??= spawnSync('curl', ['--version']).status === 0;
  return curl;
}

async function readInto(url: string, file: string): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, resolve).on('error', reject);
  });
  const { location } = answer.headers;
  if (location === undefined) return pipeline(answer, createWriteStream(file));
  answer.resume();
  return readInto(location, file);
}
