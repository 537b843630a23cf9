// How fast a model would write here. Each token reads the weights it passes through once, so the speed is that of the
// memory; it is only claimed where that is known. Pure.
import type { CatalogueEntry, Fit, Speed } from '#contract/catalogue.ts';
import type { Backend } from '#contract/common.ts';
import type { Model } from '#contract/models.ts';
import type { MemoryRoom } from './memory-room.ts';

/** Of what the memory can give, computing reaches this much: the lower end of what was measured. */
const REACHED = 0.8;
/** Smaller models are slowed by everything else, and say nothing about memory. */
const TELLING_BYTES = 300_000_000;

/** Bytes per second at which weights are read, as far as anybody knows. */
export interface ReadingSpeeds {
  /** Main memory, as the detection measured it. */
  memory: number | null;
  /** What speed tests of other models came to. */
  tested: Partial<Record<Backend, number>>;
}

type Sized = Pick<CatalogueEntry, 'sizeBytes' | 'parameterCount' | 'activeParameterCount'>;

/** What one token reads. */
export function bytesPerToken({ sizeBytes, parameterCount, activeParameterCount }: Sized): number {
  return sizeBytes * Math.min(1, activeParameterCount / parameterCount);
}

/** Measured where it was tested; else estimated, or null where that would be a guess. */
export function speedOf(
  model: Sized,
  fit: Fit,
  { room, speeds, installed }: { room: MemoryRoom; speeds: ReadingSpeeds; installed: Model | null },
): Speed | null {
  const { backend } = room;
  const measured = installed?.speeds.find((result) => result.backend === backend);
  if (measured && backend)
    return { tokensPerSecond: measured.generationTokensPerSecond, source: 'measured', backend };
  if (!backend || fit.verdict === 'unknown' || fit.verdict === 'too-large') return null;
  const seconds = secondsPerToken(bytesPerToken(model), fit, room, speeds);
  if (seconds === null) return null;
  const runsOn = fit.verdict === 'cpu' ? 'cpu' : backend;
  return { tokensPerSecond: 1 / seconds, source: 'estimated', backend: runsOn };
}

/** What the tests of installed models say about reading weights; the best of each backend. */
export function testedSpeeds(tested: readonly { model: Model; entry: Sized }[]): ReadingSpeeds['tested'] {
  const found: ReadingSpeeds['tested'] = {};
  for (const { model, entry } of tested) {
    if (entry.sizeBytes < TELLING_BYTES) continue;
    for (const { backend, generationTokensPerSecond } of model.speeds) {
      const speed = generationTokensPerSecond * bytesPerToken(entry);
      found[backend] = Math.max(found[backend] ?? 0, speed);
    }
  }
  return found;
}

function secondsPerToken(
  bytes: number,
  { verdict, gpuLayers }: Fit,
  { backend, unified }: MemoryRoom,
  { memory, tested }: ReadingSpeeds,
): number | null {
  const main = tested.cpu ?? (memory === null ? null : memory * REACHED);
  if (verdict === 'cpu' || backend === 'cpu' || !backend) return main && bytes / main;
  const graphics = tested[backend] ?? (unified ? main : null);
  if (verdict === 'gpu') return graphics && bytes / graphics;
  if (!main) return null;
  const share = gpuLayers ? gpuLayers.used / gpuLayers.total : 0;
  // A graphics processor nobody has measured is taken to be no faster than the processor.
  return (bytes * share) / (graphics ?? main) + (bytes * (1 - share)) / main;
}
