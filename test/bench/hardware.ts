// How long finding out about this machine takes on a first start, and how long the host is held up meanwhile. The
// page and the model are left out: the host alone is measured, through the same channel as the page uses.
import type { Contract } from '#contract/index.ts';
import type { Client } from '#rpc/client.ts';
import { removeFolder, temporaryFolder } from '../support/start-app.ts';
import { readProbe, startProbedApp } from './probed-app.ts';
import { judge, median, type Row } from './rows.ts';

const RUNS = 3;

interface Detection {
  detectMs: number;
  heldUpMs: number;
}

export async function measureHardware(tell: (row: Row) => void): Promise<void> {
  const runs: Detection[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await detectOnce());
  const area = 'hardware';
  const better = 'lower';
  const detectMs = median(runs.map((run) => run.detectMs));
  tell(
    judge({ area, name: 'detection of the hardware, cold', value: detectMs, unit: 'ms', bar: 3000, better }),
  );
  const name = 'host event-loop delay during it, p99.9';
  const value = Math.max(...runs.map((run) => run.heldUpMs));
  tell(judge({ area, name, value, unit: 'ms', bar: 8, better }));
}

/** On a fresh data folder, so that nothing is known from an earlier start. */
async function detectOnce(): Promise<Detection> {
  const dataFolder = temporaryFolder();
  const app = await startProbedApp(dataFolder);
  try {
    const client = await app.connect();
    await client.call('settings.change', { startupModel: 'none' });
    await readProbe(app);
    const start = performance.now();
    await detected(client);
    const detectMs = performance.now() - start;
    return { detectMs, heldUpMs: (await readProbe(app)).p999Ms };
  } finally {
    await app.kill('SIGINT');
    removeFolder(dataFolder);
  }
}

async function detected(client: Client<Contract>): Promise<void> {
  for await (const { state } of client.stream('hardware.watch', undefined)) if (state === 'detected') return;
}
