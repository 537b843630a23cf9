// Whether a model runs in the memory there is, and how. Pure: numbers in, verdict with its numbers out.
import type { Fit } from '#contract/catalogue.ts';
import type { MemoryNeed } from '#contract/models.ts';
import type { MemoryRoom } from './memory-room.ts';

/** What loading would take. */
export type Need = Omit<MemoryNeed, 'freeBytes'>;

/** `layerCount`: null when the file does not tell; then nothing is split. */
export function judgeFit(need: Need, layerCount: number | null, room: MemoryRoom): Fit {
  const { main, gpu } = room;
  const verdict = judge(need, layerCount, room);
  // In memory that both share, what is not on the graphics processor is not free besides.
  const counted = gpu && (!room.unified || verdict.verdict === 'gpu') ? gpu.freeBytes : null;
  const fits = verdict.verdict !== 'too-large' && verdict.verdict !== 'unknown';
  return {
    ...verdict,
    need: { ...need, freeBytes: main.freeBytes },
    freeGpuBytes: counted,
    fitsWhenFree: fits || need.totalBytes <= mostEver(room),
  };
}

type Verdict = Pick<Fit, 'verdict' | 'gpuLayers'>;

function judge(need: Need, layerCount: number | null, { backend, main, gpu, unified }: MemoryRoom): Verdict {
  if (backend === null) return { verdict: 'unknown', gpuLayers: null };
  // The layer that makes words of the result counts as one more.
  const total = layerCount === null ? null : layerCount + 1;
  if (gpu && need.totalBytes <= gpu.freeBytes)
    return { verdict: 'gpu', gpuLayers: total === null ? null : { used: total, total } };
  const used = gpu && total !== null ? layersThatFit(need, total, gpu.freeBytes) : 0;
  const elsewhere = unified ? need.totalBytes : need.totalBytes - layersBytes(need, used, total);
  if (used > 0 && total !== null && elsewhere <= main.freeBytes)
    return { verdict: 'partly-gpu', gpuLayers: { used, total } };
  const verdict = need.totalBytes <= main.freeBytes ? 'cpu' : 'too-large';
  return { verdict, gpuLayers: null };
}

/** Never all: a model that fits whole was found to do so before. */
function layersThatFit({ weightsBytes, contextBytes }: Need, total: number, freeBytes: number): number {
  const each = (weightsBytes + contextBytes) / total;
  return each > 0 ? Math.min(total - 1, Math.floor(freeBytes / each)) : 0;
}

function layersBytes({ weightsBytes, contextBytes }: Need, used: number, total: number | null): number {
  return total === null ? 0 : ((weightsBytes + contextBytes) * used) / total;
}

function mostEver({ main, gpu, unified }: MemoryRoom): number {
  return main.totalBytes + (gpu && !unified ? gpu.totalBytes : 0);
}
