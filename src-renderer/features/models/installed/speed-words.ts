// Measured speed, as a person reads it.
import type { Backend } from '#contract/common.ts';
import type { Model, SpeedResult, SpeedTestEvent } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import { formatDuration } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';
import { backendName } from './engine-setting-words.ts';

/** Reading silently takes in about 250 words a minute (Brysbaert 2019), or five to six tokens a second. */
const READING_RATE = { slow: 4, quick: 8 };

/** How its writing compares with reading it. */
export function speedMeaning({ generationTokensPerSecond: rate }: SpeedResult): string {
  if (rate > READING_RATE.quick) return t('speedTest.meaning.faster');
  return t(rate < READING_RATE.slow ? 'speedTest.meaning.slower' : 'speedTest.meaning.same');
}

/** "GPU (Vulkan): reading… 24 s left". */
export function progressSentence(progress: Extract<SpeedTestEvent, { type: 'progress' }>): string {
  const phase = t(`speedTest.progress.${progress.phase}`, { backend: backendName(progress.backend) });
  if (progress.secondsLeft === null) return phase;
  const time = formatDuration(Math.max(1, progress.secondsLeft) * 1000);
  return t('speedTest.withTime', { phase, time });
}

/** What follows from the test: the fastest is taken, unless the person had chosen, for this model or for all. */
export function choiceSentence(fastest: Backend, { engine }: Model, settings: Settings | null): string {
  const backend = backendName(fastest);
  const forAll = settings && settings.backend !== 'automatic' ? settings.backend : null;
  const own = engine.backend ?? forAll;
  if (own === null || own === fastest) return t('speedTest.chosen', { backend });
  return t(engine.backend ? 'speedTest.chosenOwn' : 'speedTest.chosenSettings', {
    backend,
    own: backendName(own),
  });
}
