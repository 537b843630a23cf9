// What llama.cpp finds on this machine with the backend of this process. Nothing is loaded; the process ends after it.
import type { EngineProbe } from '#contract/engine.ts';
import { instructionSetsOfSystemInfo } from '../lib/instruction-sets.ts';
import { backendOf, startLlama } from './llama.ts';

/** Error: engine-unavailable. A driver that crashes takes this process with it, which is what the process is for. */
export async function probe(): Promise<EngineProbe> {
  const llama = await startLlama();
  const [gpuNames, memory] = await Promise.all([llama.getGpuDeviceNames(), llama.getVramState()]);
  return {
    backend: backendOf(llama),
    gpuNames,
    totalMemoryBytes: memory.total,
    freeMemoryBytes: memory.free,
    unifiedMemoryBytes: memory.unifiedSize,
    instructionSets: instructionSetsOfSystemInfo(llama.systemInfo),
  };
}
