// Detection over processes that fail in every way a driver can. What must never happen: one faulty driver costs more
// than its backend, a report that is lost or too old, an engine that sees what it was told to leave alone.
import { afterEach, expect, test, vi } from 'vitest';
import type { Machine } from '#contract/hardware.ts';
import { settings as settingsSchema } from '#contract/settings.ts';
import { HardwareService } from '../../../../src-main/services/hardware/hardware-service.ts';
import { SettingsService } from '../../../../src-main/services/settings/settings-service.ts';
import { createFakeEngines, type Behaviour, type FakeEngines } from './fake-engines.ts';
import { madeUpSystem, pciCard } from './made-up-system.ts';

const GB = 1024 ** 3;
const DAY_MS = 86_400_000;
const RTX = { name: 'NVIDIA GeForce RTX 4070', totalMemoryBytes: 12 * GB };
const UHD = { name: 'Intel(R) UHD Graphics', totalMemoryBytes: 16 * GB, integrated: true };
const LLVMPIPE = { name: 'llvmpipe', totalMemoryBytes: 16 * GB, unlisted: true };
const opened: HardwareService[] = [];

afterEach(() => opened.splice(0).forEach((service) => service.close()));

interface Setup {
  behave?: Record<string, Behaviour>;
  environment?: Record<string, string>;
  /** What an earlier service has kept. */
  kept?: Map<string, { report: string; madeAt: number }>;
  version?: string;
  now?: number;
  settings?: SettingsService;
}

function open(setup: Setup = {}): {
  service: HardwareService;
  engines: FakeEngines;
  settings: SettingsService;
} {
  const engines = createFakeEngines({ cpu: [], ...setup.behave }, setup.environment);
  const stored: Record<string, unknown> = {};
  const settings =
    setup.settings ??
    new SettingsService({ readAll: () => stored, write: (changes) => void Object.assign(stored, changes) });
  const kept = setup.kept ?? new Map();
  const service = new HardwareService({
    start: engines.start,
    look: madeUpSystem({
      texts: pciCard('0x10de'),
      files: ['/proc/driver/nvidia/version', '/usr/share/vulkan/icd.d/nvidia.json'],
      libraries: ['libvulkan.so.1', 'libcudart.so.13'],
      environment: setup.environment ?? {},
    }),
    settings,
    reports: { get: (name) => kept.get(name) ?? null, put: (name, report) => void kept.set(name, report) },
    facts: {
      processor: 'Made up',
      architecture: 'x64',
      physicalCores: 4,
      logicalCores: 8,
      instructionSets: ['AVX'],
      totalMemoryBytes: 16 * GB,
      freeMemoryBytes: 8 * GB,
    },
    freeMemory: async () => 8 * GB,
    version: setup.version ?? '1.0.0',
    now: () => setup.now ?? 1_800_000_000_000,
    log: { info: () => {}, error: () => 'id', flush: async () => {} },
    limitMs: 200,
  });
  opened.push(service);
  return { service, engines, settings };
}

const states = (machine: Machine): string[] =>
  machine.backends.map(({ backend, state }) => `${backend} ${state}`);

test('a driver that crashes and one that hangs cost their backends, and nothing stays running', async () => {
  const { service, engines } = open({ behave: { cuda: 'crash', vulkan: 'hang', cpu: 'slow' } });
  await service.refresh();
  const machine = service.machine.value;
  expect(states(machine)).toEqual(['cuda failed', 'vulkan failed', 'cpu working']);
  expect(machine.backends.map(({ problem }) => problem)).toEqual(['crashed', 'timed-out', null]);
  expect(machine).toMatchObject({
    best: 'cpu',
    state: 'detected',
    memoryBandwidth: 2e10,
    instructionSets: ['AVX2'],
  });
  expect(engines.alive.size).toBe(0);
});

test('a backend that refuses is looked into: the missing part where there is one, else the refusal', async () => {
  const { service } = open({ behave: { cuda: 'refuse', vulkan: 'refuse' } });
  await service.refresh();
  expect(service.machine.value.backends).toMatchObject([
    { backend: 'cuda', state: 'missing', missing: 'cuda-runtime' },
    { backend: 'vulkan', state: 'failed', problem: 'refused' },
    { backend: 'cpu', state: 'working' },
  ]);
});

test('starts without devices are no working backend: catches "Vulkan works" without a graphics processor', async () => {
  const { service } = open({ behave: { vulkan: [] } });
  await service.refresh();
  expect(service.machine.value.backends[1]).toMatchObject({ state: 'missing', missing: 'no-device' });
});

test('several graphics processors: each with its own memory, the integrated one rests beside the other', async () => {
  const { service } = open({ behave: { vulkan: [LLVMPIPE, UHD, RTX] } });
  await service.refresh();
  expect(service.machine.value.backends[1]?.gpus).toMatchObject([
    { name: UHD.name, index: 1, totalMemoryBytes: 16 * GB, integrated: true, spare: true },
    { name: RTX.name, index: 2, totalMemoryBytes: 12 * GB, integrated: false, spare: false },
  ]);
  expect(service.machine.value.best).toBe('vulkan');
  expect(service.deviceEnvironment()).toEqual({ GGML_VK_VISIBLE_DEVICES: '2' });
  service.exclude('vulkan', RTX.name, true);
  expect(service.deviceEnvironment()).toEqual({ GGML_VK_VISIBLE_DEVICES: '1' });
});

