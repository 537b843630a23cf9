// Machines of several kinds, for looking at the page about this machine and for its tests.
import type { BackendReport, Gpu, Machine } from '#contract/hardware.ts';
import { machine } from './fake-catalogue.ts';

const GB = 1024 ** 3;

/** A working backend without graphics processors, changed by `more`. */
export function reportOf(more: Partial<BackendReport> & Pick<BackendReport, 'backend'>): BackendReport {
  return { state: 'working', missing: null, problem: null, gpus: [], detectionMs: 400, ...more };
}

export function gpuOf(more: Partial<Gpu> & Pick<Gpu, 'name'>): Gpu {
  const memory = { totalMemoryBytes: 8 * GB, freeMemoryBytes: 7.2 * GB };
  return { index: 0, ...memory, excluded: false, integrated: false, spare: false, ...more };
}

const radeon = gpuOf({ name: 'AMD Radeon RX 7600 (RADV NAVI33)' });
const graphics = gpuOf({
  name: 'AMD Radeon 780M Graphics (RADV PHOENIX)',
  index: 1,
  totalMemoryBytes: 15.5 * GB,
  integrated: true,
  spare: true,
});

export const machines = {
  /** Two graphics processors through Vulkan; CUDA has nothing to do here. */
  twoGpus: {
    ...machine,
    instructionSets: ['AVX', 'AVX2', 'F16C', 'FMA', 'BMI2', 'AVX-512', 'AVX-512 VNNI', 'AVX-512 BF16'],
    memoryBandwidth: 42 * GB,
    best: 'vulkan',
    backends: [
      reportOf({ backend: 'cuda', state: 'missing', missing: 'no-device' }),
      reportOf({ backend: 'vulkan', gpus: [radeon, graphics] }),
      reportOf({ backend: 'cpu' }),
    ],
  },
  /** Everything that can be lacking at once. */
  broken: {
    ...machine,
    instructionSets: ['AVX'],
    best: 'cpu',
    backends: [
      reportOf({ backend: 'cuda', state: 'failed', problem: 'crashed' }),
      reportOf({ backend: 'vulkan', state: 'missing', missing: 'vulkan-loader' }),
      reportOf({ backend: 'cpu' }),
    ],
  },
  /** Nothing but the processor, and a modest one. */
  processorOnly: {
    ...machine,
    processor: 'Intel Core i5-8250U',
    physicalCores: 4,
    logicalCores: 8,
    instructionSets: ['AVX', 'AVX2', 'F16C', 'FMA'],
    totalMemoryBytes: 8 * GB,
    freeMemoryBytes: 4.6 * GB,
    best: 'cpu',
    backends: [
      reportOf({ backend: 'cuda', state: 'missing', missing: 'no-device' }),
      reportOf({ backend: 'vulkan', state: 'missing', missing: 'no-device' }),
      reportOf({ backend: 'cpu' }),
    ],
    memoryBandwidth: 19 * GB,
  },
  /** One left alone, one without its runtime. */
  leftAlone: {
    ...machine,
    best: 'cpu',
    backends: [
      reportOf({ backend: 'cuda', state: 'missing', missing: 'cuda-runtime' }),
      reportOf({ backend: 'vulkan', state: 'excluded', gpus: [radeon] }),
      reportOf({ backend: 'cpu' }),
    ],
  },
  /** Nothing is known yet. */
  detecting: {
    ...machine,
    best: null,
    state: 'detecting',
    detectedAt: null,
    memoryBandwidth: null,
    backends: (['cuda', 'vulkan', 'cpu'] as const).map((backend) =>
      reportOf({ backend, state: 'checking', detectionMs: null }),
    ),
  },
} satisfies Record<string, Machine>;
