// What can go wrong on the way, in the app's own error codes.
import { AppError, type ErrorCode } from '#contract/errors.ts';

/** The machine itself has no way out. */
const NO_NETWORK = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'ERR_INTERNET_DISCONNECTED']);
/** No name server answered, or none knows the name. */
const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA']);
const SILENCE = new Set(['UND_ERR_BODY_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT']);
/** The connection to the server, through the proxy, stood: what happens then is no longer the proxy's. */
const AFTER_TUNNEL = /CERT|TLS|SSL|UND_ERR_HEADERS|UND_ERR_BODY|UND_ERR_SOCKET|HPE_/;

interface FailedRequest {
  host: string;
  proxied: boolean;
  /** The head of the answer had arrived. */
  answered: boolean;
  signal: AbortSignal | undefined;
}

export function toNetworkError(error: unknown, request: FailedRequest): AppError {
  if (error instanceof AppError) return error;
  if (request.signal?.aborted) return new AppError('cancelled', 'The request was given up', { cause: error });
  const details = { host: request.host };
  return new AppError(errorCode(codeOf(error), request), `${request.host}: ${String(error)}`, {
    cause: error,
    details,
  });
}

function errorCode(code: string, { proxied, answered }: FailedRequest): ErrorCode {
  if (NO_NETWORK.has(code)) return 'offline';
  if (SILENCE.has(code)) return 'download-stalled';
  if (proxied && !answered && !AFTER_TUNNEL.test(code)) return 'proxy-failed';
  return NO_NAME.has(code) ? 'offline' : 'network-failed';
}

/** Node's or undici's code; of several attempts to connect, the first one's. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner === undefined ? '' : codeOf(inner);
}
