// How far a speed test has come and how long it will still take, from what its parts usually take and from how long
// the backends before this one took. Pure.
import type { SpeedTestEvent } from '#contract/models.ts';

export type SpeedPhase = Extract<SpeedTestEvent, { type: 'progress' }>['phase'];

const ORDER: SpeedPhase[] = ['starting', 'loading', 'reading', 'writing'];
/** Bytes per second that weights come from a disk, roughly. */
const LOADING_RATE = 400_000_000;
const STARTING_MS = 1_500;
const LOADING_MS = 1_000;
/** A backend shall take about this long, loading included; measuring takes what is left of it, but never less than it needs. */
const WHOLE_MS = 20_000;
const LEAST_MEASURING_MS = 8_000;
const READING_SHARE = 0.55;

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
  const usual = usualMs(modelBytes);
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

/** How long measuring may take when starting and loading took this long. */
export function measuringLimitMs(beforeMs: number): number {
  return Math.max(LEAST_MEASURING_MS, WHOLE_MS - beforeMs);
}

function usualMs(modelBytes: number): Record<SpeedPhase, number> {
  const loading = LOADING_MS + (modelBytes / LOADING_RATE) * 1000;
  const measuring = measuringLimitMs(STARTING_MS + loading);
  const reading = measuring * READING_SHARE;
  return { starting: STARTING_MS, loading, reading, writing: measuring - reading };
}
