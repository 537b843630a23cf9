// The first question to every request: was it sent by our own page, or by this person's own processes? A page from
// elsewhere reaches 127.0.0.1 too, by a link, a form, or a name that resolves to it.
import type { IncomingMessage } from 'node:http';

/** Null when a request may be looked at; otherwise the status to refuse it with. */
export function refusal(request: IncomingMessage, port: number): 400 | 403 | 421 | null {
  const { host, origin } = request.headers;
  const own = port === 80 ? '127.0.0.1' : `127.0.0.1:${port}`;
  if (host !== own) return host === undefined ? 400 : 421;
  if (origin !== undefined && origin !== `http://${own}`) return 403;
  return null;
}

/** A page always names its origin when it opens a WebSocket; what doesn't is no page of ours. */
export function isOwnPage(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined;
}
