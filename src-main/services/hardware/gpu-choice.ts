// Which graphics processors are used, and how an engine process is told so. Pure.
//
// Vulkan lists an integrated graphics processor beside a discrete one, and the library adds up the memory of both: more
// layers are then sent to the discrete one than it can hold. So an integrated one rests while a discrete one is used.
// Integrated are those whose memory is main memory, as llama.cpp says when it is shown that one alone.
import type { Backend } from '#contract/common.ts';
import type { Gpu } from '#contract/hardware.ts';

/** What was detected, without anybody's wishes. */
export type FoundGpu = Omit<Gpu, 'excluded' | 'spare'>;

export const VISIBLE_DEVICES = { cuda: 'CUDA_VISIBLE_DEVICES', vulkan: 'GGML_VK_VISIBLE_DEVICES' } as const;

/** The name of a graphics processor in the settings. */
export function gpuKey(backend: Backend, name: string): string {
  return `${backend}:${name}`;
}

/** Adds the person's wishes and what follows from them. */
export function chooseGpus(backend: Backend, found: readonly FoundGpu[], excluded: readonly string[]): Gpu[] {
  const wished = found.map((gpu) => ({ ...gpu, excluded: excluded.includes(gpuKey(backend, gpu.name)) }));
  const discrete = wished.some((gpu) => !gpu.excluded && !gpu.integrated);
  return wished.map((gpu) => ({ ...gpu, spare: gpu.integrated && !gpu.excluded && discrete }));
}

export function isUsed(gpu: Gpu): boolean {
  return !gpu.excluded && !gpu.spare;
}

/** The variable that shows a process only the devices at these indexes; for CUDA and Vulkan, nothing for others. */
export function showOnly(
  backend: Backend,
  indexes: readonly number[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  if (backend !== 'cuda' && backend !== 'vulkan') return {};
  const name = VISIBLE_DEVICES[backend];
  // Whoever started the app with this variable set has numbered the devices anew.
  const inherited = environment[name]?.split(',').map((entry) => entry.trim());
  const entries = inherited ? indexes.flatMap((index) => inherited[index] ?? []) : indexes;
  return { [name]: entries.join(',') };
}

/** Gives every graphics processor a name of its own: a second one of the same make has ' (2)' after it. */
export function withOwnNames(found: readonly FoundGpu[]): FoundGpu[] {
  const seen = new Map<string, number>();
  return found.map((gpu) => {
    const count = (seen.get(gpu.name) ?? 0) + 1;
    seen.set(gpu.name, count);
    return count === 1 ? gpu : { ...gpu, name: `${gpu.name} (${count})` };
  });
}

/** Whether `ownName` was given to a graphics processor that its driver calls `name`. */
export function isNamed(ownName: string, name: string): boolean {
  return ownName === name || ownName.replace(/ \(\d+\)$/, '') === name;
}
