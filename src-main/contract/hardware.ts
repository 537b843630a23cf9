// What this machine has to run models with, found out by the engine itself, one short-lived process per backend.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { backend, nothing } from './common.ts';

export const gpu = z.object({
  /** As its driver names it; a second one of the same name has ' (2)' after it. */
  name: z.string(),
  /** Position among the backend's devices, as CUDA_VISIBLE_DEVICES and GGML_VK_VISIBLE_DEVICES count them. */
  index: z.int().nonnegative(),
  totalMemoryBytes: z.number().nullable(),
  freeMemoryBytes: z.number().nullable(),
  /** The person asked not to use it. */
  excluded: z.boolean(),
  /** Part of the processor, on its memory. */
  integrated: z.boolean(),
  /** Integrated, and left alone while a discrete one of the same backend is used: it would only slow that one down. */
  spare: z.boolean(),
});
export type Gpu = z.output<typeof gpu>;

/** What a backend lacks here; the page has a sentence and a way to get it for each. */
export const missingPart = z.enum([
  'no-device',
  'driver',
  'vulkan-loader',
  'cuda-runtime',
  'not-in-package',
  'other-platform',
]);
export type MissingPart = z.output<typeof missingPart>;

export const backendReport = z.object({
  backend,
  /** `failed`: it was there, but its process crashed, hung or gave up; `excluded`: not asked, by the person's wish. */
  state: z.enum(['checking', 'working', 'missing', 'failed', 'excluded']),
  missing: missingPart.nullable(),
  /** What happened to a failed one. */
  problem: z.enum(['crashed', 'timed-out', 'refused']).nullable(),
  gpus: z.array(gpu),
  detectionMs: z.number().nullable(),
});
export type BackendReport = z.output<typeof backendReport>;

export const machine = z.object({
  processor: z.string(),
  architecture: z.string(),
  physicalCores: z.number(),
  logicalCores: z.number(),
  /** Those that llama.cpp uses here: 'AVX2', 'AVX-512', 'NEON' and so on. */
  instructionSets: z.array(z.string()),
  totalMemoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  /** The graphics processor shares the main memory. */
  unifiedMemory: z.boolean(),
  /** Best first; only those that exist on this platform, or could. */
  backends: z.array(backendReport),
  /** The one that 'automatic' takes; null until known. */
  best: backend.nullable(),
  state: z.enum(['detecting', 'detected']),
  /** Null until detected once. */
  detectedAt: z.number().nullable(),
  /** Bytes per second that one pass over the weights can read from main memory; null until measured. */
  memoryBandwidth: z.number().nullable(),
});
export type Machine = z.output<typeof machine>;

export const hardwareContract = {
  /** What is known now (at once, from the last detection) and after every change. Watching starts a first detection. */
  'hardware.watch': stream(nothing, machine),
  /** Detects again; resolves when it is done. */
  'hardware.refresh': call(nothing, nothing),
  /** Uses a backend (`gpu: null`) or one of its graphics processors, or leaves it alone. */
  'hardware.exclude': call(
    z.object({ backend, gpu: z.string().max(300).nullable(), excluded: z.boolean() }),
    nothing,
  ),
};
