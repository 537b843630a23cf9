// Small sentences of this place that depend on data.
import type { ErrorCode } from '#contract/errors.ts';
import type { EngineStatus } from '#contract/models.ts';
import { formatNumber, formatMonth } from '../../messages/format.ts';
import { t } from '../../messages/translate.ts';
import type { ConversationGroup } from './conversation-groups.ts';
import type { Phase } from './conversation-session.svelte.ts';

export function groupTitle(group: ConversationGroup): string {
  return group.kind === 'month' ? formatMonth(group.month) : t(`chat.group.${group.kind}`);
}

/** What the model does now, as a line under the question. */
export function phaseWords(phase: Phase, engine: EngineStatus | null): string {
  if (phase.kind === 'reading') {
    return t('chat.phase.reading', { done: phase.doneTokens, total: phase.totalTokens });
  }
  if (phase.kind === 'noting') return t('overflow.making');
  if (phase.kind !== 'waiting') return t(`chat.phase.${phase.kind}`);
  if (phase.for === 'turn' && phase.place > 1)
    return t('chat.phase.turnAt', { count: phase.place, ordinal: 1 });
  if (phase.for === 'model' && engine?.loadProgress) {
    return t('chat.phase.modelPercent', { percent: formatNumber(Math.round(engine.loadProgress * 100)) });
  }
  return t(`chat.phase.${phase.for}`);
}

/** Which step helps after a failed answer: another place, or asking again. */
export function stepAfter(code: ErrorCode): 'conversation-model' | 'models' | 'settings' | 'retry' {
  if (code === 'conversation-model-gone') return 'conversation-model';
  if (code === 'no-model' || (code.startsWith('model-') && code !== 'model-load-failed')) return 'models';
  return code === 'engine-unavailable' || code === 'prompt-too-long' ? 'settings' : 'retry';
}
