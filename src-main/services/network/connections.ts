// Keeps connections open between requests: one pool without a proxy, one for each proxy.
import type { Dispatcher } from 'undici';
import type { HttpClientOptions, HttpTimeouts } from './http-types.ts';

export const DEFAULT_TIMEOUTS: HttpTimeouts = { connectMs: 10_000, headersMs: 15_000, silenceMs: 15_000 };
/** One more round through the event loop for each megabyte, not for each packet. */
const BODY_BUFFER_BYTES = 1_048_576;

interface Sending {
  url: URL;
  proxy: string | null;
  method: 'GET' | 'HEAD';
  headers: Record<string, string>;
  signal: AbortSignal | undefined;
}

export class Connections {
  readonly #timeouts: HttpTimeouts;
  readonly #certificates: string | undefined;
  readonly #pools = new Map<string, Promise<Dispatcher>>();

  constructor({ timeouts, certificates }: Pick<HttpClientOptions, 'timeouts' | 'certificates'>) {
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...timeouts };
    this.#certificates = certificates;
  }

  async send({ url, proxy, method, headers, signal }: Sending): Promise<Dispatcher.ResponseData> {
    const pool = await this.#pool(proxy);
    return pool.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      highWaterMark: BODY_BUFFER_BYTES,
      ...(signal && { signal }),
    });
  }

  /** Never rejects: a pool that could not be opened has nothing to close. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.allSettled(pools.map(async (pool) => (await pool).destroy()));
  }

  #pool(proxy: string | null): Promise<Dispatcher> {
    const key = proxy ?? '';
    const known = this.#pools.get(key) ?? this.#open(proxy);
    this.#pools.set(key, known);
    return known;
  }

  /** The library is loaded with the first request: most starts of the app make none. */
  async #open(proxy: string | null): Promise<Dispatcher> {
    const { Agent, ProxyAgent } = await import('undici');
    const { connectMs, headersMs, silenceMs } = this.#timeouts;
    const tls = this.#certificates === undefined ? {} : { ca: this.#certificates };
    const shared = {
      headersTimeout: headersMs,
      bodyTimeout: silenceMs,
      allowH2: false,
    };
    if (proxy === null) return new Agent({ ...shared, connect: { timeout: connectMs, ...tls } });
    return new ProxyAgent({
      ...shared,
      uri: proxy,
      proxyTunnel: true,
      connectTimeout: connectMs,
      requestTls: tls,
    });
  }
}
