// Detection over processes that fail in every way a driver can. What must never happen: one faulty driver costs more
// than its backend, a report that is lost or too old, an engine that sees what it was told to leave alone.
import { afterEach, expect, test, vi } from 'vitest';
import type { Machine } from '#contract/hardware.ts';
import { settings as settingsSchema } from '#contract/settings.ts';
import { closeAll, open, RTX, states, type Setup } from './open-made-up.ts';

const DAY_MS = 86_400_000;

afterEach(closeAll);

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

test('a process that can’t even be started costs its backend only, and leaves none of the others behind', async () => {
  const { service, engines } = open({ behave: { cuda: [RTX], vulkan: 'no-start' } });
  await service.refresh();
  expect(states(service.machine.value)).toEqual(['cuda working', 'vulkan failed', 'cpu working']);
  expect(engines.alive.size).toBe(0);
});

// Both would be called alike once the first is hidden, and leaving one alone would leave both alone.
// Catches one device listed twice, and the wrong one shown, when numbers have moved since the last check.
// Catches a crashing one that was left alone being shown again, after the other one once took too long.
// ggml-vulkan gives the whole backend up when one number does not exist.
// Catches "this processor has no AVX2" on systems where only the engine can tell.
test('asking one more backend that does not work leaves what is known of the processor', async () => {
  const { service } = open({ behave: { cuda: 'crash' } });
  service.exclude('cuda', null, true);
  await service.refresh();
  service.exclude('cuda', null, false);
  await vi.waitFor(() => expect(states(service.machine.value)[0]).toBe('cuda failed'));
  expect(service.machine.value.instructionSets).toEqual(['AVX2']);
});

// Catches a row that says "Checking" for ever.
test('a backend allowed again during a check is asked after it', async () => {
  const { service } = open({ behave: { cuda: 'crash', cpu: 'slow' } });
  service.exclude('cuda', null, true);
  const checking = service.refresh();
  service.exclude('cuda', null, false);
  await checking;
  await vi.waitFor(() => expect(states(service.machine.value)[0]).toBe('cuda failed'));
});

test('one that took too long, perhaps only because the computer was busy, is asked again at the next start', async () => {
  const kept = new Map();
  await open({ kept, behave: { vulkan: 'hang' } }).service.refresh();
  const { service } = open({ kept, behave: { vulkan: [RTX] } });
  await service.watch(new AbortController().signal).next();
  await vi.waitFor(() => expect(service.machine.value.best).toBe('vulkan'));
});
