// When the engine starts anew after something about the machine has changed: too seldom and it goes on using what
// it must not, too often and a person waits for a model to load again for nothing.
import { afterAll, expect, test, vi } from 'vitest';
import type { Backend } from '#contract/common.ts';
import type { Machine } from '#contract/hardware.ts';
import { Watchable } from '../../../../src-main/lib/watchable.ts';
import { followMachine } from '../../../../src-main/services/hardware/follow-machine.ts';
import { BackendChoice, backendOrder } from '../../../../src-main/services/inference/backend-choice.ts';
import type { EngineSupervisor } from '../../../../src-main/services/inference/engine-supervisor.ts';

const abort = new AbortController();

afterAll(() => abort.abort());

function begin(running: Backend | null, first: Partial<Machine>) {
  const machine = new Watchable({
    state: 'detected',
    detectedAt: 1,
    best: null,
    backends: [],
    ...first,
  } as Machine);
  const told: { devices: Record<string, string>; excluded: Backend[] } = { devices: {}, excluded: [] };
  const backends = new BackendChoice(backendOrder('linux'), 'automatic');
  const info = running && { backend: running, gpuNames: [], physicalCores: 1 };
  const state = new Watchable({ state: 'running', info, heartbeat: null }) as EngineSupervisor['state'];
  const restart = vi.fn(async () => {});
  const hardware = {
    machine,
    excludedBackends: () => told.excluded,
    deviceEnvironment: () => told.devices,
  };
  void followMachine({ hardware, supervisor: { state, backends }, restart }, abort.signal);
  const change = async (next: Partial<Machine>): Promise<void> => {
    machine.set({ ...machine.value, ...next });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { told, backends, restart, change };
}

test('memory that comes and goes, and a first detection that finds what runs already, restart nothing', async () => {
  const { restart, change, backends } = begin('cpu', { detectedAt: null, state: 'detecting' });
  await change({ detectedAt: 2, state: 'detected', best: 'cpu' });
  await change({ freeMemoryBytes: 1 });
  expect(restart).not.toHaveBeenCalled();
  expect(backends.next).toBe('cpu');
});

test('a graphics processor that may no longer be seen restarts the engine that sees it, and no other', async () => {
  const onGpu = begin('vulkan', { best: 'vulkan' });
  onGpu.told.devices = { GGML_VK_VISIBLE_DEVICES: '1' };
  await onGpu.change({});
  await onGpu.change({});
  expect(onGpu.restart).toHaveBeenCalledOnce();
  const onCpu = begin('cpu', { best: 'cpu' });
  onCpu.told.devices = { GGML_VK_VISIBLE_DEVICES: '1' };
  await onCpu.change({});
  expect(onCpu.restart).not.toHaveBeenCalled();
});

test('a better backend is taken once all have been asked, not before', async () => {
  const { restart, change, backends } = begin('cpu', { best: 'cpu' });
  await change({ state: 'detecting', best: 'vulkan' });
  expect(restart).not.toHaveBeenCalled();
  await change({ state: 'detected', best: 'cuda' });
  expect(restart).toHaveBeenCalledOnce();
  expect(backends.next).toBe('cuda');
});

test('a backend asked for by name stays when another would be better', async () => {
  const { restart, change, backends } = begin('vulkan', { best: 'vulkan' });
  backends.choose('vulkan');
  await change({ best: 'cuda' });
  expect(restart).not.toHaveBeenCalled();
});

// Catches an engine taken off its graphics processor because a check found no memory left there: the model's own.
test('a backend that runs is not left because a check of it failed, but is when it is left alone', async () => {
  const failed = begin('vulkan', { best: 'vulkan', backends: reports('vulkan working', 'cpu working') });
  await failed.change({ best: 'cpu', backends: reports('vulkan failed', 'cpu working') });
  expect(failed.restart).not.toHaveBeenCalled();
  const excluded = begin('vulkan', { best: 'vulkan', backends: reports('vulkan working', 'cpu working') });
  await excluded.change({ best: 'cpu', backends: reports('vulkan excluded', 'cpu working') });
  expect(excluded.restart).toHaveBeenCalledOnce();
});

// A model's fastest backend is wanted by name; being left alone still comes first.
test('a backend wanted by name restarts once when it is left alone', async () => {
  const { told, restart, change, backends } = begin('cuda', { best: 'cuda' });
  backends.prefer('cuda');
  told.excluded = ['cuda'];
  await change({ best: 'vulkan' });
  await change({ freeMemoryBytes: 1 });
  expect(restart).toHaveBeenCalledOnce();
});

test('what a check found not to work is known as broken, except what runs', async () => {
  const { change, backends } = begin('cuda', { best: 'vulkan' });
  await change({ backends: reports('cuda failed', 'vulkan missing', 'cpu working') });
  expect(backends.broken).toEqual(['vulkan']);
});

function reports(...states: string[]): Machine['backends'] {
  return states.map((text) => {
    const [backend, state] = text.split(' ');
    return { backend, state, missing: null, problem: null, gpus: [], detectionMs: null };
  }) as unknown as Machine['backends'];
}
