// How far a speed test has come and how long it will still take, from what its parts usually take and from how long
// the backends before this one took. Pure.
import type { SpeedTestEvent } from '#contract/models.ts';

export type SpeedPhase = Extract<SpeedTestEvent, { type: 'progress' }>['phase'];

const ORDER: SpeedPhase[] = ['starting', 'loading', 'reading', 'writing'];
/** Bytes per second that weights come from a disk, roughly. */
const LOADING_RATE = 400_000_000;
const USUAL_MS = { starting: 1_500, loading: 1_000, reading: 10_000, writing: 8_000 };

export interface SpeedMoment {
  /** Backends done, of how many, and how long each of those took. */
  doneMs: readonly number[];
  backends: number;
  phase: SpeedPhase;
  /** 0 to 1, of the phase. */
  share: number;
  modelBytes: number;
}

/** `progress` of the whole test, 0 to 1. */
export function speedProgress(moment: SpeedMoment): { progress: number; secondsLeft: number } {
  const { doneMs, backends, phase, share, modelBytes } = moment;
  const usual = { ...USUAL_MS, loading: USUAL_MS.loading + (modelBytes / LOADING_RATE) * 1000 };
  const wholeMs = ORDER.reduce((sum, each) => sum + usual[each], 0);
  const before = ORDER.slice(0, ORDER.indexOf(phase)).reduce((sum, each) => sum + usual[each], 0);
  const presentShare = (before + usual[phase] * share) / wholeMs;
  const doneTogetherMs = doneMs.reduce((sum, ms) => sum + ms, 0);
  const expectedMs = doneMs.length > 0 ? doneTogetherMs / doneMs.length : wholeMs;
  const leftShare = backends - doneMs.length - presentShare;
  return {
    progress: Math.min(1, (doneMs.length + presentShare) / backends),
    secondsLeft: Math.max(1, Math.round((leftShare * expectedMs) / 1000)),
  };
}
