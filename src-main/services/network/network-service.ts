// The network as the host sees it: one client, the ledger of what it did, and the way past proxies.
import type { NetworkRepository } from '../../database/network-repository.ts';
import { isAvailable, type Host } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';
import { createHttpClient } from './http-client.ts';
import type { HttpClient, HttpClientOptions, RequestRecord } from './http-types.ts';
import { proxyAddress, proxyOfEnvironment, proxyOfPac } from './proxy-choice.ts';
import { RequestLedger } from './request-ledger.ts';

interface NetworkOptions extends Pick<HttpClientOptions, 'endpoint' | 'now' | 'timeouts' | 'certificates'> {
  repository: NetworkRepository;
  systemProxy: Host['capabilities']['systemProxy'];
  /** The setting: 'system', 'none' or an address. */
  proxy: () => string;
  environment: Record<string, string | undefined>;
  log: Log;
}

export class NetworkService {
  readonly http: HttpClient;
  readonly ledger: RequestLedger;
  readonly #options: NetworkOptions;

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.ledger = new RequestLedger(options.repository, options.log);
    this.http = createHttpClient({
      ...options,
      proxyFor: (url) => this.proxyFor(url),
      onRequest: (record) => this.record(record),
    });
  }

  /** What a client in a worker's thread has to be told. Error: proxy-failed. */
  async proxyFor(url: string): Promise<string | null> {
    const { proxy, systemProxy, environment } = this.#options;
    const setting = proxy().trim();
    if (setting === 'none') return null;
    if (setting !== 'system') return proxyAddress(setting);
    if (isAvailable(systemProxy)) return proxyOfPac(await systemProxy.resolve(url));
    return proxyOfEnvironment(url, environment);
  }

  /** Enters a request into the ledger; those of `http` are entered by themselves. */
  record(record: RequestRecord): void {
    this.ledger.add(record);
  }

  async close(): Promise<void> {
    await this.http.close();
    this.ledger.flush();
  }
}
