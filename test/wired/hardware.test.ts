// Detection by real engine processes, on whatever machine this is.
import { afterEach, expect, test } from 'vitest';
import type { Machine } from '#contract/hardware.ts';
import type { Host } from '../../src-main/hosts/host.ts';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

const apps: WiredApp[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.destroy();
});

async function begin(folder?: string): Promise<WiredApp> {
  const app = await startWiredApp(folder ? { folder } : {});
  apps.push(app);
  return app;
}

/** Watches until everything was asked. */
async function detected(app: WiredApp): Promise<Machine> {
  for await (const machine of app.client.stream('hardware.watch', undefined)) {
    if (machine.state === 'detected') return machine;
  }
  throw new Error('The stream ended before anything was detected');
}

/** Ends every process on this backend as soon as it runs, as a faulty driver does. */
function crashOn(app: WiredApp, backend: string): void {
  const start: Host['startEngine'] = app.host.startEngine.bind(app.host);
  app.host.startEngine = (environment) => {
    const child = start(environment);
    if (environment['LAPIDARY_BACKEND'] === backend) setTimeout(() => child.kill(), 30);
    return child;
  };
}

// Catches a backend that is said to work although nothing can run on it, and one that fails without a reason.
test('tells of each backend whether it works, or what it lacks', async () => {
  const app = await begin();
  const machine = await detected(app);
  for (const { state, missing, problem, gpus, backend } of machine.backends) {
    expect(['working', 'missing', 'failed']).toContain(state);
    expect(missing !== null).toBe(state === 'missing');
    expect(problem !== null).toBe(state === 'failed');
    if (state === 'working' && backend !== 'cpu') expect(gpus.length).toBeGreaterThan(0);
  }
  const appleChip = process.platform === 'darwin' && process.arch === 'arm64';
  const surest = appleChip ? 'metal' : 'cpu';
  expect(machine.backends.find(({ backend }) => backend === surest)?.state).toBe('working');
  expect(machine.backends.map(({ backend }) => backend)).toContain(machine.best);
  expect(machine.instructionSets.length).toBeGreaterThan(0);
  expect(machine.memoryBandwidth).toBeGreaterThan(5e8);
  expect(machine.freeMemoryBytes).toBeLessThanOrEqual(machine.totalMemoryBytes);
});

test('a driver that crashes costs its backend only, and the engine still answers', async () => {
  const app = await begin();
  const [first] = (await detected(app)).backends;
  const other = (await detected(app)).backends.find(
    ({ state, backend }) => state === 'working' && backend !== first?.backend,
  );
  if (!first || !other) return; // Nothing would be left to answer.
  crashOn(app, first.backend);
  await app.client.call('hardware.refresh', undefined);
  const machine = await detected(app);
  expect(machine.backends[0]).toMatchObject({ state: 'failed', problem: 'crashed' });
  expect(machine.best).not.toBe(first.backend);
  const { answer } = await ask(app.client, 'Hello!');
  expect(answer.status).toBe('complete');
});

test('the next start knows the machine without asking', async () => {
  const before = await begin();
  const machine = await detected(before);
  await before.close();
  apps.length = 0;
  const app = await begin(before.folder);
  const [first] = [await detected(app)];
  expect(first.detectedAt).toBe(machine.detectedAt);
  expect(first.backends).toEqual(machine.backends);
  expect(app.host.engines).toHaveLength(0);
});
