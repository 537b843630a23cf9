// How a model is asked again after it has run away into repeating itself.
import type { Sampling } from '#contract/engine.ts';

const LEAST_TEMPERATURE = 0.8;
const LEAST_PENALTY = 1.15;

/** What breaks a loop: another choice each time, and a price on what was just said. */
export function againstRepetition(sampling: Sampling): Sampling {
  const { temperature, repeatPenalty } = sampling;
  return {
    ...sampling,
    temperature: Math.max(temperature ?? 0, LEAST_TEMPERATURE),
    repeatPenalty: Math.max(repeatPenalty ?? 1, LEAST_PENALTY),
    seed: null,
  };
}