test('one integrated graphics processor alone is used: catches Vulkan switched off on every laptop', async () => {
  const { service } = open({ behave: { vulkan: [UHD] } });
  await service.refresh();
  expect(service.machine.value).toMatchObject({ best: 'vulkan', unifiedMemory: true });
  expect(service.deviceEnvironment()).toEqual({});
});

test('two of the same make have names of their own, so that one of them can be left alone', async () => {
  const { service, engines } = open({ behave: { cuda: [RTX, RTX] } });
  await service.refresh();
  service.exclude('cuda', `${RTX.name} (2)`, true);
  expect(service.deviceEnvironment()).toEqual({ CUDA_VISIBLE_DEVICES: '0' });
  await service.refresh();
  const probes = engines.started.filter((environment) => environment['LAPIDARY_BACKEND'] === 'cuda');
  expect(probes.at(-1)?.['CUDA_VISIBLE_DEVICES']).toBe('0');
  expect(service.machine.value.backends[0]?.gpus.map((gpu) => gpu.excluded)).toEqual([false, true]);
});

test('numbers of devices count from what the app itself was given to see', async () => {
  const environment = { CUDA_VISIBLE_DEVICES: '3,7' };
  const others = [1, 2, 3].map((number) => ({ ...RTX, name: `Not ours ${number}` }));
  const last = { ...RTX, name: 'NVIDIA RTX A2000' };
  const { service } = open({ behave: { cuda: [...others, RTX, ...others, last] }, environment });
  await service.refresh();
  service.exclude('cuda', RTX.name, true);
  expect(service.deviceEnvironment()).toEqual({ CUDA_VISIBLE_DEVICES: '7' });
});

test('a device that is gone does not take its backend with it', async () => {
  const { service, engines } = open({ behave: { vulkan: [RTX, UHD] } });
  await service.refresh();
  service.exclude('vulkan', RTX.name, true);
  engines.behave['vulkan'] = [UHD]; // Its index was 1.
  await service.refresh();
  expect(service.machine.value.backends[1]).toMatchObject({
    state: 'working',
    gpus: [{ name: UHD.name, index: 0 }],
  });
});

test('a backend that is left alone is not even asked, and is asked once it may be used again', async () => {
  const { service, engines } = open({ behave: { cuda: 'crash', vulkan: [RTX] } });
  service.exclude('cuda', null, true);
  await service.refresh();
  expect(engines.started.map((environment) => environment['LAPIDARY_BACKEND'])).not.toContain('cuda');
  expect(states(service.machine.value)[0]).toBe('cuda excluded');
  expect(service.excludedBackends()).toEqual(['cuda']);
  service.exclude('cuda', null, false);
  await vi.waitFor(() => expect(states(service.machine.value)[0]).toBe('cuda failed'));
});

test('the only graphics processor left alone means the backend left alone, and back again by its switch', async () => {
  const { service } = open({ behave: { vulkan: [RTX] } });
  await service.refresh();
  service.exclude('vulkan', RTX.name, true);
  expect(service.machine.value).toMatchObject({ best: 'cpu' });
  await vi.waitFor(() => expect(states(service.machine.value)[1]).toBe('vulkan excluded'));
  service.exclude('vulkan', null, false);
  await vi.waitFor(() => expect(service.machine.value.best).toBe('vulkan'));
});

test('what would leave nothing to run on is refused', async () => {
  const { service, settings } = open();
  await service.refresh();
  expect(() => service.exclude('cpu', null, true)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  expect(settings.current.value).toEqual(settingsSchema.parse({}));
});

test('the next start knows the machine at once and asks nobody, until a week or another version', async () => {
  const kept = new Map();
  await open({ kept, behave: { vulkan: [RTX] } }).service.refresh();
  const watch = async (setup: Setup): Promise<[Machine | undefined, number]> => {
    const { service, engines } = open({ kept, behave: { vulkan: [RTX] }, ...setup });
    const first = await service.watch(new AbortController().signal).next();
    await vi.waitFor(() => expect(service.machine.value.state).toBe('detected'));
    return [first.value ?? undefined, engines.started.length];
  };
  const [first, asked] = await watch({});
  expect(first).toMatchObject({ best: 'vulkan', state: 'detected', detectedAt: 1_800_000_000_000 });
  expect(asked).toBe(0);
  const [old, askedAgain] = await watch({ now: 1_800_000_000_000 + 8 * DAY_MS });
  expect(old).toMatchObject({ best: 'vulkan', state: 'detecting' });
  expect(askedAgain).toBe(3);
  expect((await watch({ version: '1.0.1', now: 1_800_000_000_000 + 8 * DAY_MS }))[1]).toBe(3);
});

test('a report that can’t be read is as none', async () => {
  const kept = new Map([['machine', { report: '{"system":', madeAt: 1 }]]);
  const { service } = open({ kept });
  expect(service.machine.value).toMatchObject({ state: 'detecting', detectedAt: null, best: null });
  await service.refresh();
  expect(service.machine.value.best).toBe('cpu');
});

test('closing ends what is being asked', async () => {
  const { service, engines } = open({ behave: { cuda: 'hang' } });
  const detecting = service.refresh();
  service.close();
  await detecting;
  expect(engines.alive.size).toBe(0);
});
