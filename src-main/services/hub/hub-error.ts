// What a refusal of the hub means. It says 401 for "no token" and for "no such model" alike; its own error codes
// and messages tell them apart. Source: huggingface_hub's utils/_http.py.
import { AppError, type ErrorCode, type ErrorDetails } from '#contract/errors.ts';

interface Refusal {
  status: number;
  headers: Record<string, string>;
  url: string;
}

interface Asked {
  repository?: string;
  /** A file was asked for, not a repository. */
  path?: string;
  /** A token went along. */
  withToken: boolean;
}

/** An error for an answer that is neither 2xx nor a redirect. Also for the hosts that serve the bytes. */
export function hubError({ status, headers, url }: Refusal, asked: Asked): AppError {
  const code = codeOf(status, headers, asked);
  const seconds = code === 'hub-rate-limited' ? secondsToWait(headers) : null;
  const details: ErrorDetails = {
    host: new URL(url).host,
    status,
    ...(asked.repository !== undefined && { repository: asked.repository }),
    ...(asked.path !== undefined && { path: asked.path }),
    ...(seconds !== null && { seconds }),
  };
  const message = (headers['x-error-message'] ?? '').slice(0, 300);
  return new AppError(code, `Status ${status} ${headers['x-error-code'] ?? ''} ${message}`.trim(), {
    details,
  });
}

const BY_ERROR_CODE: Record<string, ErrorCode> = {
  RepoNotFound: 'hub-not-found',
  EntryNotFound: 'hub-file-missing',
  RevisionNotFound: 'hub-file-missing',
};

function codeOf(status: number, headers: Refusal['headers'], { withToken, path }: Asked): ErrorCode {
  const errorCode = headers['x-error-code'] ?? '';
  const message = headers['x-error-message'] ?? '';
  if (status === 429) return 'hub-rate-limited';
  if (errorCode === 'GatedRepo') return status === 403 && withToken ? 'hub-licence-pending' : 'hub-gated';
  if (withToken && status === 401 && message.includes('Invalid credentials')) return 'hub-token-refused';
  const known = BY_ERROR_CODE[errorCode];
  if (known) return known;
  if (message.includes('is disabled')) return 'hub-not-found';
  if (status === 401) return 'hub-not-found';
  if (status === 403) return withToken ? 'hub-licence-pending' : 'hub-gated';
  if (status === 404 || status === 410) return path === undefined ? 'hub-not-found' : 'hub-file-missing';
  return 'hub-unavailable';
}

/** Of `Retry-After` (seconds or a date), or of `RateLimit: "api";r=0;t=55`. */
export function secondsToWait(headers: Record<string, string>, now = Date.now()): number | null {
  const after = headers['retry-after'] ?? '';
  const window = /;\s*t=(\d+)/.exec(headers['ratelimit'] ?? '')?.[1];
  const date = Date.parse(after);
  if (/^\d+$/.test(after)) return Number(after);
  if (!Number.isNaN(date)) return Math.max(0, Math.ceil((date - now) / 1000));
  return window === undefined ? null : Number(window);
}
