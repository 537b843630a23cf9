// Keeps connections open between requests: one pool without a proxy, one for each proxy.
import type { Dispatcher } from 'undici';
import type { BodyBuffers } from './body-buffers.ts';
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
  readonly #buffers: BodyBuffers | undefined;
  readonly #pools = new Map<string, Promise<Dispatcher>>();

  constructor({
    timeouts,
    certificates,
    buffers,
  }: Pick<HttpClientOptions, 'timeouts' | 'certificates' | 'buffers'>) {
    this.#buffers = buffers;
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
      headersTimeout: this.#timeouts.headersMs,
      bodyTimeout: this.#timeouts.silenceMs,
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
    const { Agent, Pool, ProxyAgent } = await import('undici');
    const { connectMs, headersMs } = this.#timeouts;
    const tls = this.#certificates === undefined ? {} : { ca: this.#certificates };
    const reading = this.#buffers?.reading;
    if (proxy === null)
      return new Agent({ allowH2: false, connect: { timeout: connectMs, ...tls, ...reading } });
    return new ProxyAgent({
      allowH2: false,
      uri: proxy,
      proxyTunnel: true,
      connectTimeout: connectMs,
      requestTls: tls,
      clientFactory: (origin, options) => {
        const pool = new Pool(origin, { ...options, headersTimeout: headersMs });
        const openTunnel = pool.connect.bind(pool) as (options: object) => Promise<Dispatcher.ConnectData>;
        return Object.assign(pool, { connect: (wanted: object) => openTunnel(wanted).catch(tellSilence) });
      },
    });
  }
}

/** A proxy that says nothing to the wish for a tunnel is not the server that says nothing: the code goes. */
function tellSilence(error: Error & { code?: string }): never {
  if (error.code !== 'UND_ERR_HEADERS_TIMEOUT') throw error;
  throw new Error('The proxy stays silent', { cause: error.message });
}
