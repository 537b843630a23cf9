// Puts together what a person is told: facts of the system, what was detected, and what they want left alone. Pure.
import type { Backend } from '#contract/common.ts';
import type { BackendReport, Machine } from '#contract/hardware.ts';
import type { Settings } from '#contract/settings.ts';
import type { Detection, FoundBackend } from './detection.ts';
import { chooseGpus, isUsed } from './gpu-choice.ts';

export type Facts = Pick<
  Machine,
  | 'processor'
  | 'architecture'
  | 'physicalCores'
  | 'logicalCores'
  | 'instructionSets'
  | 'totalMemoryBytes'
  | 'freeMemoryBytes'
>;

export type Exclusions = Pick<Settings, 'excludedBackends' | 'excludedGpus'>;

interface Parts {
  facts: Facts;
  /** Backends of this platform, best first. */
  order: readonly Backend[];
  detection: Detection | null;
  exclusions: Exclusions;
  detecting: boolean;
}

export function describeMachine({ facts, order, detection, exclusions, detecting }: Parts): Machine {
  const backends = order.map((backend) => describeBackend(backend, detection?.backends[backend], exclusions));
  const best = backends.find((report) => report.state === 'working') ?? null;
  const used = best?.gpus.filter(isUsed) ?? [];
  return {
    ...facts,
    instructionSets: detection?.instructionSets.length ? detection.instructionSets : facts.instructionSets,
    unifiedMemory: used.length > 0 && used.every((gpu) => gpu.integrated),
    backends,
    best: best?.backend ?? null,
    state: detecting || !detection ? 'detecting' : 'detected',
    detectedAt: detection?.detectedAt ?? null,
    memoryBandwidth: detection?.memoryBandwidth ?? null,
  };
}

function describeBackend(
  backend: Backend,
  found: FoundBackend | undefined,
  { excludedBackends, excludedGpus }: Exclusions,
): BackendReport {
  const gpus = chooseGpus(backend, found?.gpus ?? [], excludedGpus);
  const allLeft = gpus.length > 0 && gpus.every((gpu) => gpu.excluded);
  const excluded = excludedBackends.includes(backend) || allLeft;
  // What was known stays in place until something else is: rows that come and go can't be read.
  const state = excluded ? 'excluded' : (found?.state ?? 'checking');
  const { missing = null, problem = null, detectionMs = null } = found ?? {};
  return { backend, state, missing, problem, gpus, detectionMs };
}
