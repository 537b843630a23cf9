// How the rest of the app asks for something over the network, on the host's thread and in workers alike.
import type { BodyBuffers } from './body-buffers.ts';

/** Why a request was made; the ledger shows it in words. */
export type RequestReason = 'catalogue' | 'search' | 'inspect' | 'download' | 'token';

/** One request as the ledger keeps it; each hop of a redirect is one. Never an address, never a secret. */
export interface RequestRecord {
  /** Milliseconds since 1970. */
  startedAt: number;
  reason: RequestReason;
  method: string;
  /** Name and port. */
  host: string;
  /** Null when no answer came. */
  status: number | null;
  /** Head of the request, about. */
  sentBytes: number;
  /** Head (about) and body of the answer, as far as it was read. */
  receivedBytes: number;
  durationMs: number;
}

export interface HttpTimeouts {
  connectMs: number;
  /** Until the first byte of an answer. */
  headersMs: number;
  /** Without a byte of body while somebody waits for one. */
  silenceMs: number;
}

export interface HttpClientOptions {
  /** Where the hub is; its host and its subdomains may be asked beside Hugging Face's own. */
  endpoint: () => string;
  /** The address of the proxy for this address, or null for none. Never asked about this machine itself. */
  proxyFor: (url: string) => Promise<string | null>;
  /** Told when a request has ended, however it did. */
  onRequest: (record: RequestRecord) => void;
  now?: () => number;
  timeouts?: Partial<HttpTimeouts>;
  /** What comes without a proxy arrives in these. Whoever has used up a chunk of a body may release it. */
  buffers?: BodyBuffers;
  /** Certificates (PEM) trusted instead of the built-in ones. */
  certificates?: string;
}

export interface HttpRequest {
  method?: 'GET' | 'HEAD';
  /** Never `authorization`: that is `token`. */
  headers?: Record<string, string>;
  reason: RequestReason;
  /** Sent to the origin of the address asked for and to no other. */
  token?: string | null;
  /** 'return' gives the redirect itself back. */
  redirect: 'follow' | 'return';
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; what came more than once is joined with commas. */
  headers: Record<string, string>;
  /** After redirects. */
  url: string;
  /** Chunks as they arrive; to be read once, or discarded. Errors: network-failed, download-stalled, offline, cancelled. */
  body: AsyncIterable<Buffer>;
  /** Gives the rest of the body up. */
  discard(): void;
}

export interface HttpClient {
  /**
   * Resolves when the head of the answer is there, whatever its status.
   * @throws AppError network-blocked, offline, network-failed, proxy-failed, download-stalled, cancelled.
   */
  request(url: string, options: HttpRequest): Promise<HttpResponse>;
  /** Ends all connections. */
  close(): Promise<void>;
}
