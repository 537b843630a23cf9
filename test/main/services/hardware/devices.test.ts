// Graphics processors that come, go, change places and are left alone. What must never happen: the wrong one is hidden,
// one that was left alone is touched, or two are taken for one.
import { afterEach, expect, test, vi } from 'vitest';
import { closeAll, GB, LLVMPIPE, open, RTX, states, UHD } from './open-made-up.ts';

afterEach(closeAll);

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

test('the only graphics processor left alone means the backend left alone, and back again by its switch', async () => {
  const { service, settings } = open({ behave: { vulkan: [RTX] } });
  await service.refresh();
  service.exclude('vulkan', RTX.name, true);
  // Whoever chooses a backend, such as the fastest of a model, looks there.
  expect(settings.current.value.excludedBackends).toEqual(['vulkan']);
  expect(service.machine.value).toMatchObject({ best: 'cpu' });
  await vi.waitFor(() => expect(states(service.machine.value)[1]).toBe('vulkan excluded'));
  service.exclude('vulkan', null, false);
  await vi.waitFor(() => expect(service.machine.value.best).toBe('vulkan'));
});

test('of two of the same make, the first one left alone leaves the second in use after another check', async () => {
  const { service } = open({ behave: { cuda: [RTX, RTX] } });
  await service.refresh();
  service.exclude('cuda', RTX.name, true);
  await service.refresh();
  expect(service.machine.value.backends[0]).toMatchObject({
    state: 'working',
    gpus: [
      { name: RTX.name, index: 0, excluded: true },
      { name: `${RTX.name} (2)`, index: 1, excluded: false },
    ],
  });
});

test('one left alone is found again where a device before it is gone', async () => {
  const { service, engines } = open({ behave: { vulkan: [UHD, RTX] } });
  await service.refresh();
  service.exclude('vulkan', RTX.name, true);
  engines.behave['vulkan'] = [RTX];
  await service.refresh();
  expect(service.machine.value.backends[1]).toMatchObject({ state: 'excluded' });
  expect(service.machine.value.backends[1]?.gpus).toMatchObject([
    { name: RTX.name, index: 0, excluded: true },
  ]);
  expect(engines.alive.size).toBe(0);
});

test('when all of them are left alone, none of them is touched by another check', async () => {
  const { service, engines } = open({ behave: { vulkan: [UHD, RTX] } });
  await service.refresh();
  service.exclude('vulkan', RTX.name, true);
  service.exclude('vulkan', UHD.name, true);
  const before = engines.started.length;
  await service.refresh();
  const asked = engines.started.slice(before).map((environment) => environment['LAPIDARY_BACKEND']);
  expect(asked).not.toContain('vulkan');
  expect(service.machine.value.backends[1]?.gpus).toHaveLength(2);
});

test('a failed check forgets no device, so that what is left alone stays hidden', async () => {
  const { service, engines } = open({ behave: { vulkan: [UHD, RTX] } });
  await service.refresh();
  service.exclude('vulkan', UHD.name, true);
  engines.behave['vulkan'] = 'hang';
  await service.refresh();
  expect(service.machine.value.backends[1]).toMatchObject({ state: 'failed', problem: 'timed-out' });
  engines.behave['vulkan'] = [UHD, RTX];
  const before = engines.started.length;
  await service.refresh();
  const asked = engines.started.slice(before).filter(({ LAPIDARY_BACKEND: backend }) => backend === 'vulkan');
  expect(asked).toMatchObject([{ GGML_VK_VISIBLE_DEVICES: '1' }]);
  expect(service.machine.value.backends[1]?.state).toBe('working');
});

test('a device that can’t be asked alone gets no number that does not exist', async () => {
  const { service } = open({ behave: { vulkan: [UHD, { ...RTX, crashesAlone: true }] } });
  await service.refresh();
  expect(service.machine.value.backends[1]?.gpus.map(({ name, index }) => [name, index])).toEqual([
    [UHD.name, 0],
    [RTX.name, 1],
  ]);
});

test('one of all that were left alone used again means the backend used again', async () => {
  const { service } = open({ behave: { vulkan: [UHD, RTX] } });
  await service.refresh();
  service.exclude('vulkan', UHD.name, true);
  service.exclude('vulkan', RTX.name, true);
  service.exclude('vulkan', UHD.name, false);
  expect(service.machine.value).toMatchObject({ best: 'vulkan' });
  expect(service.deviceEnvironment()).toEqual({ GGML_VK_VISIBLE_DEVICES: '0' });
});

// Each start holds the host up for some milliseconds: a server with eight of them would hold the window up for many.
test('many of them are asked one shortly after the other, never in one go', async () => {
  const { service, engines } = open({ behave: { cuda: [RTX, RTX, RTX, RTX], vulkan: [RTX, RTX, RTX, RTX] } });
  await service.refresh();
  expect(service.machine.value.backends[0]?.gpus).toHaveLength(4);
  expect(engines.mostAtOnce).toBe(1);
});
