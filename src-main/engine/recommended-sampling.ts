// What the makers of a model recommend for choosing its next token, wherever the person has set nothing.
// Source for Gemma: the model cards of Gemma 3 and 4. The library's own defaults are wrong for Gemma (temperature 0,
// a repeat penalty), so every value is always given.
import type { Sampling } from '#contract/engine.ts';
import type { ModelHeader } from '#contract/models.ts';

/** Below this many parameters a model is only reliable when it takes the most likely token. */
const TINY_MODEL_PARAMETERS = 50_000_000;

export interface ResolvedSampling {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  repeatPenalty: false | { penalty: number };
  seed?: number;
}

const FOR_GEMMA = { temperature: 1, topK: 64, topP: 0.95, minP: 0 };
const FOR_OTHERS = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 };

/** The person's values where set, else the recommended ones. A repeat penalty of 1 is none. */
export function resolveSampling(header: ModelHeader, wanted: Sampling): ResolvedSampling {
  const family = header.architecture.startsWith('gemma') ? FOR_GEMMA : FOR_OTHERS;
  const tiny = isTiny(header);
  const penalty = wanted.repeatPenalty;
  return {
    temperature: wanted.temperature ?? (tiny ? 0 : family.temperature),
    topK: wanted.topK ?? family.topK,
    topP: wanted.topP ?? family.topP,
    minP: wanted.minP ?? family.minP,
    repeatPenalty: penalty !== null && penalty !== 1 ? { penalty } : false,
    ...(wanted.seed !== null && { seed: wanted.seed }),
  };
}

/** Too small to gain from several threads or from chance. */
export function isTiny(header: ModelHeader): boolean {
  return header.parameterCount !== null && header.parameterCount < TINY_MODEL_PARAMETERS;
}
