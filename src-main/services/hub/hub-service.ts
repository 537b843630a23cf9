// The hub as the window and the downloads know it: models by address or name, files by their place, the token.
import type {
  Fit,
  FoundRepository,
  HubStatus,
  InspectedRemote,
  RemoteRepository,
  Speed,
} from '#contract/catalogue.ts';
import type { DownloadSource } from '#contract/downloads.ts';
import { AppError } from '#contract/errors.ts';
import type { Settings } from '#contract/settings.ts';
import { Watchable } from '../../lib/watchable.ts';
import type { NetworkService } from '../network/network-service.ts';
import { isToken, type AccessToken } from './access-token.ts';
import { parseAddress } from './hub-address.ts';
import { HubClient } from './hub-client.ts';
import { hubEndpoint, type HubEndpoint } from './hub-endpoint.ts';
import type { ResolvedFile, RevisionSource } from './hub-types.ts';
import { RemoteHeaders, type ReadHeader } from './remote-header.ts';

export interface HubOptions {
  network: NetworkService;
  token: AccessToken;
  settings: Watchable<Settings>;
  environment: Record<string, string | undefined>;
  /** Reads the header in the engine process from the beginning of a file. */
  inspect: (path: string, options: { headerOnly: true }) => Promise<ReadHeader>;
  /** Whether the model would run here, and how fast. */
  judge: (model: ReadHeader) => Promise<{ fit: Fit; speed: Speed | null }>;
}

export class HubService {
  readonly status: Watchable<HubStatus>;
  readonly #options: HubOptions;
  readonly #client: HubClient;
  readonly #headers: RemoteHeaders;
  /** How often somebody set a token. */
  #tokensSet = 0;

  constructor(options: HubOptions) {
    this.#options = options;
    const { network, token, inspect } = options;
    const { http } = network;
    this.#client = new HubClient({ http, endpoint: () => this.endpoint(), token: () => token.read() });
    this.#headers = new RemoteHeaders({ client: this.#client, http, inspect });
    this.status = new Watchable(this.#statusNow());
  }

  endpoint(): HubEndpoint {
    return hubEndpoint(this.#options.settings.value.hubMirror, this.#options.environment);
  }

  /** Errors: hub-address, hub-*, and those of the network. */
  open(address: string, signal: AbortSignal): Promise<RemoteRepository> {
    const parsed = parseAddress(address, this.endpoint().address);
    return this.#client.repository(parsed, { reason: 'search', signal });
  }

  search(query: string, signal: AbortSignal): Promise<FoundRepository[]> {
    return this.#client.search(query, { reason: 'search', signal });
  }

  /**
   * Where the bytes of a file are now; to be asked again when the link has run out (403).
   * Errors: hub-*, and those of the network.
   */
  resolveFile(source: RevisionSource, path: string, signal: AbortSignal): Promise<ResolvedFile> {
    return this.#client.resolve(source, path, { reason: 'download', signal });
  }

  /** Errors: hub-*, those of the network, and those of a model's file. */
  async inspect(source: DownloadSource, signal: AbortSignal): Promise<InspectedRemote> {
    const read = await this.#headers.read(source, signal);
    return { header: read.header, ...(await this.#options.judge(read)) };
  }

  /**
   * Checks the token with the server first. Null forgets it. Errors: hub-token-refused, cancelled when somebody set
   * another one meanwhile, and those of the network.
   */
  async setToken(token: string | null, signal: AbortSignal): Promise<void> {
    const trimmed = token?.trim() ?? null;
    const turn = ++this.#tokensSet;
    if (trimmed !== null) {
      if (!isToken(trimmed)) throw new AppError('hub-token-refused', 'Not a token');
      await this.#client.accountOf(trimmed, { reason: 'token', signal });
    }
    if (turn !== this.#tokensSet) throw new AppError('cancelled', 'The token was changed meanwhile');
    this.#options.token.write(trimmed);
    this.status.set(this.#statusNow());
  }

  /** The status now and after every change of the token or the mirror. */
  async *watch(signal: AbortSignal): AsyncGenerator<HubStatus> {
    void this.#followMirror(signal);
    yield* this.status.watch(signal);
  }

  async #followMirror(signal: AbortSignal): Promise<void> {
    for await (const _ of this.#options.settings.watch(signal)) {
      const { address, mirror } = this.endpoint();
      const { value } = this.status;
      if (address !== value.endpoint) this.status.set({ ...value, endpoint: address, mirror });
    }
  }

  #statusNow(): HubStatus {
    const { address, mirror } = this.endpoint();
    return { endpoint: address, mirror, token: this.#options.token.kind };
  }
}
