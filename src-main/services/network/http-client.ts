// The one place where requests leave the app: only to allowed hosts, redirects followed by hand so that a token
// never travels with them, every request told to the ledger.
import type { Dispatcher } from 'undici';
import { AppError } from '#contract/errors.ts';
import { isLoopback } from '#contract/settings.ts';
import { allowedAddress, redirectTarget } from './allowed-address.ts';
import { bodyChunks } from './body-chunks.ts';
import { Connections } from './connections.ts';
import type { HttpClient, HttpClientOptions, HttpRequest, HttpResponse } from './http-types.ts';
import { toNetworkError } from './network-error.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** A body up to this size is read to its end rather than costing the connection. */
const DISCARD_LIMIT_BYTES = 65_536;

interface Hop {
  url: URL;
  options: HttpRequest;
  token: string | null;
}

/** Also for a worker's thread. Nothing is connected or loaded before the first request. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const connections = new Connections(options);
  const unended = new Set<() => void>();
  const send = (hop: Hop): Promise<HttpResponse> => sendOnce(hop, { connections, unended }, options);
  return {
    async request(asked, request) {
      const first = allowedAddress(asked, options.endpoint());
      let token = request.token ?? null;
      let url = first;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        // For good: another host must not be able to send us back with it.
        if (url.origin !== first.origin) token = null;
        const response = await send({ url, options: request, token });
        const next = request.redirect === 'follow' ? locationOf(response) : null;
        if (next === null) return response;
        response.discard();
        url = allowedAddress(redirectTarget(next, url), options.endpoint());
      }
      throw new AppError('network-failed', 'Too many redirects', { details: { host: url.host } });
    },
    async close() {
      await connections.close();
      for (const end of unended) end();
    },
  };
}

function locationOf({ status, headers }: HttpResponse): string | null {
  return REDIRECTS.has(status) ? (headers['location'] ?? null) : null;
}

async function sendOnce(
  { url, options, token }: Hop,
  { connections, unended }: { connections: Connections; unended: Set<() => void> },
  { proxyFor, onRequest, now = Date.now }: HttpClientOptions,
): Promise<HttpResponse> {
  const { method = 'GET', signal, reason } = options;
  const headers = requestHeaders(options, token);
  const startedAt = now();
  const start = performance.now();
  const received = { status: null as number | null, bytes: 0 };
  const end = (): void => {
    if (!unended.delete(end)) return;
    onRequest({
      startedAt,
      reason,
      method,
      host: url.host,
      status: received.status,
      sentBytes: headBytes(headers) + url.href.length,
      receivedBytes: received.bytes,
      durationMs: Math.round(performance.now() - start),
    });
  };
  unended.add(end);
  let proxied = false;
  try {
    signal?.throwIfAborted();
    const proxy = isLoopback(url) ? null : await proxyFor(url.href);
    proxied = proxy !== null;
    const answer = await connections.send({ url, proxy, method, headers, signal });
    received.status = answer.statusCode;
    return toResponse(answer, { url, proxied, signal, received, end });
  } catch (error) {
    end();
    throw toNetworkError(error, { host: url.host, proxied, answered: false, signal });
  }
}

interface Receiving {
  url: URL;
  proxied: boolean;
  signal: AbortSignal | undefined;
  received: { bytes: number };
  end: () => void;
}

function toResponse(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  receiving: Receiving,
): HttpResponse {
  const { url, proxied, signal, received, end } = receiving;
  const joined = joinHeaders(headers);
  received.bytes = headBytes(joined);
  body.once('close', end);
  // An abort between head and body has no other listener.
  body.on('error', () => {});
  async function* read(): AsyncGenerator<Buffer, void, void> {
    try {
      yield* bodyChunks(body, (bytes) => (received.bytes += bytes));
    } catch (error) {
      throw toNetworkError(error, { host: url.host, proxied, answered: true, signal });
    } finally {
      end();
    }
  }
  return {
    status: statusCode,
    headers: joined,
    url: url.href,
    body: read(),
    discard() {
      if (Number(joined['content-length'] ?? Infinity) > DISCARD_LIMIT_BYTES) body.destroy();
      else body.resume();
    },
  };
}

function requestHeaders({ headers = {} }: HttpRequest, token: string | null): Record<string, string> {
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) {
    throw new Error('A token is given as `token`, so that no redirect takes it along');
  }
  return {
    'user-agent': 'Lapidary',
    'accept-encoding': 'identity',
    ...headers,
    ...(token !== null && { authorization: `Bearer ${token}` }),
  };
}

function joinHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** As HTTP/1.1 writes them: 'name: value' and a line's end. */
function headBytes(headers: Record<string, string>): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
}
