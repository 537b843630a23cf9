// The engine's status as sentences.
import type { EngineStatus } from '#contract/models.ts';
import { errorMessage } from '../messages/error-message.ts';
import { formatBytes, formatNumber, formatPercent } from '../messages/format.ts';
import { t } from '../messages/translate.ts';

/** What it does now, in a word or two. */
export function engineState(status: EngineStatus): string {
  if (status.state !== 'loading' || status.loadProgress === null) return t(`engine.state.${status.state}`);
  return t('engine.loadingPercent', { percent: formatPercent(status.loadProgress) });
}

/** Why it runs on another backend than before. */
export function describeBackend(fallback: NonNullable<EngineStatus['fallback']>): string {
  return t(`engine.fallback.${fallback.reason}`, {
    from: t(`engine.backend.${fallback.from}`),
    to: t(`engine.backend.${fallback.to}`),
  });
}

/** Everything that is known, a line each; the first names model and state. */
export function engineDetails(status: EngineStatus | null): string[] {
  if (!status) return [t('engine.state.starting')];
  const { backend, gpuNames, contextSize, threads, memoryBytes, fallback, failure } = status;
  const running = status.state === 'ready' || status.state === 'generating';
  const place =
    backend && [t(`engine.backend.${backend}`), ...(backend === 'cpu' ? [] : gpuNames)].join(' · ');
  const spread = running && threads ? t('engine.threads', { count: threads }) : null;
  return [
    status.modelName && status.state !== 'stopped'
      ? `${status.modelName}: ${engineState(status)}`
      : t('engine.none'),
    [place, spread].filter(Boolean).join(' · '),
    running && contextSize ? t('engine.context', { tokens: formatNumber(contextSize) }) : '',
    running && memoryBytes ? t('engine.memory', { size: formatBytes(memoryBytes) }) : '',
    status.demo && status.state !== 'stopped' ? t('engine.demoHint') : '',
    fallback ? describeBackend(fallback) : '',
    failure ? errorMessage(failure).title : '',
  ].filter(Boolean);
}
