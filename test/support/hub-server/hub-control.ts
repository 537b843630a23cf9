// What a test can set up and look at in the fake Hugging Face. Every argument and result is JSON, so that the same
// interface works inside the test's process and across to a server in a process of its own.

/** Where a file's bytes come from; `generated` makes any size at once, each 64 KiB block different from all others. */
export type FileContent =
  | { kind: 'generated'; sizeBytes: number; seed: number }
  | { kind: 'disk'; path: string }
  | { kind: 'base64'; data: string };

export interface FileSetup {
  path: string;
  content: FileContent;
  /** Large files have a sha256 and lie on the second origin; small ones are answered at once. Default true. */
  lfs?: boolean;
}

export interface RepositorySetup {
  /** 'user/name' */
  name: string;
  /** 40 hex digits; made up when absent. The branch 'main' stands there. */
  commit?: string;
  /** 'auto' or 'manual': only tokens of `accepted` may fetch. */
  gated?: 'auto' | 'manual' | false;
  /** Tokens whose account has accepted the terms. */
  accepted?: string[];
  /** Unknown to everybody without one of these tokens. */
  privateTo?: string[];
  licence?: string;
  downloads?: number;
  files: FileSetup[];
}

/** What goes wrong with one file, until it is set otherwise. `times`: for how many answers. */
export interface FileFaults {
  /** Destroys the connection after this many bytes of an answer's body. */
  dropAfter: { bytes: number; times: number } | null;
  /** Says nothing more after this many bytes, and keeps the connection. */
  stallAfter: { bytes: number; times: number } | null;
  /** Answers 200 with everything where a range was asked for. */
  ignoreRange: { times: number } | null;
  /** Turns the lowest bit of the byte at this position, in answers that contain it. */
  flipBit: { at: number; times: number } | null;
  /** For each connection. */
  paceBytesPerSecond: number | null;
}

/** A kind of request that fails as told before anything else is looked at. */
export interface FailedRequests {
  kind: RequestKind;
  status: number;
  times: number;
  headers?: Record<string, string>;
}

/** 'cdn': the second origin, where the bytes are. */
export type RequestKind = 'model' | 'search' | 'whoami' | 'resolve' | 'cdn' | 'other';

export interface SeenRequest {
  kind: RequestKind;
  method: string;
  /** With the query. */
  url: string;
  headers: Record<string, string>;
  status: number;
  /** Of the body; grows until the answer has ended. */
  sentBytes: number;
}

export interface FileFacts {
  sha256: string;
  sizeBytes: number;
  etag: string;
  commit: string;
}

export interface HubControl {
  addRepository(setup: RepositorySetup): Promise<void>;
  removeFile(repository: string, path: string): Promise<void>;
  /** Other bytes from now on, under every revision: new sha256 and etag, and a new commit for 'main'. */
  replaceFile(repository: string, path: string, content: FileContent): Promise<void>;
  /** Sets some faults of a file and leaves the others; null takes one away. */
  setFaults(repository: string, path: string, faults: Partial<FileFaults>): Promise<void>;
  failRequests(rule: FailedRequests): Promise<void>;
  /** Tokens that whoami knows, with their account's name. */
  setTokens(tokens: Record<string, string>): Promise<void>;
  /** How long links to the second origin are good, from now on. */
  setLinkLifetime(milliseconds: number): Promise<void>;
  /** Makes every link given out so far useless (403). */
  expireLinks(): Promise<void>;
  /** The truth about a file, for comparing. */
  facts(repository: string, path: string): Promise<FileFacts>;
  /** Bytes of bodies that the system has taken for a file so far, over all connections and origins. */
  bytesSent(repository: string, path: string): Promise<number>;
  requests(): Promise<SeenRequest[]>;
  /** Forgets what was seen and counted. */
  forgetRequests(): Promise<void>;
}

export interface HubServer extends HubControl {
  /** For HF_ENDPOINT or the setting `hubMirror`: 'http://127.0.0.1:40001'. */
  endpoint: string;
  /** The second origin, 'http://127.0.0.1:40002'. */
  filesEndpoint: string;
  close(): Promise<void>;
}
