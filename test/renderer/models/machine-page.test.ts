// The page about this machine: what it says must be true, and what it offers must do something.
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import { missingPart, type Machine } from '#contract/hardware.ts';
import type { Handlers } from '#rpc/define.ts';
import { backendMeaning, commandsFor } from '../../../src-renderer/features/models/machine/machine-words.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { machines, reportOf } from '../../support/fake-machines.ts';
import MachinePageInContext from '../../support/MachinePageInContext.svelte';

let page: Record<string, unknown> | null = null;

afterEach(async () => {
  if (page) await unmount(page);
  page = null;
});

async function show(machine: Machine, replace: Partial<Handlers<Contract>> = {}) {
  const exclude = vi.fn();
  const refresh = vi.fn();
  const host = createFakeHost({ 'hardware.exclude': exclude, 'hardware.refresh': refresh, ...replace });
  host.machine.set(machine);
  const stores = createStores(host.api);
  page = mount(MachinePageInContext, { target: document.body, props: { stores } });
  await waitFor(() => expect(row('cpu')).not.toBeNull());
  return { host, stores, exclude, refresh };
}

function waitFor(check: () => void): Promise<void> {
  return vi.waitFor(() => {
    flushSync();
    check();
  });
}

const row = (backend: string): HTMLElement | null => document.querySelector(`[data-backend="${backend}"]`);
const text = (backend: string): string => row(backend)?.textContent ?? '';

function toggle(label: string): HTMLButtonElement {
  const found = document.querySelector<HTMLButtonElement>(`[role="switch"][aria-label="${label}"]`);
  if (!found) throw new Error(`No switch ${label}`);
  return found;
}

// Catches an integrated graphics processor that is not used and nobody says why.
it('tells which graphics processor is used, with its memory, and which one rests and why', async () => {
  await show(machines.twoGpus);
  expect(text('vulkan')).toContain('AMD Radeon RX 7600 (RADV NAVI33)');
  expect(text('vulkan')).toContain('8 GB of memory, 7.2 GB free when checked');
  expect(text('vulkan')).toContain('Rests while the other one is used');
  expect(text('cuda')).toContain('This computer has no NVIDIA graphics processor');
  expect(document.body.textContent).toContain('Also used: AVX, F16C, FMA, BMI2.');
});

it('leaves a graphics processor or a backend alone by its switch', async () => {
  const { exclude } = await show(machines.twoGpus);
  toggle('Use AMD Radeon RX 7600 (RADV NAVI33)').click();
  toggle('Use Processor (CPU)').click();
  await waitFor(() => expect(exclude).toHaveBeenCalledTimes(2));
  const gpu = 'AMD Radeon RX 7600 (RADV NAVI33)';
  expect(exclude.mock.calls.map(([input]) => input)).toEqual([
    { backend: 'vulkan', gpu, excluded: true },
    { backend: 'cpu', gpu: null, excluded: true },
  ]);
});

it('uses again what was left alone', async () => {
  const { exclude } = await show(machines.leftAlone);
  const control = toggle('Use GPU (Vulkan)');
  expect(control.getAttribute('aria-checked')).toBe('false');
  control.click();
  await waitFor(() => expect(exclude).toHaveBeenCalled());
  expect(exclude.mock.calls[0]?.[0]).toEqual({ backend: 'vulkan', gpu: null, excluded: false });
});

// Catches a person who switches off the last backend and then finds every model failing.
it('does not offer to switch off the only one that works', async () => {
  await show(machines.broken);
  expect(toggle('Use Processor (CPU)').disabled).toBe(true);
  expect(text('cpu')).toContain('It is the only one that can run models now');
});

it('says how to get what is missing, on the person’s own system', async () => {
  await show(machines.broken);
  await waitFor(() => expect(text('vulkan')).toContain('sudo apt install libvulkan1 mesa-vulkan-drivers'));
  expect(row('vulkan')?.querySelector('button[aria-label^="Copy the command"]')).not.toBeNull();
  expect(commandsFor(machines.broken.backends[1]!, 'win32')).toEqual([]);
});

it('says what happened to one that failed, and checks again', async () => {
  const { refresh } = await show(machines.broken);
  expect(text('cuda')).toContain('Its driver crashed while it was tried');
  row('cuda')?.querySelector<HTMLButtonElement>('.again button')?.click();
  await waitFor(() => expect(refresh).toHaveBeenCalledOnce());
});

it('warns of a processor without AVX2, but not before it was asked', async () => {
  const { host } = await show({ ...machines.broken, state: 'detecting' });
  expect(document.body.textContent).not.toContain('has no AVX2');
  host.machine.set(machines.broken);
  await waitFor(() => expect(document.body.textContent).toContain('has no AVX2'));
});

// Catches a new processor called old where nothing could be started to ask about it.
it('says nothing about the processor when nothing could tell', async () => {
  await show({ ...machines.broken, best: null, instructionSets: [] });
  expect(document.body.textContent).not.toContain('has no AVX2');
});

it('shows that it checks, and keeps every row in its place meanwhile', async () => {
  const { host } = await show(machines.detecting);
  expect(document.querySelector('[role="progressbar"]')).not.toBeNull();
  const rows = (): (string | null)[] =>
    [...document.querySelectorAll('[data-backend]')].map((each) => each.getAttribute('data-backend'));
  const before = rows();
  host.machine.set(machines.twoGpus);
  await waitFor(() => expect(document.querySelector('[role="progressbar"]')).toBeNull());
  expect(rows()).toEqual(before);
});

it('says so when the host refuses', async () => {
  const { stores } = await show(machines.twoGpus, {
    'hardware.exclude': () => {
      throw new AppError('bad-input', 'Nothing left');
    },
  });
  toggle('Use GPU (Vulkan)').click();
  await waitFor(() => expect(stores.toasts.list).toHaveLength(1));
});

// Catches a new way to be missing or to fail that the page has no sentence for.
it('has a sentence for everything that can be lacking', () => {
  for (const backend of ['cuda', 'vulkan', 'metal', 'cpu'] as const) {
    for (const missing of missingPart.options) {
      for (const platform of ['linux', 'win32', 'darwin', null]) {
        const words = backendMeaning(reportOf({ backend, state: 'missing', missing }), false, platform);
        expect(words).not.toContain('machine.');
      }
    }
  }
});
