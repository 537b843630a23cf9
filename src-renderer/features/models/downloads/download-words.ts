// A download as a person reads it: how far, how fast, how long, and what it waits for.
import type { Download } from '#contract/downloads.ts';
import type { ErrorCode } from '#contract/errors.ts';
import { errorMessage } from '../../../messages/error-message.ts';
import { formatBytes, formatDuration, formatNumber, formatPercent } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WAITS = {
  offline: 'network',
  'network-failed': 'network',
  'download-stalled': 'server',
  'hub-unavailable': 'server',
  'hub-rate-limited': 'patience',
  'disk-full': 'disk',
  'folder-missing': 'disk',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** 0 to 1; null while the size is not known. */
export function downloadShare({
  totalBytes,
  doneBytes,
}: Pick<Download, 'totalBytes' | 'doneBytes'>): number | null {
  return totalBytes ? Math.min(1, doneBytes / totalBytes) : null;
}

/** "1.2 GB of 4.2 GB" */
export function bytesWords({ totalBytes, doneBytes }: Pick<Download, 'totalBytes' | 'doneBytes'>): string {
  const done = formatBytes(doneBytes);
  if (doneBytes === 0 && totalBytes !== null) return formatBytes(totalBytes);
  return totalBytes === null
    ? t('downloads.bytesUnknown', { done })
    : t('downloads.bytes', { done, total: formatBytes(totalBytes) });
}

/** "about 4 minutes left" */
export function timeLeft(seconds: number): string {
  if (seconds < MINUTE) return t('downloads.left.soon');
  if (seconds < HOUR) return t('downloads.left.minutes', { count: Math.round(seconds / MINUTE) });
  if (seconds > DAY) return t('downloads.left.long');
  // In steps of five minutes: nothing on the network is more certain than that.
  const minutes = Math.round(seconds / MINUTE / 5) * 5;
  return t('downloads.left.hours', {
    hours: formatNumber(Math.floor(minutes / 60)),
    minutes: formatNumber(minutes % 60),
  });
}

/** "11 MB a second" */
export function speedWords(bytesPerSecond: number): string {
  return t('downloads.speed', { speed: formatBytes(bytesPerSecond) });
}

/** What it does now, in words; for one that waits: for what, and until when. `now`: ms since 1970. */
export function stateWords(download: Download, now: number): string {
  const { state, failure, retryAt } = download;
  if (state === 'failed' && failure) return errorMessage(failure).title;
  if (state !== 'waiting' || !failure) return t(`downloads.state.${state}`);
  const reason = waitReason(failure.code);
  if (retryAt === null) return reason;
  const waitMs = retryAt - now;
  if (waitMs < 1000) return t('downloads.retryNow', { reason });
  return t('downloads.retryIn', { reason, time: formatDuration(Math.ceil(waitMs / 1000) * 1000) });
}

/** The quiet line: bytes, speed, time left; what is not known is left out. */
export function downloadLine(download: Download): string {
  const { state, bytesPerSecond, secondsLeft, connections } = download;
  const running = state === 'running';
  return [
    bytesWords(download),
    running && bytesPerSecond !== null ? speedWords(bytesPerSecond) : null,
    running && secondsLeft !== null ? timeLeft(secondsLeft) : null,
    running && connections > 1 ? t('downloads.connections', { count: connections }) : null,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** "gemma-3-4b-Q4_0.gguf from user/repository" */
export function originWords({ source }: Download): string {
  const { repository, files } = source;
  const [only, ...others] = files;
  if (!only || others.length > 0) return t('downloads.from', { repository });
  return t('downloads.file', { file: only.path.split('/').at(-1) ?? only.path, repository });
}

/** For a narrow place: "36%", "Paused", "Stopped". */
export function shortState(download: Download): string {
  const share = downloadShare(download);
  if (download.state === 'running' && share !== null) return formatPercent(share);
  return t(`downloads.shortState.${download.state}`);
}

function waitReason(code: ErrorCode): string {
  const kind = code in WAITS ? WAITS[code as keyof typeof WAITS] : null;
  return kind ? t(`downloads.waitingFor.${kind}`) : errorMessage({ code }).title;
}
