// A hardware service over engine processes and a system that are made up, and the devices they know.
import type { Machine } from '#contract/hardware.ts';
import { HardwareService } from '../../../../src-main/services/hardware/hardware-service.ts';
import { SettingsService } from '../../../../src-main/services/settings/settings-service.ts';
import { createFakeEngines, type Behaviour, type FakeDevice, type FakeEngines } from './fake-engines.ts';
import { madeUpSystem, pciCard } from './made-up-system.ts';

export const GB = 1024 ** 3;
export const RTX: FakeDevice = { name: 'NVIDIA GeForce RTX 4070', totalMemoryBytes: 12 * GB };
export const UHD: FakeDevice = { name: 'Intel(R) UHD Graphics', totalMemoryBytes: 16 * GB, integrated: true };
export const LLVMPIPE: FakeDevice = { name: 'llvmpipe', totalMemoryBytes: 16 * GB, unlisted: true };
const opened: HardwareService[] = [];

export function closeAll(): void {
  opened.splice(0).forEach((service) => service.close());
}

export interface Setup {
  behave?: Record<string, Behaviour>;
  environment?: Record<string, string>;
  /** What an earlier service has kept. */
  kept?: Map<string, { report: string; madeAt: number }>;
  version?: string;
  now?: number;
  settings?: SettingsService;
}

export function open(setup: Setup = {}): {
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
    limitMs: 600, // Answers take microseconds here, but the computer may be busy.
  });
  opened.push(service);
  return { service, engines, settings };
}

export const states = (machine: Machine): string[] =>
  machine.backends.map(({ backend, state }) => `${backend} ${state}`);
