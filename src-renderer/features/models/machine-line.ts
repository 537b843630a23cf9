// This machine in one sentence, from what was detected.
import type { Machine } from '#contract/hardware.ts';
import { formatBytes } from '../../messages/format.ts';
import { t } from '../../messages/translate.ts';

/** "AMD Ryzen 7, 16 GB of memory, 11 GB free. Models run on …" */
export function machineLine(machine: Machine): string {
  const { processor, totalMemoryBytes, freeMemoryBytes, best, backends, unifiedMemory } = machine;
  const values = { processor, memory: formatBytes(totalMemoryBytes), free: formatBytes(freeMemoryBytes) };
  const gpus = backends.find(({ backend }) => backend === best)?.gpus ?? [];
  const gpu = gpus.find(({ excluded, spare }) => !excluded && !spare);
  if (!gpu || best === null || best === 'cpu') return t('models.machineLine.cpu', values);
  const named = { ...values, gpu: gpu.name, backend: t(`models.backend.${best}`) };
  if (unifiedMemory || gpu.integrated || gpu.totalMemoryBytes === null)
    return t('models.machineLine.gpu', named);
  return t('models.machineLine.gpuMemory', { ...named, gpuMemory: formatBytes(gpu.totalMemoryBytes) });
}
